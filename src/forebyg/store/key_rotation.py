"""A new master key for the key store: every data key is wrapped anew, while others read and draw.

Steps, each durable before the next, so that an interrupted rotation goes on from where it was: the new master key lies beside
the old one; the key store knows both, and from then on all draw under the new; the data keys are wrapped anew in batches; the
new master key takes the old one's place; the key store forgets the old. The data keys and the index key stay the same.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forebyg.store.keys import KeyStore, wrap
from forebyg.store.master_key import KeyStoreUnavailable, fingerprint

AT_ONCE = 1000


@dataclasses.dataclass(frozen=True)
class Rotated:
    """`keys` were wrapped anew by this run; `kept` is where the earlier master key lies, if it lay in a file."""

    version: int
    fingerprint: bytes
    keys: int
    kept: Path | None


def rotate(store: KeyStore, *, tell: Callable[[int, int], None]) -> Rotated:
    """Introduce a new master key, or finish what an earlier attempt began. `tell` gets keys done, and keys in all.

    Raises `KeyStoreUnavailable`, also when somebody else is rotating.
    """
    with _alone(store.file.folder):
        version, key = _begin(store)
        keys = _wrap_anew(store, version, tell)
        kept = store.master_keys.settle(key)
        with store.file.writing() as connection:
            connection.execute("DELETE FROM master WHERE version <> ?", [version])
    return Rotated(version, fingerprint(key), keys, kept)


def _begin(store: KeyStore) -> tuple[int, bytes]:
    """The version and the master key to rotate to. From now on every process draws under it."""
    rows = store.file.connection.execute("SELECT version, fingerprint FROM master ORDER BY version").fetchall()
    found = {fingerprint(key): key for key in store.master_keys.load()}
    version, mark = rows[-1]
    if len(rows) > 1:
        return version, found[mark]
    key = store.master_keys.make_next()
    if fingerprint(key) == mark:
        raise KeyStoreUnavailable(
            f"Nøglelageret bruger allerede den nye hovednøgle ({mark.hex()}). Sæt en anden.",
            "The key store already uses the new master key. Set another one.",
        )
    with store.file.writing() as connection:
        connection.execute(
            "INSERT INTO master VALUES (?, ?, ?, ?)",
            (version + 1, fingerprint(key), store.wrap_index_key(AESGCM(key)), int(time.time())),
        )
    return version + 1, key


def _wrap_anew(store: KeyStore, version: int, tell: Callable[[int, int], None]) -> int:
    """Wrap under `version` what is not. A key drawn meanwhile already is. Returns how many were wrapped."""
    total = store.file.connection.execute("SELECT count(*) FROM data_key WHERE master <> ?", [version]).fetchone()[0]
    master, done, last = store.master(version), 0, b""
    tell(done, total)
    while True:
        with store.file.writing() as connection:
            rows = connection.execute(
                "SELECT id, wrapped, master FROM data_key WHERE id > ? AND master <> ? ORDER BY id LIMIT ?",
                [last, version, AT_ONCE],
            ).fetchall()
            if not rows:
                return done
            connection.executemany(
                "UPDATE data_key SET wrapped = ?, master = ? WHERE id = ?",
                [(wrap(master, key_id, key), version, key_id.bytes) for key_id, key in store.unwrapped(rows)],
            )
        last, done = rows[-1][0], done + len(rows)
        tell(done, total)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let only one rotate; the lock ends with the process."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KeyStoreUnavailable(
                "Hovednøglen er ved at blive skiftet af en anden. Vent, til det er sket.",
                "Somebody else is rotating the master key. Wait until that is done.",
            ) from None
        yield
    finally:
        os.close(lock)
