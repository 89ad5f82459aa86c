"""The demo as it was when it had just been filled. It is kept, so that `forebyg demo --fresh` need not play all its cases again."""

from __future__ import annotations

import contextlib
import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from forebyg.cli import fingerprint
from forebyg.store.roles import DATABASE, OWNER, ensure_roles_and_database

FILLED = ("documents", "keys", "sign-ins.json")
"""What filling leaves in the demo's folder beside the database."""
_COPY = "forebyg_beginning"
_FOLDER = "beginning"
_MADE_FROM = "made-from"
_WHERE_ITS_DAYS_BEGIN = ZoneInfo("Europe/Copenhagen")


class Beginning:
    """What is kept of the demo in `folder`: a copy of its database in the same server, and of what belongs to it.

    It is good for the day on which it was made, because today lies in the middle of every case, and for the program that made it.
    """

    def __init__(self, folder: Path) -> None:
        self._demo = folder
        self._kept = folder / _FOLDER

    def is_good(self) -> bool:
        """Whether one is kept that filling the demo now would make again."""
        made_from = self._kept / _MADE_FROM
        return made_from.exists() and made_from.read_text() == _what_it_depends_on()

    def keep(self, server: psycopg.Connection[Any]) -> None:
        """Keep the demo as it is; who is signed in to its database is signed out. `server` is a superuser in autocommit."""
        self.forget()
        with _nobody_in(server, DATABASE):
            _copy(server, DATABASE, to=_COPY)
        server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(_COPY)))
        self._kept.mkdir()
        _copy_files(self._demo, self._kept)
        (self._kept / _MADE_FROM).write_text(_what_it_depends_on())  # last: what is half kept is not good

    def go_back(self, server: psycopg.Connection[Any]) -> None:
        """Let the demo be again what was kept; all that was done since is gone."""
        _copy(server, _COPY, to=DATABASE)
        ensure_roles_and_database(server)
        _copy_files(self._kept, self._demo)

    def forget(self) -> None:
        """Remove the files that are kept; the copied database goes with the server's folder or with the next one."""
        shutil.rmtree(self._kept, ignore_errors=True)


def _what_it_depends_on() -> str:
    return f"{datetime.datetime.now(_WHERE_ITS_DAYS_BEGIN).date()} {fingerprint.of_program()}"


@contextlib.contextmanager
def _nobody_in(server: psycopg.Connection[Any], database: str) -> Iterator[None]:
    """Meanwhile nobody is signed in to a database: PostgreSQL copies no other."""
    name = sql.Identifier(database)
    server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
    try:
        server.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [database])
        yield
    finally:
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def _copy(server: psycopg.Connection[Any], database: str, *, to: str) -> None:
    name = sql.Identifier(to)
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(name, sql.Identifier(database), sql.Identifier(OWNER))
    )


def _copy_files(source: Path, target: Path) -> None:
    for name in FILLED:
        path = source / name
        if path.is_dir():
            shutil.copytree(path, target / name)
        elif path.exists():
            shutil.copy2(path, target / name)
