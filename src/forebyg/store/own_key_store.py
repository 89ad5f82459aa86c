"""Each database has one key store, and knows it again: another one, or a new one in its place, would write what the first can't
read and find no citizen by a number (the blind index is keyed). Asked when a process opens the key store, and by the health check.
"""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from forebyg.store.key_file import NAME
from forebyg.store.keys import KeyStore, KeyStoreUnavailable


def open_own_key_store(folder: Path) -> KeyStore:
    """The key store in `folder`; a new one while the database has none. Raises `KeyStoreUnavailable`, and then makes nothing."""
    refuse_missing_key_store(folder)
    store = KeyStore(folder)
    check_own(store)
    return store


def refuse_missing_key_store(folder: Path) -> None:
    """Raises `KeyStoreUnavailable` when the database has a key store and `folder` has none."""
    if (folder / NAME).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT store.own_key_store()")
        if cursor.fetchone()[0] is not None:
            raise KeyStoreUnavailable(
                f"Databasens nøglelager er ikke i {folder.absolute()}. Er FOREBYG_DATA_FOLDER den rigtige mappe, og er dens disk "
                "tilsluttet? Ellers genskab nøglelageret fra en kopi: forebyg restore. Der laves intet nyt.",
                "The database's key store is not there. Is that the right folder, and its disk mounted? Otherwise restore "
                "the key store from a backup. No new one is made.",
            )


def check_own(store: KeyStore) -> None:
    """Make the key store the database's own while it has none. Raises `KeyStoreUnavailable` when it has another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT store.note_key_store(%s)", [store.fingerprint()])
        if bytes(cursor.fetchone()[0]) != store.fingerprint():
            raise KeyStoreUnavailable(
                f"Nøglelageret i {store.file.folder.absolute()} er ikke databasens. Sæt FOREBYG_DATA_FOLDER til den rigtige "
                "mappe, eller genskab det rigtige fra en kopi: forebyg restore.",
                "The key store there is not the database's. Point FOREBYG_DATA_FOLDER to the right folder, or restore the "
                "right one from a backup.",
            )
