"""The file of the key store: SQLite with `secure_delete`, one connection for each thread of each process."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from forebyg.store.master_key import KeyStoreUnavailable

NAME = "keys.sqlite3"
FORMAT = 1
_TO_WAIT = 30.0  # seconds for another process's transaction

_SCHEMA = """
CREATE TABLE data_key (id BLOB PRIMARY KEY, wrapped BLOB NOT NULL, master INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE master (version INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, index_key BLOB NOT NULL, made_at INTEGER NOT NULL);
CREATE TABLE destroyed_key (id BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
"""


class KeyFile:
    """`keys.sqlite3` in a folder that only its owner may enter. `existed` says whether it was there before this object."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self.path = folder / NAME
        self.existed = self.path.exists()
        self._local = threading.local()

    def make(self, first_master: Callable[[], tuple[bytes, bytes]]) -> None:
        """Make the tables if they are missing, with the fingerprint of the first master key and the index key it wraps."""
        try:
            with self.writing() as connection:
                if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    self._check_format(connection)
                    return
                for statement in _SCHEMA.strip().splitlines():
                    connection.execute(statement)
                connection.execute("INSERT INTO master VALUES (1, ?, ?, ?)", (*first_master(), int(time.time())))
                connection.execute(f"PRAGMA user_version = {FORMAT}")
        except sqlite3.Error as error:
            raise unusable(self.path, error) from None

    def _check_format(self, connection: sqlite3.Connection) -> None:
        there = connection.execute("PRAGMA user_version").fetchone()[0]
        if there != FORMAT:
            raise KeyStoreUnavailable(
                f"Nøglelageret {self.path} har format {there}, og denne version af Forebyg kender {FORMAT}. "
                "Brug den version, der lavede det; en demo begynder forfra med forebyg demo --fresh.",
                "This version of Forebyg does not know the key store's format. Use the version that made it; "
                "begin a demo anew with forebyg demo --fresh.",
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection. Each statement is a transaction of its own outside `writing`."""
        mine: tuple[int, sqlite3.Connection] | None = getattr(self._local, "connection", None)
        if mine is None or mine[0] != os.getpid():
            mine = self._local.connection = (os.getpid(), self._connect())
        return mine[1]

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes beside, durable when the block ends."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, timeout=_TO_WAIT, isolation_level=None)
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            self.path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise unusable(self.path, error) from None
        return connection


def unusable(path: Path, error: Exception) -> KeyStoreUnavailable:
    """The refusal for a file that SQLite or the operating system refuses."""
    return KeyStoreUnavailable(
        f"Nøglelageret {path} kan ikke bruges: {error}.", "The key store cannot be used, as said before."
    )
