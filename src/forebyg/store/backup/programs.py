"""pg_dump and pg_restore of the server's own major version: an older one can't read it, a newer one writes what it can't."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from forebyg.store.backup.folder import BackupFailed, no_room
from forebyg.store.embedded_account import own_account
from forebyg.store.embedded_binaries import major_version, programs_for

_DEBIAN = "/usr/lib/postgresql/{}/bin"


_KNOWN_SINCE_15 = (
    "host", "hostaddr", "port", "user", "dbname", "connect_timeout", "target_session_attrs",
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl",
)  # fmt: skip
"""What of our connection the programs are told: those of the server may be older than our driver and refuse what is newer."""


def program(name: str, connection: psycopg.Connection[Any]) -> str:
    """The path of a client program that fits the server. Raises `BackupFailed` when there is none."""
    major = connection.info.server_version // 10_000
    if major == major_version():
        return str(programs_for(own_account()) / name)
    for folder in (_DEBIAN.format(major), None):
        found = shutil.which(name, path=folder)
        if found and f" {major}." in subprocess.run([found, "--version"], capture_output=True, text=True).stdout:  # noqa: S603
            return found
    raise BackupFailed(
        f"Serveren er PostgreSQL {major}, og dens {name} findes ikke her. På Debian: apt-get install postgresql-client-{major}",
        "The client programs of the server's version are not here. On Debian: install as shown.",
    )


def run(
    command: list[str], connection: psycopg.Connection[Any], *, place: Path, hear: Callable[[str], None] = lambda line: None
) -> None:
    """Run a program against the database of `connection`; `hear` gets each line it says. Raises `BackupFailed`.

    The password goes by the environment, where other accounts can't see it.
    """
    with start(command, connection, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        last = ""
        for raw in running.stderr:
            line = raw.decode(errors="replace").rstrip()
            hear(line)
            last = line if "error:" in line else last
    if running.returncode != 0:
        if "No space left on device" in last:
            raise no_room(place)
        raise BackupFailed(
            f"{Path(command[0]).name} gav op: {last.partition('error:')[2].strip() or '?'}", "It gave up, for that reason."
        )


def lines_of(command: list[str], connection: psycopg.Connection[Any]) -> Iterator[bytes]:
    """The lines that a program writes. Raises `BackupFailed` when it gives up."""
    with start(command, connection, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        yield from running.stdout
    if running.returncode != 0:
        raise BackupFailed(f"{Path(command[0]).name} kan ikke læse det, der blev skrevet.", "It cannot read what was written.")


def start(command: list[str], connection: psycopg.Connection[Any], **streams: Any) -> subprocess.Popen[bytes]:
    """Start a program with the environment that it needs and nothing of ours besides."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": os.environ.get("HOME", "/")}
    if connection.info.password:
        environment["PGPASSWORD"] = connection.info.password
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, **streams)  # noqa: S603


def address(connection: psycopg.Connection[Any]) -> str:
    """Where the programs find the database that `connection` has, without a password."""
    told = connection.info.get_parameters()
    return make_conninfo("", **{name: told[name] for name in _KNOWN_SINCE_15 if name in told})
