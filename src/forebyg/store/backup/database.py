"""A backup of the database by pg_dump, counted against the same snapshot; and back into an empty database."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import sql

from forebyg.store.backup.documents import DOCUMENTS, pack, unpack
from forebyg.store.backup.folder import BackupFailed, Manifest, RestoreFailed, finish, read_manifest, unfinished
from forebyg.store.backup.programs import address, lines_of, program, run
from forebyg.store.backup.protection import protection
from forebyg.store.chunk_sweep import known_contents
from forebyg.store.chunks import SealedFolder

DUMP = "database.dump"
_ROW_DATA = re.compile(r'(?:dumping contents of|processing data for) table "([^"]+)"')

Tell = Callable[[str, int, int], None]
"""What is being done, rows done, and rows in all."""


class DatabaseManifest(Manifest):
    """`rows` is table → number, by the snapshot that was dumped; `protection` what guards them; `key_store` the fingerprint of the
    key store that opens them, None when there never was one."""

    kind: Literal["database"] = "database"
    postgresql: int
    rows: dict[str, int]
    protection: dict[str, str]
    key_store: str | None
    documents: int = 0
    documents_missing: int = 0
    """Sealed files in the backup, and those that rows name and that were not there."""


def back_up_database(
    owner: psycopg.Connection[Any], parent: Path, *, tell: Tell, documents: SealedFolder | None = None
) -> Path:
    """Dump the database and the documents' sealed files into a new folder in `parent`, read the dump to its end and compare.

    Returns the folder. The files come after the snapshot, in which each row has its file already.

    `owner` is the database owner's connection, in autocommit. Raises `BackupFailed`.
    """
    with unfinished(parent) as folder, owner.transaction():
        owner.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot, taken_at = next(owner.execute("SELECT pg_export_snapshot(), now()"))
        manifest = DatabaseManifest(
            taken_at=taken_at.astimezone(datetime.UTC),
            postgresql=owner.info.server_version // 10_000,
            rows=_rows(owner),
            protection=protection(owner),
            key_store=own_key_store(owner),
        )
        dump = folder / DUMP
        what = ["--format=custom", "--verbose", "--no-password", f"--snapshot={snapshot}", f"--file={dump}"]
        run(
            [program("pg_dump", owner), *what, f"--dbname={address(owner)}"],
            owner,
            place=parent,
            hear=_by_table(manifest.rows, tell, "Kopierer / copying"),
        )
        _compare_with_dump(manifest, dump, owner, tell)
        if documents is not None:
            named = known_contents(owner)
            packed = pack(documents, named, folder / DOCUMENTS, tell=tell)
            manifest = manifest.model_copy(update={"documents": len(packed), "documents_missing": len(named - packed)})
        return finish(folder, manifest)


def restore_database(
    owner: psycopg.Connection[Any], backup: Path, *, tell: Tell, documents: SealedFolder | None = None
) -> DatabaseManifest:
    """Bring a backup back into the empty database of `owner`, its owner's connection, and compare. All or nothing.

    The documents' sealed files come first: a file without a row harms nobody.

    Raises `RestoreFailed`: for what is no whole backup, a database that is not empty, or one that came back otherwise.
    """
    manifest = check_database_backup(owner, backup)
    if documents is not None and manifest.documents:
        unpack(documents, backup / DOCUMENTS, tell=tell)
    what = ["--single-transaction", "--exit-on-error", "--verbose", "--no-password"]
    try:
        run(
            [program("pg_restore", owner), *what, f"--dbname={address(owner)}", str(backup / DUMP)],
            owner,
            place=backup,
            hear=_by_table(manifest.rows, tell, "Genskaber / restoring"),
        )
    except BackupFailed as error:
        raise RestoreFailed(
            f"Databasen blev ikke genskabt, og intet er ændret: {error}",
            "The database was not restored, and nothing was changed.",
        ) from None
    owner.execute("ANALYZE")
    _compare_with_database(manifest, owner)
    return manifest


def check_database_backup(owner: psycopg.Connection[Any], backup: Path) -> DatabaseManifest:
    """What must hold before anything is restored. Raises `RestoreFailed`."""
    manifest = read_manifest(backup, DatabaseManifest)
    held = next(
        owner.execute(
            "SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')"
            " + (SELECT count(*) FROM pg_namespace"
            " WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public'))"
        )
    )[0]
    if held:
        raise RestoreFailed(
            f"Databasen {owner.info.dbname} er ikke tom. Der genskabes kun i en tom: lav en ny med forebyg roles, "
            "eller giv den gamle et andet navn.",
            "The database is not empty. Only an empty one is restored into: make a new one, or rename the old one.",
        )
    if owner.info.server_version // 10_000 < manifest.postgresql:
        raise RestoreFailed(
            f"Kopien er fra PostgreSQL {manifest.postgresql}, og serveren er ældre. Brug en server, der er mindst så ny.",
            "The backup is from a newer PostgreSQL than the server. Use a server that is at least as new.",
        )
    return manifest


def own_key_store(owner: psycopg.Connection[Any]) -> str | None:
    """The fingerprint of the database's key store, in hexadecimal; None while it has none."""
    (known,) = next(owner.execute("SELECT encode(store.own_key_store(), 'hex')"))
    return None if known is None else str(known)


