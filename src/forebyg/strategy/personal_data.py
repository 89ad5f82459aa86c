"""What looks like a person's data has no place in a pack (R-222)."""

from __future__ import annotations

import re

from forebyg.core import cpr

_TEN_DIGITS = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"(?<!\d)(?:\+\d{2}[ ]?)?(?:\d{8}|\d{2}(?: \d{2}){3}|\d{4} \d{2} \d{2})(?!\d)|\+\d{2}(?: ?\d){8}")


def looks_personal(text: str) -> str | None:
    """Which kind of personal data a text seems to hold: a CPR number, an e-mail address, a telephone number. Else None."""
    if any(cpr.normalised(match) for match in _TEN_DIGITS.findall(text)):
        return "a CPR number"
    if _EMAIL.search(text):
        return "an e-mail address"
    if _PHONE.search(text):
        return "a telephone number"
    return None
