"""Danish civil registration numbers (CPR): ten digits, DDMMYY-SSSS, and the replacement numbers of those who have none.

Since 2007 numbers are issued without the modulus-11 check, so a valid date and the right length are all that can be asked.
A replacement number (erstatningspersonnummer) is built in the same way, with 6 added to the first digit of the day, so that
nobody takes it for a real one. Sources: CPR-kontoret, "Personnummeret i CPR" and "Erstatningspersonnummer i eksterne systemer".
"""

from __future__ import annotations

import datetime
import re

REPLACEMENT_DAYS = 60
"""What is added to the day of birth in a replacement number."""

_SHAPE = re.compile(r"^(\d{2})(\d{2})(\d{2})-?(\d{4})$")


def normalised(number: str) -> str | None:
    """The ten digits of a CPR number or a replacement number, or None when it is neither."""
    match = _SHAPE.match(number.strip().replace(" ", ""))
    if match is None:
        return None
    day, month, year, serial = match.groups()
    day_of_month = int(day) - REPLACEMENT_DAYS if int(day) > REPLACEMENT_DAYS else int(day)
    try:
        datetime.date(_century(int(year), int(serial[0])) + int(year), int(month), day_of_month)
    except ValueError:
        return None
    return day + month + year + serial


def is_replacement(digits: str) -> bool:
    """Whether ten digits are a replacement number: it is of one system only, and no register knows it."""
    return int(digits[:2]) > REPLACEMENT_DAYS


def masked(digits: str) -> str:
    """`010203-xxxx`: enough to see that there is a number, and the day of birth, which stands beside it anyway."""
    return f"{digits[:6]}-xxxx"


def spelled(digits: str) -> str:
    """`010203-1234`."""
    return f"{digits[:6]}-{digits[6:]}"


def _century(year: int, seventh: int) -> int:
    """The century of birth by the seventh digit."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
