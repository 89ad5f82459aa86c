"""Whom concerns are about, and a few lengths of time."""

from __future__ import annotations

import datetime
from typing import Any

from tests.stateful.machine import BEGINNING
from tests.stateful.oracle.facts import day_of

Facts = dict[str, Any]
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
TODAY = day_of(BEGINNING)


def _born(years: int, days: int = 0) -> datetime.date:
    return TODAY.replace(year=TODAY.year - years) + datetime.timedelta(days=days)


CHILD: Facts = {"is_subject": True, "born_on": _born(16)}
SOON_18: Facts = {"is_subject": True, "born_on": _born(18, days=20)}
SAID_MINOR: Facts = {"is_subject": True, "stated": "minor"}
ADULT: Facts = {"is_subject": True, "stated": "adult"}
NO_AGE: Facts = {"is_subject": True}
GUARDIAN: Facts = {"is_guardian": True, "stated": "adult"}
SUBJECT_AND_GUARDIAN: Facts = {"is_subject": True, "is_guardian": True, "stated": "adult"}
OTHER: Facts = {"stated": "adult"}
FAMILIES: list[list[Facts]] = [
    [CHILD, GUARDIAN],
    [CHILD, SOON_18, GUARDIAN],
    [ADULT],
    [SAID_MINOR, SUBJECT_AND_GUARDIAN],
    [NO_AGE, GUARDIAN],
    [OTHER],
]
