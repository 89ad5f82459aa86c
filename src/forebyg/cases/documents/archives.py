"""Office files are archives: which kind one is, and whether it hides programs, other files, or far more than it seems to hold,
or fetches something from elsewhere.

Nothing is unpacked to a disk. What the archive says of its sizes is checked first, and then by unpacking it in small pieces that
are thrown away, so that an archive that lies is found, too.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import IO, cast

from forebyg.cases.documents.refusals import Bomb, Fetches, HasMacros, HoldsFiles, KindNotTaken, NotReadable
from forebyg.cases.documents.relations import NotPlain, fetches
from forebyg.cases.models import Document
from forebyg.store.chunks import SealedFile

MOST_PARTS = 10_000
MOST_UNPACKED = 1_000_000_000
"""Bytes of all parts together."""
MOST_TIMES = 100
"""How many times larger the parts may be than the file, when they are large at all."""
SMALL = 20_000_000
"""Bytes unpacked that harm nobody."""
_LONGEST_TYPES = 1_000_000
_LONGEST_RELATIONS = 1_000_000
_PROGRAMS = (b"macroEnabled", b"vbaProject", b"ms-office.activeX")  # as types of parts
_DIRECTORY_LIMIT = 2_000_000  # bytes; each entry becomes an object in memory
_PIECE = 1 << 16
_END = struct.Struct("<4s4H2LH")
_END_MARK, _END_64_MARK = b"PK\x05\x06", b"PK\x06\x07"

_MACROS = re.compile(r"vbaProject|vbaData|/macrosheets/|/dialogsheets/|activeX|^(Basic|Scripts)/", re.IGNORECASE)
_FILES = re.compile(r"/embeddings/|^Object ?\d+$|\.(exe|dll|js|vbs|bat|cmd|ps1|jar|msi|scr|com|lnk|hta)$", re.IGNORECASE)
_MICROSOFT = {
    "word/document.xml": (Document.Kind.DOCX, b"wordprocessingml.document.main+xml"),
    "xl/workbook.xml": (Document.Kind.XLSX, b"spreadsheetml.sheet.main+xml"),
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": Document.Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Document.Kind.ODS,
}


def kind_of_archive(file: SealedFile) -> Document.Kind:
    """The kind of office file that an archive is. Raises a `DocumentRefused` for any other archive, and for a harmful one."""
    _check_directory(file)
    file.seek(0)
    try:
        with zipfile.ZipFile(cast("IO[bytes]", file)) as archive:
            kind = _kind(archive)
            _check_parts(archive, file.size)
            _unpack(archive)
            return kind
    except (NotPlain, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise NotReadable from None


def _check_directory(file: SealedFile) -> None:
    """The list of parts ends the file and is no longer than it need be, before anything reads it."""
    file.seek(max(0, file.size - _END.size - 20))
    last = file.read(20 + _END.size)
    mark, *_numbers, size, offset, comment = _END.unpack(last[-_END.size :]) if len(last) >= _END.size else (b"",) * 8
    if mark != _END_MARK or comment or last.startswith(_END_64_MARK) or size + offset + _END.size != file.size:
        raise NotReadable
    if size > _DIRECTORY_LIMIT:
        raise Bomb


def _kind(archive: zipfile.ZipFile) -> Document.Kind:
    names = archive.namelist()
    if len(names) > MOST_PARTS:
        raise Bomb
    if len(set(names)) != len(names):
        raise NotReadable
    types = _beginning(archive, "[Content_Types].xml", _LONGEST_TYPES)
    if b"&" in types:  # no type needs an entity, but one hides a word
        raise NotReadable
    if any(word in types for word in _PROGRAMS) or any(_MACROS.search(name) for name in names):
        raise HasMacros
    kind = next((kind for name, (kind, word) in _MICROSOFT.items() if name in names and word in types), None)
    kind = kind or _OPEN_DOCUMENT.get(_beginning(archive, "mimetype", 100))
    if kind is None:
        raise KindNotTaken
    if any(_FILES.search(name) for name in names):
        raise HoldsFiles
    if any(fetches(_relations(archive, name)) for name in names if name.lower().endswith(".rels")):
        raise Fetches
    return kind


def _relations(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LONGEST_RELATIONS:
        raise NotReadable
    return _beginning(archive, name, _LONGEST_RELATIONS)


def _beginning(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(most)
    except KeyError:
        return b""


def _check_parts(archive: zipfile.ZipFile, size: int) -> None:
    """What the archive says of itself."""
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_TIMES * size):
        raise Bomb


def _unpack(archive: zipfile.ZipFile) -> None:
    """Whether it is true: a part that unpacks to more than it says, or to something else, is an error of its own sum."""
    for part in archive.infolist():
        with archive.open(part) as content:
            while content.read(_PIECE):
                pass
