"""A restore, in the order in which nothing is half done: everything is looked at before anything is changed."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command

from forebyg.store.backup.database import check_database_backup, own_key_store, restore_database
from forebyg.store.backup.folder import RestoreFailed, kind_of, read_manifest
from forebyg.store.backup.keys import KeysManifest, restored_keys
from forebyg.store.chunks import SealedFolder
from forebyg.store.destroyed_keys import agree
from forebyg.store.key_file import NAME
from forebyg.store.keys import KeyStore
from forebyg.store.sealed import key_store


@dataclasses.dataclass(frozen=True)
class Restored:
    """`lines` for the operator; `destroyed_again` keys had been destroyed after the key store was backed up."""

    lines: list[str]
    destroyed_again: int


def restore_all(
    owner: psycopg.Connection[Any],
    backups: Iterable[Path],
    *,
    folder: Path,
    destroyed_in: Iterable[Path],
    tell: Callable[[str, int, int], None],
) -> Restored:
    """Bring back a backup of the database, which is then brought to this version, of the key store (into `folder`), or both.

    Raises `RestoreFailed` or `KeyStoreUnavailable`.
    """
    given = _by_kind(backups)
    if "keys" not in given and not (folder / NAME).exists():
        raise RestoreFailed(
            f"Der er intet nøglelager i {folder}. Giv også en kopi af nøglelageret.",
            "There is no key store. Give a backup of the key store as well.",
        )
    if "database" in given:
        expected = check_database_backup(owner, given["database"]).key_store
    elif owner.execute("SELECT to_regclass('public.store_destroyed_key')").fetchone() == (None,):
        raise RestoreFailed(
            "Databasen er tom. Giv også en kopi af databasen.", "The database is empty. Give a backup of the database as well."
        )
    else:
        expected = own_key_store(owner)
    if expected not in (None, _key_store_after(given, folder)):
        raise RestoreFailed(
            "Nøglelageret hører ikke til databasen og kan ikke åbne den. Intet er ændret. Find nøglelageret fra samme Forebyg.",
            "The key store does not belong to the database and cannot open it. Nothing was changed. Find the key store of the "
            "same Forebyg.",
        )
    lines, moments = [], {}
    with contextlib.ExitStack() as stack:
        put_keys = None
        if "keys" in given:
            put_keys = stack.enter_context(
                restored_keys(
                    given["keys"],
                    folder,
                    destroyed_in=destroyed_in,
                    tell=lambda done, total: tell("Åbner nøgler / opening keys", done, total),
                )
            )
        if "database" in given:
            documents = SealedFolder(folder.parent)
            manifest = restore_database(owner, given["database"], tell=tell, documents=documents)
            call_command("migrate", verbosity=0, interactive=False)
            moments["database"] = manifest.taken_at
            rows = sum(manifest.rows.values())
            lines.append(f"Databasen / the database: {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, {rows} rækker / rows")
            if manifest.documents or manifest.documents_missing:
                lines.append(
                    f"{manifest.documents} dokumenters filer; {manifest.documents_missing} manglede allerede i kopien / "
                    "files of documents; so many were missing in the backup already"
                )
        if put_keys is not None:
            keys = put_keys()
            moments["keys"] = keys.taken_at
            lines.append(f"Nøglelageret / the key store: {keys.taken_at:%Y-%m-%d %H:%M:%S} UTC, {keys.keys} nøgler / keys")
    again = agree(key_store(), owner)
    if again:
        lines.append(f"{again} nøgler, der var slettet, er slettet igen / keys that had been destroyed are destroyed again")
    if len(moments) == 2 and moments["keys"] < moments["database"]:
        lines.append(
            "Nøglelagerets kopi er ældre end databasens: det, der er skrevet imellem, kan være tabt. / "
            "The key store's backup is older than the database's: what was written in between may be lost."
        )
    return Restored(lines, again)


def _key_store_after(given: dict[str, Path], folder: Path) -> str:
    """The fingerprint of the key store that would be there after the restore."""
    if "keys" in given:
        return read_manifest(given["keys"], KeysManifest).key_store
    return KeyStore(folder).fingerprint().hex()


def _by_kind(backups: Iterable[Path]) -> dict[str, Path]:
    given: dict[str, Path] = {}
    for path in backups:
        kind = kind_of(path)
        if kind not in ("database", "keys") or kind in given:
            raise RestoreFailed(
                f"{path} er en kopi af {kind}. Giv højst én af databasen og én af nøglelageret.",
                "Give at most one backup of the database and one of the key store.",
            )
        given[kind] = path
    return given
