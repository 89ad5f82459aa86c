"""Looking at a document without running anything: images as they are, pages of a PDF as pictures.

PDFium reads what anybody may have made, so it does that in a process of its own with no rights (`pdf_child`); two at a time.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterable

from forebyg.cases.models import Document

LARGEST = 50_000_000
"""Bytes of a document that can still be previewed."""
IMAGES: dict[str, str] = {Document.Kind.PNG: "image/png", Document.Kind.JPEG: "image/jpeg"}
_PATIENCE = 12.0  # seconds to draw, and
_TURN = 8.0  # seconds to wait for one's turn: together less than the 30 that a request's transaction may take
_AT_ONCE = threading.BoundedSemaphore(2)


class CannotShow(Exception):
    """The PDF has no such page, or is made so that it takes too much."""


def pages_in(chunks: Iterable[bytes], size: int) -> int:
    """How many pages of a PDF can be shown: none of one that is large, locked or damaged."""
    if size > LARGEST:
        return 0
    try:
        return int(_asked(chunks, "count"))
    except CannotShow:
        return 0


def picture_of(chunks: Iterable[bytes], page: int) -> bytes:
    """A page of a PDF, from 1, as a PNG. Raises `CannotShow`."""
    return _asked(chunks, "page", str(page))


def can_preview(document: Document) -> bool:
    """Whether there is anything to look at here."""
    return not document.retraction and (document.pages > 0 or (document.kind in IMAGES and document.size <= LARGEST))


def _asked(chunks: Iterable[bytes], *question: str) -> bytes:
    """What the process answers. The content goes through a pipe, never by a disk."""
    if not _AT_ONCE.acquire(timeout=_TURN):
        raise CannotShow
    try:
        with subprocess.Popen(  # noqa: S603 - our own module and a number
            [sys.executable, "-I", "-m", "forebyg.cases.documents.pdf_child", *question],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        ) as child:
            timer = threading.Timer(_PATIENCE, child.kill)
            timer.start()
            try:
                return _answer(child, chunks)
            finally:
                timer.cancel()
                child.kill()
    finally:
        _AT_ONCE.release()


def _answer(child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(BrokenPipeError), child.stdin as taking:
        for chunk in chunks:
            taking.write(chunk)
    answer = child.stdout.read()
    if child.wait() != 0 or not answer:
        raise CannotShow
    return answer
