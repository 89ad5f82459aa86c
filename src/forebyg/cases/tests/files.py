"""Small files of each kind, made here, and what they become on the way in."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from django.conf import settings

from forebyg.cases.documents.incoming import Incoming
from forebyg.cases.documents.pdf_child import png
from forebyg.store.chunks import SealedDraft, SealedFolder
from forebyg.store.sealed import key_store

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"


def a_pdf(*pages: str, more: str = "") -> bytes:
    """A PDF with a line of text on each page."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R " + more + ">>",
        f"<< /Type /Pages /Kids [{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + end.encode()


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


def crc(content: bytes) -> int:
    """The sum that archives hold of a part."""
    return zlib.crc32(content)


def incoming(content: bytes, name: str = "Referat.pdf") -> Incoming:
    """A file as it stands when it has come in and was looked at."""
    draft = SealedDraft(SealedFolder(settings.FOREBYG.data_folder), key_store())
    draft.write(content)
    draft.finish()
    file = Incoming(draft, name)
    file.look()
    return file
