"""What a file is, by its content alone; and what is not taken in. Neither its name nor the browser's word is asked.

Of a short list each kind is verified by its structure. A library that guesses among hundreds by the first bytes would call a PDF
what only begins like one (ADR 0014).
"""

from __future__ import annotations

import io
import re
import struct

from forebyg.cases.documents.archives import kind_of_archive
from forebyg.cases.documents.refusals import Bomb, KindNotTaken, MayRun, NotReadable
from forebyg.cases.models import Document
from forebyg.store.chunks import SealedFile

MOST_PIXELS = 100_000_000
_TAIL = 2048  # bytes at the end in which a PDF must say that it ends
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_CONTROLS = bytes(range(9)) + b"\x0b" + bytes(range(14, 32)) + b"\x7f"
_MARKUP_FIRST = re.compile(rb"(\xef\xbb\xbf)?\s*(<[a-z!?]|#!)", re.IGNORECASE)
_MARKUP = re.compile(rb"<\s*/?\s*(html|head|body|script|svg|iframe|object|embed|\?php)\b", re.IGNORECASE)
_HEAD = 4096  # bytes in which a browser or a person would look for markup
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def kind_of(file: SealedFile) -> Document.Kind:
    """The kind of a content. Raises a `DocumentRefused` for what is not taken in."""
    head = file.chunk(0)[:_HEAD]
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(_PNG):
        return _png(file, head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head.startswith(b"PK\x03\x04"):
        return kind_of_archive(file)
    return _text(file, head)


def _pdf(file: SealedFile) -> Document.Kind:
    if b"%%EOF" not in _last(file, _TAIL):
        raise NotReadable
    return Document.Kind.PDF


def _png(file: SealedFile, head: bytes) -> Document.Kind:
    if head[12:16] != b"IHDR" or len(head) < 24 or not _last(file, _TAIL).endswith(_PNG_END):
        raise NotReadable
    _check_pixels(*struct.unpack(">II", head[16:24]))
    return Document.Kind.PNG


def _jpeg(file: SealedFile) -> Document.Kind:
    """Goes from segment to segment until the one that tells the measures."""
    at = 2
    while True:
        file.seek(at)
        marker = file.read(9)
        if len(marker) < 9 or marker[0] != 0xFF or marker[1] == 0xDA:
            raise NotReadable
        if marker[1] in _FRAMES:
            height, width = struct.unpack(">HH", marker[5:9])
            _check_pixels(width, height)
            return Document.Kind.JPEG
        at += 1 if marker[1] == 0xFF else 2 + int.from_bytes(marker[2:4], "big")


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise NotReadable
    if width * height > MOST_PIXELS:
        raise Bomb


def _text(file: SealedFile, head: bytes) -> Document.Kind:
    """Text has no control signs, in UTF-8 or one of the older sets with a byte for each sign."""
    if _MARKUP_FIRST.match(head) or _MARKUP.search(head):
        raise MayRun
    for number in range(file.chunks_in_all):
        part = file.chunk(number)
        if len(part.translate(None, _CONTROLS)) != len(part):
            raise KindNotTaken
    return Document.Kind.TEXT


def _last(file: SealedFile, number: int) -> bytes:
    file.seek(-min(number, file.size), io.SEEK_END)
    return file.read()
