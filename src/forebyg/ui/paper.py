"""A sheet that leaves the system: the same content on the page to be printed and in the PDF.

The PDF is typeset by typst in this process: PDF/A-2a and PDF/UA-1 with fonts inside, no file and no network (ADR 0017). What stands on
the sheet goes in as data, so that no text is ever taken for markup.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typst
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_TEMPLATE = Path(__file__).with_name("paper.typ")
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]


class CannotBeTypeset(Exception):
    """The text has signs that no font of ours can show. It says nothing of the text."""


@dataclass(frozen=True)
class Part:
    """A piece of a sheet: pairs of a label and its value, or paragraphs, under a heading where there is one."""

    heading: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What is sent or filed. `purpose` says what it may be used for and `marks` what it carries: both stand on every page, and a
    sheet without a purpose cannot be made (R-215). `stamp` says that it no longer holds."""

    title: str
    sender: str
    purpose: str
    made_at: datetime.datetime
    parts: tuple[Part, ...]
    marks: tuple[str, ...] = ()
    stamp: str = ""

    def __post_init__(self) -> None:
        if not self.purpose.strip():
            raise ValueError("a sheet says what it may be used for")


def paragraphs(text: str | None) -> tuple[str, ...]:
    """A text that a person wrote, a paragraph for each line; says so when its content has been erased."""
    return (_("Indholdet er slettet."),) if text is None else tuple(line for line in text.splitlines() if line.strip())


def as_pdf(sheet: Sheet) -> bytes:
    """The sheet as a tagged PDF in the page's language. Raises `CannotBeTypeset`."""
    made_at = timezone.localtime(sheet.made_at).replace(microsecond=0)
    words = {
        **asdict(sheet),
        "language": (get_language() or "da")[:2],
        "page": _("Side"),
        "made_on": [*made_at.timetuple()[:6]],
    }
    try:
        pdf = typst.compile(
            _TEMPLATE,
            format="pdf",
            root=_TEMPLATE.parent,
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(words, default=str)},
            timestamp=int(made_at.timestamp()),
            pdf_standards=_STANDARDS,
        )
    except typst.TypstError:
        raise CannotBeTypeset from None  # its message quotes the text
    return pdf
