"""What keeps an installation from meeting real people: asked by `forebyg check`, and at each start of web and jobs. A demo is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import conninfo_to_dict

from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.audit.clock import refuse_clock_set_back
from forebyg.cases.documents.scanning import answers
from forebyg.cli.environment import is_loopback
from forebyg.store.key_file import NAME
from forebyg.store.keys import KeyStore, KeyStoreUnavailable
from forebyg.store.own_key_store import check_own, refuse_missing_key_store
from forebyg.store.roles import check_powers
from forebyg.store.unavailable import ClockSetBack, RoleTooPowerful

_SHORTEST_SECRET = 50  # characters
_FEWEST_DIFFERENT = 5
_LOSES_WHAT_WAS_SAVED = ("fsync", "full_page_writes", "synchronous_commit")


def problems(installation: Any, *, every_password: bool = False) -> Iterator[str]:
    """What is wrong and what to do, a sentence for each, in Danish and English."""
    yield from problems_of_settings(installation)
    keys = installation.data_folder / "keys"
    try:
        connection.ensure_connection()
    except OperationalError:
        yield from problems_of_master_key(keys)
        yield "Databasen svarer ikke. Start den, og se efter FOREBYG_DATABASE_URL. / The database does not answer: start it, and look at that variable."
        return
    yield from problems_of_database()
    yield from problems_of_key_store(keys)
    yield from problems_of_accounts(every_password=every_password)


def remarks(installation: Any) -> Iterator[str]:
    """What keeps nobody from working and is good to know, a sentence for each."""
    if not installation.clamav:
        yield "FOREBYG_CLAMAV er ikke sat: dokumenter bliver ikke undersøgt for virus. / No malware scanner is configured for documents."
    elif not answers(installation.clamav):
        yield "Virusscanneren i FOREBYG_CLAMAV svarer ikke: ingen dokumenter tages imod, før den gør. / The malware scanner does not answer: no document is taken in until it does."


def problems_of_settings(installation: Any) -> Iterator[str]:
    """What stands in the environment."""
    if installation.demo:
        yield "FOREBYG_DEMO=true er kun til opdigtede oplysninger. Fjern den. / Remove it: a demo is for invented data only."
    if installation.second_factor == "skipped":
        yield "FOREBYG_SECOND_FACTOR=skipped lader alle ind med adgangskode alene. Fjern den. / Remove it: a password alone would do."
    secret = installation.secret_key.get_secret_value()
    if secret == type(installation).model_fields["secret_key"].default.get_secret_value():
        yield "FOREBYG_SECRET_KEY mangler. Lav en: openssl rand -base64 48 / It is missing: make one as shown."
    elif len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_DIFFERENT:
        yield f"FOREBYG_SECRET_KEY er for svag (mindst {_SHORTEST_SECRET} tegn). Lav en ny: openssl rand -base64 48 / It is too weak: make a new one as shown."
    if not installation.https:
        yield "FOREBYG_HTTPS er ikke slået til. Sæt en proxy med TLS foran, og sæt den til true. / Put a proxy with TLS in front and set it to true."
    if all(is_loopback(host) for host in installation.hosts):
        yield 'FOREBYG_HOSTS nævner ikke jeres adresse. Sæt den, fx ["forebyg.kommune.dk"]. / It does not name your address: set it as shown.'
    yield from problems_of_transit(installation)
    if any(host == "*" or host.startswith(".") for host in installation.hosts):
        yield 'FOREBYG_HOSTS tager imod alle adresser. Nævn hver for sig, fx ["forebyg.kommune.dk"]. / It takes any address: name each.'


def problems_of_transit(installation: Any) -> Iterator[str]:
    """What would go to another machine in clear: to a database, or to a malware scanner, whose protocol knows no TLS."""
    place = conninfo_to_dict(installation.database_url.get_secret_value()) if installation.database_url else {}
    hosts = [*str(place.get("host", "")).split(","), *str(place.get("hostaddr", "")).split(",")]
    if any(_is_elsewhere(host) for host in hosts) and place.get("sslmode") != "verify-full":
        yield "FOREBYG_DATABASE_URL fører til en anden maskine uden sikker TLS. Skriv ?sslmode=verify-full&sslrootcert=… til sidst i den. / It leads to another machine without sure TLS: add that at its end."
    if _is_elsewhere(installation.clamav.removeprefix("tcp://").rpartition(":")[0]):
        yield "FOREBYG_CLAMAV sender dokumenter ukrypteret til en anden maskine. Lad clamd køre her, eller før en krypteret tunnel hertil. / Documents would go to another machine in clear: run clamd here, or lead an encrypted tunnel here."


def _is_elsewhere(host: str) -> bool:
    """Whether a host is on the network: not a socket's folder, and not this machine."""
    return host not in ("", "unix") and host[0] not in "/@" and not is_loopback(host)


def problems_of_master_key(folder: Path) -> Iterator[str]:
    """Where the keys lie, as far as it can be told without the database."""
    if not (folder / NAME).exists():
        return
    try:
        KeyStore(folder)
    except KeyStoreUnavailable as error:
        yield error.sentence


def problems_of_key_store(folder: Path) -> Iterator[str]:
    """Where the keys lie, and whether they are this database's. Of a database that has no key store yet there is nothing to judge."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('store.own_key_store()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            yield from problems_of_master_key(folder)
            return  # migrations are missing, which is said already
    try:
        refuse_missing_key_store(folder)
        if (folder / NAME).exists():
            check_own(KeyStore(folder))
    except KeyStoreUnavailable as error:
        yield error.sentence


def problems_of_database() -> Iterator[str]:
    """The server's settings, its roles, its clock, and whether it fits this version."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY (%s) AND setting = 'off' ORDER BY 1", [list(_LOSES_WHAT_WAS_SAVED)]
        )
        for (name,) in cursor.fetchall():
            yield f"PostgreSQL kører med {name} = off og kan miste det, der er gemt. Slå det til, og genstart. / Turn it on and restart: what was saved can be lost."
        try:
            check_powers(connection.connection)
        except RoleTooPowerful as error:
            yield error.sentence
    executor = MigrationExecutor(connection)
    if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        yield f"Databasen mangler {missing} ændringer fra denne version. Kør: forebyg migrate / The database lacks that many migrations: run that."
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT store.now() <> now()")
        if cursor.fetchone()[0]:
            yield "Databasens ur er stillet om (store_clock_offset). Kør som forebyg_owner: UPDATE store_clock_offset SET \"offset\" = '0' / The database's clock is set off: run that."
    try:
        refuse_clock_set_back(connection.connection)
    except ClockSetBack as error:
        yield error.sentence


def problems_of_accounts(*, every_password: bool = False) -> Iterator[str]:
    """The demo's accounts, by address and by password. The role of jobs may see no password and asks for addresses only.

    A password takes 50 ms to try, so at a start only those are tried that several accounts share, as the demo's do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('access.example_accounts()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # migrations are missing, which is said already
        cursor.execute("SELECT access.example_accounts()")
        if number := cursor.fetchone()[0]:
            yield f"{number} konti er demoens (@forebyg.example). Begynd med en ny database. / Those accounts are the demo's: begin with a new database."
        cursor.execute("SELECT has_table_privilege('access_worker', 'SELECT')")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            "SELECT password FROM access_worker WHERE is_active GROUP BY password HAVING count(*) > %s",
            [0 if every_password else 1],
        )
        if any(check_password(DEMO_PASSWORD, encoded) for (encoded,) in cursor.fetchall()):
            yield "En konto har demoens adgangskode. Luk den, eller giv den et nyt link. / An account has the demo's password: suspend it, or renew its link."
