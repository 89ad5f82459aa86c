"""What a worker might type about somebody, invented and unmistakable, and whether any of it is found in a text."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

NAME = "Hildegunn Qvistzøllner"
CPR = "311299-4381"
PHONE = "71 93 55 27"
ADDRESS = "h.qvistzollner@privat.example"
SENTENCE = "gemte en kasse bag svømmehallen"
TYPED = f"{NAME}, {CPR}, tlf. {PHONE}, {ADDRESS}: {SENTENCE}"

_ANY = ("hildegunn", "qvistzøllner", "311299-4381", "3112994381", "71 93 55 27", "71935527", "qvistzollner", "svømmehallen")
_NEEDLES = tuple(
    dict.fromkeys(form for word in _ANY for form in (word, word.encode().hex(), word.encode("unicode_escape").decode()))
)


def found_in(text: str) -> list[str]:
    """Which of the words stand in a text: as they are, in an address, as bytes, or without spaces and hyphens."""
    low = text.lower()
    if "%" in low:
        low += unquote_plus(low)
    low += re.sub(r"[\s-]", "", low)
    return [needle for needle in _NEEDLES if needle in low]
