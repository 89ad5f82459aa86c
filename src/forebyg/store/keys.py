"""The key store: one data key per record, wrapped by the master key, in SQLite apart from the database and its backups.

A deleted row stays in PostgreSQL's heap and write-ahead log, so a key kept there could not be destroyed. Here
`secure_delete` overwrites it. Order: first the key is durable, then the row that it seals; keys are drawn ahead in
batches, and a key without a row is an orphan that may be swept. Source: docs/adr on sealed fields; NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forebyg.core.errors import ForebygError
from forebyg.core.ids import new_id

BATCH = 128
NONCE_BYTES = 12


class KeyStoreUnavailable(ForebygError):
    """The key store or the master key can't be used: nothing sealed can be read or written."""

    code = "key-store-unavailable"


class KeyDestroyed(ForebygError):
    """The key of this content was destroyed: the content is gone for ever."""

    code = "key-destroyed"


class KeyStore:
    """Draws, reads and destroys data keys. One instance per process; safe for threads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "keys.sqlite3"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._drawn: list[tuple[uuid.UUID, bytes]] = []
        self._master = AESGCM(_master_key(folder))
        self._process = os.getpid()
        with self._connection() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS data_key (id BLOB PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS master_check (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL)"
            )
            row = connection.execute("SELECT wrapped FROM master_check").fetchone()
            if row is None:
                connection.execute(
                    "INSERT OR IGNORE INTO master_check VALUES (1, ?)", (self._wrap(uuid.UUID(int=0), os.urandom(32)),)
                )
                row = connection.execute("SELECT wrapped FROM master_check").fetchone()
            self._index_key = self._unwrap(uuid.UUID(int=0), row[0])

    def draw(self) -> tuple[uuid.UUID, bytes]:
        """The id and the 32 bytes of a new data key that is already durable."""
        with self._lock:
            if self._process != os.getpid():
                self._drawn, self._process = [], os.getpid()
            if not self._drawn:
                batch = [(new_id(), AESGCM.generate_key(256)) for _ in range(BATCH)]
                with self._connection() as connection:
                    connection.executemany(
                        "INSERT INTO data_key VALUES (?, ?)", [(key_id.bytes, self._wrap(key_id, key)) for key_id, key in batch]
                    )
                self._drawn = batch
            return self._drawn.pop()

    def read(self, key_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        """The data keys with these ids, in one query; a destroyed one is missing from the answer."""
        wanted = list({key_id.bytes for key_id in key_ids})
        found: dict[uuid.UUID, bytes] = {}
        with self._connection() as connection:
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                for raw, wrapped in connection.execute(f"SELECT id, wrapped FROM data_key WHERE id IN ({marks})", part):  # noqa: S608 - question marks only
                    key_id = uuid.UUID(bytes=raw)
                    found[key_id] = self._unwrap(key_id, wrapped)
        return found

    def destroy(self, key_ids: Iterable[uuid.UUID]) -> int:
        """Overwrite these keys; what they sealed can't be read again, from any backup of the database. How many there were."""
        with self._connection() as connection:
            return connection.executemany("DELETE FROM data_key WHERE id = ?", [(key_id.bytes,) for key_id in key_ids]).rowcount

    def blind_index(self, purpose: str, value: str) -> bytes:
        """A keyed hash (HMAC-SHA-256) for exact look-up of a value that is itself sealed."""
        return hmac.new(self._index_key, f"{purpose}|{value}".encode(), hashlib.sha256).digest()

    def _connection(self) -> sqlite3.Connection:
        mine: tuple[int, sqlite3.Connection] | None = getattr(self._local, "connection", None)
        if mine is None or mine[0] != os.getpid():
            connection = sqlite3.connect(self._path, timeout=10)
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            self._path.chmod(0o600)
            mine = self._local.connection = (os.getpid(), connection)
        return mine[1]

    def _wrap(self, key_id: uuid.UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, key_id.bytes)

    def _unwrap(self, key_id: uuid.UUID, wrapped: bytes) -> bytes:
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.bytes)
        except InvalidTag:
            raise KeyStoreUnavailable(
                "Hovednøglen passer ikke til nøglelageret. Sæt FOREBYG_MASTER_KEY_FILE til den rigtige nøgle. / "
                "The master key does not fit the key store. Point FOREBYG_MASTER_KEY_FILE to the right one."
            ) from None


def _master_key(folder: Path) -> bytes:
    """The 32 bytes of the master key: from FOREBYG_MASTER_KEY_FILE, else a file beside the store, made on first use."""
    path = Path(os.environ.get("FOREBYG_MASTER_KEY_FILE") or folder / "master.key")
    if not path.exists():
        _make_master_key(path)
    key = path.read_bytes()
    if len(key) != 32:
        raise KeyStoreUnavailable(
            f"Hovednøglen skal være 32 byte; filen har {len(key)}. / The master key must be 32 bytes; the file has {len(key)}."
        )
    return key


def _make_master_key(path: Path) -> None:
    """Write a new master key whole or not at all; when another process was first, its key stands."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(AESGCM.generate_key(256))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
