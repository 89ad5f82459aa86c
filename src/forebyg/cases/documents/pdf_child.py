"""A process of its own that opens a PDF from its standard input: `count`, or the `page` of a number as a PNG.

PDFium, as the wheel ships it, has no JavaScript. Before a byte of the file is looked at the process gives up the right to write files, to
open many, to begin processes, and to use more than its share of memory and time; it knows no key, no database and no setting.
"""

from __future__ import annotations

import resource
import struct
import sys
import zlib

WIDEST, HIGHEST = 1240, 3508  # pixels: A4 across at 150 dots an inch, and a page no longer than two of them
MEMORY = 1 << 30  # bytes
SECONDS = 10


def main() -> None:
    """Answers on standard output; any failure is a status other than 0."""
    _give_up_rights()
    import pypdfium2

    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as pdf:
        if sys.argv[1] == "count":
            sys.stdout.buffer.write(str(len(pdf)).encode())
        else:
            sys.stdout.buffer.write(_page(pdf, int(sys.argv[2])))


def _give_up_rights() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _page(pdf, number: int) -> bytes:  # type: ignore[no-untyped-def]  # the library's types are not needed here
    pdf.init_forms()
    page = pdf[number - 1]
    width, height = page.get_size()
    bitmap = page.render(scale=min(WIDEST / width, HIGHEST / height), rev_byteorder=True, prefer_bgrx=False)
    return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Rows of red, green and blue as a PNG (RFC 2083)."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


if __name__ == "__main__":
    main()
