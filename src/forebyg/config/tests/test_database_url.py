"""FOREBYG_DATABASE_URL: a server of one's own, or several of which one takes writes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from pydantic import SecretStr, ValidationError
from tests.external import External

from forebyg.config.installation import Installation
from forebyg.store.roles import WEB, ensure_roles_and_database

PASSWORD = "ærlig/kastanje@bordet"
QUOTED = "%C3%A6rlig%2Fkastanje%40bordet"


def database(url: str) -> dict[str, object]:
    entry = Installation(database_url=SecretStr(url)).database()
    return {name.lower(): entry.get(name) for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD", "OPTIONS")}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://db.example/forebyg", {"host": "db.example", "port": "", "name": "forebyg", "password": ""}),
        (f"postgres://:{QUOTED}@db.example:6543/forebyg", {"host": "db.example", "port": "6543", "password": PASSWORD}),
        ("postgresql://somebody@db.example/forebyg", {"user": WEB}),
        ("postgresql://[2001:db8::1]:6543/forebyg", {"host": "2001:db8::1", "port": "6543"}),
        ("postgresql:///forebyg?host=/run/postgresql", {"host": "/run/postgresql", "name": "forebyg"}),
        (
            "postgresql://one.example:5432,two.example:5433/forebyg?target_session_attrs=read-write&sslmode=verify-full",
            {
                "host": "one.example,two.example",
                "port": "5432,5433",
                "name": "forebyg",
                "options": {"target_session_attrs": "read-write", "sslmode": "verify-full"},
            },
        ),
    ],
)
def test_every_part_of_the_address_reaches_the_driver(url: str, expected: dict[str, object]) -> None:
    assert {name: value for name, value in database(url).items() if name in expected} == expected


@pytest.mark.parametrize(
    "url",
    [
        "mysql://:hemmelig-kode@db.example/forebyg",
        "postgresql://:hemmelig-kode@db.example",
        "postgresql://:hemmelig-kode%@db.example/forebyg",
        "postgresql://:hemmelig-kode@db.example/forebyg?nonsense=1",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Installation(database_url=SecretStr(url))
    assert "hemmelig-kode" not in str(refused.value)


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[External, External]]:
    """A server that only reads, as a standby does, and one that writes."""
    reading, writing = External.of_the_wheel(), External.of_the_wheel()
    try:
        for server in (reading, writing):
            server.start()
            with psycopg.connect(host=str(server.socket_folder), port=server.port, user="postgres") as connection:
                ensure_roles_and_database(connection, passwords={WEB: PASSWORD})
                only_reads = "on" if server is reading else "off"
                connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {only_reads}")
                connection.execute("SELECT pg_reload_conf()")
        yield reading, writing
    finally:
        reading.remove()
        writing.remove()


def test_of_several_servers_the_one_that_writes_is_found(pair: tuple[External, External]) -> None:
    """As a process of its own: Django's connection and the one outside Django, over the network with a password."""
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in pair)
    program = (
        "import django; django.setup()\n"
        "from django.db import connection; from forebyg.store.sessions import connect\n"
        "connection.ensure_connection(); other = connect()\n"
        "print(connection.connection.info.port, connection.connection.info.user, other.info.port, other.info.user)"
    )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FOREBYG_")}
    told = inherited | {
        "DJANGO_SETTINGS_MODULE": "forebyg.config.settings",
        "PYTHONPATH": "src",
        "FOREBYG_DATABASE_URL": f"postgresql://:{QUOTED}@{hosts}/forebyg?target_session_attrs=read-write",
    }
    done = subprocess.run([sys.executable, "-c", program], env=told, capture_output=True, text=True, check=False)
    writing = pair[1].port
    assert done.stdout.split() == [str(writing), WEB, str(writing), WEB], done.stderr
