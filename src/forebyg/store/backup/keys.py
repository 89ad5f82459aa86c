"""A backup of the key store, apart from the database's; and back, without what was destroyed since.

The master key is in neither. Who holds this backup and the master key can read what a backup of the database holds.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from forebyg.store.backup.folder import BackupFailed, Manifest, RestoreFailed, finish, no_room, read_manifest, unfinished
from forebyg.store.key_file import NAME
from forebyg.store.keys import KeyStore
from forebyg.store.master_key import MasterKeys
from forebyg.store.whole_files import sync_folder

_AT_ONCE = 1000
_RESTORING = ".restoring-"


class KeysManifest(Manifest):
    """`master_keys` are the fingerprints of those that it takes to open the keys, `key_store` is the key store's own."""

    kind: Literal["keys"] = "keys"
    keys: int
    destroyed: int
    master_keys: list[str]
    key_store: str


def back_up_keys(store: KeyStore, parent: Path, *, tell: Callable[[int, int], None]) -> Path:
    """Copy the key store into a new folder in `parent`, open every key of the copy, and return the folder.

    The copy holds nothing of what was destroyed before. Raises `BackupFailed`.
    """
    with unfinished(parent) as folder:
        taken_at = datetime.datetime.now(datetime.UTC)
        copy = folder / NAME
        try:
            store.file.connection.execute("VACUUM INTO ?", [str(copy)])
            copy.chmod(0o600)
            with opened(folder, store.master_keys) as copied:
                manifest = _described(copied, taken_at)
                _open_every_key(copied, manifest.keys, tell)
        except sqlite3.Error as error:
            if "full" in str(error):
                raise no_room(parent) from None
            raise BackupFailed(f"Nøglelageret kan ikke kopieres: {error}.", "The key store cannot be copied.") from None
        return finish(folder, manifest)


@contextlib.contextmanager
def restored_keys(
    backup: Path, folder: Path, *, destroyed_in: Iterable[Path], tell: Callable[[int, int], None]
) -> Iterator[Callable[[], KeysManifest]]:
    """Get the key store of a backup ready; what is yielded puts it into `folder`, which must have none.

    Keys that were destroyed according to another key store's file (`destroyed_in`: their folders) are destroyed in it again.
    The master key must be at its place already. Raises `RestoreFailed` or `KeyStoreUnavailable` before anything is put there.
    """
    manifest = read_manifest(backup, KeysManifest)
    place = folder / NAME
    if place.exists():
        raise RestoreFailed(
            f"{place} findes. Der genskabes ikke oven i et nøglelager: flyt det, og giv dets nye mappe med --destroyed-in, "
            "så det, der er slettet i det, forbliver slettet.",
            "It exists. Move it away, and name its new folder by --destroyed-in, so that what was destroyed stays so.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in left_by_restores(folder):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_RESTORING) as name:
        ready = Path(name)
        shutil.copyfile(backup / NAME, ready / NAME)
        with opened(ready, MasterKeys(folder)) as store:
            for other in destroyed_in:
                store.destroy(_destroyed_in(other / NAME))
            _open_every_key(store, manifest.keys, tell)

        def put() -> KeysManifest:
            if os.geteuid() == 0:
                owner = folder.stat()
                os.chown(ready / NAME, owner.st_uid, owner.st_gid)
            (ready / NAME).rename(place)
            sync_folder(folder)
            return manifest

        yield put


def left_by_restores(folder: Path) -> list[Path]:
    """What killed restores left in the key store's folder: copies that may hold keys which were destroyed since."""
    return sorted(folder.glob(f"{_RESTORING}*"))


@contextlib.contextmanager
def opened(folder: Path, master_keys: MasterKeys) -> Iterator[KeyStore]:
    store = KeyStore(folder, master_keys)
    try:
        yield store
    finally:
        store.file.connection.close()


def _described(store: KeyStore, taken_at: datetime.datetime) -> KeysManifest:
    ask = store.file.connection.execute
    return KeysManifest(
        taken_at=taken_at,
        keys=ask("SELECT count(*) FROM data_key").fetchone()[0],
        destroyed=ask("SELECT count(*) FROM destroyed_key").fetchone()[0],
        key_store=store.fingerprint().hex(),
        master_keys=[mark.hex() for (mark,) in ask("SELECT fingerprint FROM master ORDER BY version")],
    )


def _open_every_key(store: KeyStore, number: int, tell: Callable[[int, int], None]) -> None:
    """Raises `KeyStoreUnavailable` for a key that does not open."""
    rows = store.file.connection.execute("SELECT id, wrapped, master FROM data_key")
    done = 0
    while part := rows.fetchmany(_AT_ONCE):
        done += len(dict(store.unwrapped(part)))
        tell(done, number)


def _destroyed_in(path: Path) -> list[uuid.UUID]:
    """What a key store remembers as destroyed, whoever can open its keys."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return [uuid.UUID(bytes=raw) for (raw,) in connection.execute("SELECT id FROM destroyed_key")]
    except sqlite3.Error as error:
        raise RestoreFailed(f"{path} kan ikke læses: {error}.", "It cannot be read, for the reason before.") from None
