"""The names of documents: what a sender calls a file is cleaned, and its ending is always that of the content."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from forebyg.cases.documents.refusals import NameSaysOtherwise
from forebyg.cases.models import Document

LONGEST_NAME = 120
"""Signs, ending included: a name that every operating system takes."""
ENDINGS: dict[str, tuple[str, ...]] = {
    Document.Kind.PDF: ("pdf",),
    Document.Kind.PNG: ("png",),
    Document.Kind.JPEG: ("jpg", "jpeg", "jpe"),
    Document.Kind.TEXT: ("txt", "text", "log"),
    Document.Kind.DOCX: ("docx",),
    Document.Kind.XLSX: ("xlsx",),
    Document.Kind.ODT: ("odt",),
    Document.Kind.ODS: ("ods",),
}
"""The endings of each kind; the first is given to a name without one."""
_ENDING = re.compile(r"(?P<stem>.*?)\.(?P<ending>[A-Za-z][A-Za-z0-9]{0,9})$", re.DOTALL)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


def clean_name(sent: str, kind: str) -> str:
    """A harmless name that still tells what the sender called it: no folders, no control signs or turned directions, not too
    long. Raises `NameSaysOtherwise` when it ends like another kind of file."""
    name = unicodedata.normalize("NFC", sent)
    name = "".join(sign for sign in name.replace("\\", "/") if sign.isspace() or unicodedata.category(sign)[0] != "C")
    name = " ".join(_NOT_IN_NAMES.sub("_", name.rpartition("/")[2]).split()).rstrip(". ")
    endings = ENDINGS[kind]
    found = _ENDING.match(name)
    stem, ending = (found["stem"], found["ending"]) if found else (name, endings[0])
    if ending.lower() not in endings:
        raise NameSaysOtherwise(ending.lower(), str(Document.Kind(kind).label))
    stem = stem.strip(". ") or _("dokument")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ')}.{ending.lower()}"