def _rows(owner: psycopg.Connection[Any]) -> dict[str, int]:
    """Table → number of rows. A row that a policy would hide from us is an error."""
    owner.execute("SET LOCAL row_security = off")
    tables = owner.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2"
    ).fetchall()
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        f"{schema}.{table}": next(owner.execute(count.format(sql.Identifier(schema, table))))[0] for schema, table in tables
    }


def _by_table(rows: dict[str, int], tell: Tell, doing: str) -> Callable[[str], None]:
    """Tell of the rows of every table that comes before the one that the program speaks of."""
    total, done, current = sum(rows.values()), 0, 0

    def hear(line: str) -> None:
        nonlocal done, current
        if found := _ROW_DATA.search(line):
            done, current = done + current, rows.get(found[1], 0)
            tell(doing, done, total)

    return hear


def _compare_with_dump(manifest: DatabaseManifest, dump: Path, owner: psycopg.Connection[Any], tell: Tell) -> None:
    """Read every row of the dump as a restore would."""
    found: dict[str, int] = {}
    total, done, table = sum(manifest.rows.values()), 0, ""
    for line in lines_of([program("pg_restore", owner), "--data-only", "--file=-", str(dump)], owner):
        if not table:
            if line.startswith(b"COPY "):
                table = line.split(b" ")[1].decode().replace('"', "")
                found[table] = 0
        elif line == b"\\.\n":
            tell("Efterprøver / verifying", done, total)
            table = ""
        else:
            found[table] += 1
            done += 1
    if found != manifest.rows:
        different = sorted(name for name in found.keys() | manifest.rows.keys() if found.get(name) != manifest.rows.get(name))
        raise BackupFailed(
            f"Kopien indeholder ikke det, databasen gør: {', '.join(different)}. Den er ikke gemt.",
            "The backup does not hold what the database does. It was not kept.",
        )


def _compare_with_database(manifest: DatabaseManifest, owner: psycopg.Connection[Any]) -> None:
    with owner.transaction():
        rows, guards = _rows(owner), protection(owner)
    different = [name for name in sorted(rows.keys() | manifest.rows.keys()) if rows.get(name) != manifest.rows.get(name)]
    different += [aspect for aspect, one in manifest.protection.items() if guards.get(aspect) != one]
    if different:
        raise RestoreFailed(
            f"Det genskabte er ikke det, der blev gemt: {', '.join(different)}. Brug det ikke; slet databasen, og prøv en anden kopi.",
            "What was restored is not what was kept. Do not use it: drop the database and try another backup.",
        )
