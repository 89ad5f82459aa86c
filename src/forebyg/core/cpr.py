"""Danish civil registration numbers (CPR): ten digits, DDMMYY-SSSS.

Since 2007 numbers are issued without the modulus-11 check, so a valid date and the right length are all that can be asked.
Source: CPR-kontoret, "Personnummeret i CPR".
"""

from __future__ import annotations

import datetime
import re

_SHAPE = re.compile(r"^(\d{2})(\d{2})(\d{2})-?(\d{4})$")


def normalised(number: str) -> str | None:
    """The ten digits of a CPR number, or None when it is not one."""
    match = _SHAPE.match(number.strip().replace(" ", ""))
    if match is None:
        return None
    day, month, year, serial = match.groups()
    try:
        datetime.date(_century(int(year), int(serial[0])) + int(year), int(month), int(day))
    except ValueError:
        return None
    return day + month + year + serial


def _century(year: int, seventh: int) -> int:
    """The century of birth by the seventh digit."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
