"""The documents' sealed files in a backup of the database: one archive, each file as it lies; and back to their places.

They are content like the rows: without the key store nobody reads them.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path

from forebyg.store.backup.folder import RestoreFailed
from forebyg.store.chunks import SealedFolder, give_to_owner_of

DOCUMENTS = "documents.tar"
_DOING = "Dokumenter / documents"


def pack(
    folder: SealedFolder, wanted: set[uuid.UUID], archive: Path, *, tell: Callable[[str, int, int], None]
) -> set[uuid.UUID]:
    """Copy these files into an archive; the ids of those that were there."""
    packed: set[uuid.UUID] = set()
    with tarfile.open(archive, "w") as tar:
        for done, content in enumerate(sorted(wanted)):
            tell(_DOING, done, len(wanted))
            try:
                file = folder.path(content).open("rb")
            except FileNotFoundError:
                continue
            with file:
                entry = tarfile.TarInfo(str(content))
                entry.size = os.fstat(file.fileno()).st_size
                tar.addfile(entry, file)
            packed.add(content)
    return packed


def unpack(folder: SealedFolder, archive: Path, *, tell: Callable[[str, int, int], None]) -> None:
    """Put every file of an archive, which was compared to its hash, into its place; one that is there stays: files never change.

    Raises `RestoreFailed` for a name that is no content's.
    """
    with tarfile.open(archive) as tar:
        entries = tar.getmembers()
        for done, entry in enumerate(entries):
            tell(_DOING, done, len(entries))
            content = _content(entry)
            source = tar.extractfile(entry)
            if folder.path(content).exists() or source is None:
                continue
            draft = folder.made(folder.incoming) / f"{content}.restoring"
            with source, draft.open("wb") as file:
                draft.chmod(0o600)
                shutil.copyfileobj(source, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
            give_to_owner_of(folder.folder, draft)
            folder.put(draft, content)


def _content(entry: tarfile.TarInfo) -> uuid.UUID:
    try:
        return uuid.UUID(entry.name)
    except ValueError:
        raise RestoreFailed(
            f"{DOCUMENTS} indeholder noget, der ikke er et dokument. Brug en anden kopi.",
            "It holds something that is no document. Use another backup.",
        ) from None
