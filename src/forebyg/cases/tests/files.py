"""Small files of each kind, made here, and what they become on the way in."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

from forebyg.cases.documents.incoming import brought_in as incoming
from forebyg.cases.documents.pdf_child import png
from forebyg.cli.scenarios.paper import a_pdf

__all__ = ["a_docx", "a_jpeg", "a_pdf", "a_png", "an_archive", "an_open_document", "an_xlsx", "incoming"]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"


def a_png(width: int = 4, height: int = 3) -> bytes:
    """An image of one colour."""
    return png(b"\x10\x60\x90" * width * height, width, height, width * 3, 3)


def a_jpeg(width: int = 4, height: int = 3) -> bytes:
    """The frame of a JPEG: what tells that it is one."""
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + b"\xff\xda\x00\x00\xff\xd9"


def an_archive(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def a_docx(*more: tuple[str, bytes], types: str = WORD) -> bytes:
    """A Word document, or what passes for one."""
    return an_archive([("[Content_Types].xml", types.encode()), ("word/document.xml", b"<w:document/>"), *more])


def an_xlsx(*more: tuple[str, bytes], types: str = EXCEL) -> bytes:
    """An Excel sheet."""
    return an_archive([("[Content_Types].xml", types.encode()), ("xl/workbook.xml", b"<workbook/>"), *more])


def an_open_document(kind: str = OPEN_TEXT, *more: tuple[str, bytes]) -> bytes:
    """An OpenDocument text or sheet."""
    return an_archive([("mimetype", kind.encode()), ("content.xml", b"<office:document-content/>"), *more])
