"""Sealed files: the content of documents, in chunks of 1 MiB in a folder beside the database.

Each chunk is AES-256-GCM with the data key of its row; the associated data binds the content's id, the chunk's number and whether
it is the last one, so that a file that was cut, put in another order or exchanged does not open. A file gets its place when it is
whole and on the disk, never changes, and comes before its row: what no row knows of is an orphan (`chunk_sweep`).
"""

from __future__ import annotations

import contextlib
import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from forebyg.core.errors import RuleBroken
from forebyg.core.ids import new_id
from forebyg.store.keys import NONCE_BYTES, KeyStore
from forebyg.store.whole_files import sync_folder

CHUNK = 1 << 20  # bytes of content
OVERHEAD = NONCE_BYTES + 16
FOLDER = "documents"
"""In the data folder."""
INCOMING = "incoming"
"""What is still being written. It lies on the same disk, so that a whole file is only renamed."""


class ContentDamaged(RuleBroken):
    """The file is missing, was cut or changed, or is another one."""

    code = "content-damaged"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Dokumentets indhold mangler eller er ændret uden om Forebyg, og vises ikke. Sig det til jeres administrator: "
                "det kan hentes fra en sikkerhedskopi."
            )
        )


class SealedFolder:
    """The folder of sealed files: `ab/ID` for each content, `incoming/` for what is being written."""

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / FOLDER
        self.incoming = self.folder / INCOMING

    def path(self, content: uuid.UUID) -> Path:
        """Where a content lies. The last two digits are random, the first ones are a time."""
        return self.folder / content.hex[-2:] / str(content)

    def made(self, folder: Path) -> Path:
        """A folder within, made where it is missing; root makes it the data folder's owner's."""
        for one in (self.folder, folder):
            if not one.exists():
                one.mkdir(parents=True, exist_ok=True, mode=0o700)
                give_to_owner_of(one.parent, one)
                sync_folder(one.parent)
        return folder

    def contents(self) -> Iterator[tuple[uuid.UUID, Path]]:
        """Every whole file."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            yield uuid.UUID(path.name), path

    def put(self, draft: Path, content: uuid.UUID) -> Path:
        """Give a whole file, durable already, its place, and return that. The row comes after this."""
        place = self.path(content)
        self.made(place.parent)
        draft.rename(place)
        sync_folder(place.parent)
        return place


class SealedDraft:
    """A new content that is being written: `write` any amounts, then `finish`; `kept` around the row; `discard` at the end."""

    def __init__(self, folder: SealedFolder, store: KeyStore) -> None:
        self.content = new_id()
        self.key_id, self._key = store.draw()
        self.size = 0
        self.is_kept = False
        self._folder = folder
        self._cipher = AESGCM(self._key)
        self._number = 0
        self._waiting = bytearray()
        self.path = folder.made(folder.incoming) / str(self.content)
        self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, part: bytes) -> None:
        """Take in more of the content; no byte of it reaches the disk unsealed."""
        self.size += len(part)
        self._waiting += part
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> None:
        """Seal what is left as the last chunk and make the file durable."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        give_to_owner_of(self._folder.folder, self.path)

    def open(self) -> SealedFile:
        """The finished content, to be looked at."""
        return SealedFile(self.path.open("rb"), self.content, self._key, self.size)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Give the finished file its place, for the row that is written in the block. Without the row it goes."""
        self.path = self._folder.put(self.path, self.content)
        self.is_kept = True
        try:
            yield
        except BaseException:
            self.is_kept = False
            self.discard()
            raise

    def discard(self) -> None:
        """Remove what was not kept."""
        self._file.close()
        if not self.is_kept:
            self.path.unlink(missing_ok=True)

    def _seal(self, part: bytes, *, is_last: bool) -> None:
        nonce = os.urandom(NONCE_BYTES)
        self._file.write(nonce + self._cipher.encrypt(nonce, part, place_of(self.content, self._number, is_last=is_last)))
        self._number += 1


class SealedFile:
    """A content opened for reading, at any place in it. Every chunk is verified before a byte of it is given out.

    `size` is the content's in bytes. Raises `ContentDamaged` at once when the file's own size does not fit, and later for a chunk.
    """

    def __init__(self, file: BinaryIO, content: uuid.UUID, key: bytes, size: int) -> None:
        self._file, self._content, self._cipher, self.size = file, content, AESGCM(key), size
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")
        self.chunks_in_all = max(1, -(-size // CHUNK))
        if os.fstat(file.fileno()).st_size != size + self.chunks_in_all * OVERHEAD:
            self.close()
            raise ContentDamaged

    def chunk(self, number: int) -> bytes:
        """One chunk, verified."""
        if self._open[0] != number:
            is_last = number == self.chunks_in_all - 1
            self._file.seek(number * (CHUNK + OVERHEAD))
            sealed = self._file.read(CHUNK + OVERHEAD)
            try:
                part = self._cipher.decrypt(
                    sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place_of(self._content, number, is_last=is_last)
                )
            except InvalidTag:
                raise ContentDamaged from None
            self._open = (number, part)
        return self._open[1]

    def chunks(self) -> Iterator[bytes]:
        """All of it, a chunk at a time; the file is closed at the end."""
        with self:
            for number in range(self.chunks_in_all):
                yield self.chunk(number)

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> SealedFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What the standard library's reader of archives asks for

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence])
        return self._at

    def read(self, number: int = -1) -> bytes:
        """So many bytes, fewer at the end only."""
        end = self.size if number < 0 else min(self.size, self._at + number)
        parts = []
        while self._at < end:
            chunk, within = divmod(self._at, CHUNK)
            parts.append(self.chunk(chunk)[within : within + end - self._at])
            self._at += len(parts[-1])
        return b"".join(parts)


def open_content(folder: SealedFolder, content: uuid.UUID, key: bytes, size: int) -> SealedFile:
    """A kept content, its first chunk verified. Raises `ContentDamaged`."""
    try:
        file = folder.path(content).open("rb")
    except FileNotFoundError:
        raise ContentDamaged from None
    opened = SealedFile(file, content, key, size)
    try:
        opened.chunk(0)
    except ContentDamaged:
        opened.close()
        raise
    return opened


def place_of(content: uuid.UUID, number: int, *, is_last: bool) -> bytes:
    """What a chunk is bound to."""
    return f"document|{content}|{number}|{'last' if is_last else 'more'}".encode()


def give_to_owner_of(folder: Path, path: Path) -> None:
    """Root makes what it writes the folder's owner's."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
