"""The key store: one data key per record, wrapped by the master key, in SQLite apart from the database and its backups.

A deleted row stays in PostgreSQL's heap and write-ahead log, so a key kept there could not be destroyed. Here
`secure_delete` overwrites it. Order: first the key is durable, then the row that it seals; keys are drawn ahead in
batches, and a key without a row is an orphan that may be swept. Source: docs/adr on sealed fields; NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forebyg.core.errors import ForebygError
from forebyg.core.ids import new_id
from forebyg.store.key_file import KeyFile, unusable
from forebyg.store.master_key import KEY_BYTES, KeyStoreUnavailable, MasterKeys, fingerprint

__all__ = ["NONCE_BYTES", "KeyDestroyed", "KeyStore", "KeyStoreUnavailable"]

BATCH = 128
NONCE_BYTES = 12
DRAWN_AHEAD_LIVES = 6 * 3600.0  # seconds; later a drawn key may be an orphan in the eyes of the sweep (key_sweep.py)
_INDEX_KEY = uuid.UUID(int=0)
_AT_ONCE = 500


class KeyDestroyed(ForebygError):
    """The key of this content was destroyed: the content is gone for ever."""

    code = "key-destroyed"


class KeyStore:
    """Draws, reads and destroys data keys. One instance per process; safe for threads.

    Knows every master key that wraps something here, and finds a new one by itself while it is being introduced.
    Raises `KeyStoreUnavailable` when none fits.
    """

    def __init__(self, folder: Path, master_keys: MasterKeys | None = None) -> None:
        self.master_keys = master_keys or MasterKeys(folder)
        self.file = KeyFile(folder)
        if not self.file.existed:
            self.master_keys.make_first()
        self._lock = threading.Lock()
        self._drawn: list[tuple[uuid.UUID, bytes]] = []
        self._process = os.getpid()
        self._masters: dict[int, AESGCM] = {}
        found = self.master_keys.load()
        self.file.make(lambda: (fingerprint(found[0]), wrap(AESGCM(found[0]), _INDEX_KEY, os.urandom(KEY_BYTES))))
        self._find_masters()
        self.check()

    def draw(self) -> tuple[uuid.UUID, bytes]:
        """The id and the 32 bytes of a new data key that is already durable."""
        with self._lock:
            if self._process != os.getpid() or (self._drawn and self._age_of_drawn() > DRAWN_AHEAD_LIVES):
                self._drawn, self._process = [], os.getpid()
            if not self._drawn:
                self._draw_ahead()
            return self._drawn.pop()

    def _age_of_drawn(self) -> float:
        """Seconds, by the ids' own time (RFC 9562). A clock set back makes them too old rather than too young."""
        return abs(time.time() - drawn_at(self._drawn[-1][0]))

    def _draw_ahead(self) -> None:
        batch = [(new_id(), AESGCM.generate_key(8 * KEY_BYTES)) for _ in range(BATCH)]
        with self.file.writing() as connection:
            newest = connection.execute("SELECT max(version) FROM master").fetchone()[0]
            master = self.master(newest)
            connection.executemany(
                "INSERT INTO data_key VALUES (?, ?, ?)",
                [(key_id.bytes, wrap(master, key_id, key), newest) for key_id, key in batch],
            )
        self._drawn = batch

    def read(self, key_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        """The data keys with these ids, in one query; a destroyed one is missing from the answer."""
        wanted = list({key_id.bytes for key_id in key_ids})
        found: dict[uuid.UUID, bytes] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self.file.connection.execute(
                f"SELECT id, wrapped, master FROM data_key WHERE id IN ({marks})",  # noqa: S608 - question marks only
                part,
            ).fetchall()
            found |= self.unwrapped(rows)
        return found

    def unwrapped(self, rows: Iterable[tuple[bytes, bytes, int]]) -> Iterator[tuple[uuid.UUID, bytes]]:
        """Id and data key of each row (id, wrapped, version of the master key)."""
        for raw, wrapped, version in rows:
            key_id = uuid.UUID(bytes=raw)
            yield key_id, unwrap(self.master(version), key_id, wrapped)

    def wrap_index_key(self, master: AESGCM) -> bytes:
        """The key of the blind index, wrapped by another master key."""
        return wrap(master, _INDEX_KEY, self._index_key)

    def destroy(self, key_ids: Iterable[uuid.UUID]) -> int:
        """Overwrite these keys; what they sealed can't be read again, from any backup of the database. How many there were.

        Each is remembered as destroyed, so that it is told from a lost one and an older copy of it is destroyed again.
        """
        ids = [(key_id.bytes,) for key_id in key_ids]
        with self.file.writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO destroyed_key VALUES (?, ?)", [(*row, int(time.time())) for row in ids]
            )
            return connection.executemany("DELETE FROM data_key WHERE id = ?", ids).rowcount

    def destroyed(self, key_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Those of these ids whose key was destroyed."""
        return self._among("destroyed_key", key_ids)

    def present(self, key_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Those of these ids whose key is there, none of them opened. What is neither present nor destroyed is lost."""
        return self._among("data_key", key_ids)

    def _among(self, table: Literal["data_key", "destroyed_key"], key_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        ask = f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608 - one of two names
        connection = self.file.connection
        return {key_id for key_id in key_ids if connection.execute(ask, [key_id.bytes]).fetchone()}

    def all_destroyed(self) -> list[uuid.UUID]:
        """Every key that is remembered as destroyed."""
        return [uuid.UUID(bytes=raw) for (raw,) in self.file.connection.execute("SELECT id FROM destroyed_key")]

    def blind_index(self, purpose: str, value: str) -> bytes:
        """A keyed hash (HMAC-SHA-256) for exact look-up of a value that is itself sealed."""
        return hmac.new(self._index_key, f"{purpose}|{value}".encode(), hashlib.sha256).digest()

    def fingerprint(self) -> bytes:
        """32 bytes that tell this key store from any other, in copies and after a rotation too, and tell nothing about its keys."""
        return hmac.digest(self._index_key, b"forebyg key store", hashlib.sha256)

    def check(self) -> None:
        """Raises `KeyStoreUnavailable` when the file is gone or can't be read, or no master key fits it."""
        try:
            self.file.path.stat()
            newest = self.file.connection.execute("SELECT max(version) FROM master").fetchone()[0]
        except (sqlite3.Error, OSError) as error:
            raise unusable(self.file.path, error) from None
        self.master(newest)

    def master(self, version: int) -> AESGCM:
        """The master key of this version; looks for it again when it was made after us."""
        if version not in self._masters:
            self._find_masters()
        try:
            return self._masters[version]
        except KeyError:
            raise KeyStoreUnavailable(
                f"Ingen hovednøgle i {self.master_keys.place} passer til nøglelageret i {self.file.folder}. "
                "Sæt FOREBYG_MASTER_KEY_FILE til den rigtige.",
                "No master key there fits the key store. Point FOREBYG_MASTER_KEY_FILE to the right one.",
            ) from None

    def _find_masters(self) -> None:
        """Match the versions in the file with the master keys found."""
        by_fingerprint = {fingerprint(key): key for key in self.master_keys.load()}
        rows = self.file.connection.execute("SELECT version, fingerprint, index_key FROM master ORDER BY version").fetchall()
        for version, mark, wrapped in rows:
            if mark in by_fingerprint:
                master = AESGCM(by_fingerprint[mark])
                self._index_key = unwrap(master, _INDEX_KEY, wrapped)
                self._masters = self._masters | {version: master}


def drawn_at(key_id: uuid.UUID) -> float:
    """When a key was drawn, in seconds since 1970: the first 48 bits of a UUIDv7 are milliseconds."""
    return (key_id.int >> 80) / 1000


def first_id_at(moment: float) -> uuid.UUID:
    """The smallest id that sorts among those of a moment, in seconds since 1970."""
    return uuid.UUID(int=int(moment * 1000) << 80)


def wrap(master: AESGCM, key_id: uuid.UUID, key: bytes) -> bytes:
    """A key encrypted under a master key, tied to its id."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + master.encrypt(nonce, key, key_id.bytes)


def unwrap(master: AESGCM, key_id: uuid.UUID, wrapped: bytes) -> bytes:
    """The key. Raises `KeyStoreUnavailable` when it was changed or stands under another id."""
    try:
        return master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.bytes)
    except InvalidTag:
        raise KeyStoreUnavailable(
            "En nøgle i nøglelageret er ændret og kan ikke åbnes. Genskab nøglelageret fra en sikkerhedskopi.",
            "A key in the key store was changed and cannot be opened. Restore the key store from a backup.",
        ) from None
