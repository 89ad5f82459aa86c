"""What the officer's first page tells: how much was read, written and refused each day, and look-ups to take a look at."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.oversight.events import start_of
from forebyg.oversight.sentences import OPENING, Group, actions_of

MANY_MATTERS = 20
"""More different matters opened than this within one hour of the clock are listed."""
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
"""Hours of the local clock."""
SOON_AFTER_REFUSAL = datetime.timedelta(minutes=15)
EMPTY_SEARCHES = 10
"""So many searches without a hit in one day, or more, are listed."""
LOOKED_BACK = datetime.timedelta(days=30)
MOST_LINES = 100

_WRITING = (Group.WRITING, Group.SHARING, Group.ACCESS)


@dataclass
class Day:
    """One day of the month: how many events of each sort."""

    date: datetime.date
    readings: int = 0
    changes: int = 0
    refusals: int = 0


@dataclass(frozen=True)
class Unusual:
    """A look-up that meets one of the rules. `at` is its last moment."""

    rule: str
    worker_id: uuid.UUID
    agency_id: uuid.UUID
    at: datetime.datetime
    number: int

    @property
    def day(self) -> datetime.date:
        """The local day of it."""
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class UnusualList:
    """The newest first. `is_cut`: there were more than fit."""

    lines: list[Unusual] = field(default_factory=list)
    is_cut: bool = False


def rules() -> dict[str, str]:
    """Each rule by its word, said in a sentence."""
    return {
        "many-matters": gettext("Mere end %(number)s forskellige sager åbnet inden for samme klokketime")
        % {"number": MANY_MATTERS},
        "night": gettext("Opslag i sager om natten, mellem kl. %(begins)s og kl. %(ends)s")
        % {"begins": NIGHT_BEGINS, "ends": f"{NIGHT_ENDS:02}"},
        "after-refusal": gettext("En sag åbnet inden for %(minutes)s minutter, efter at medarbejderen var blevet afvist")
        % {"minutes": SOON_AFTER_REFUSAL.seconds // 60},
        "own-access": gettext("Har selv forlænget sin adgang til en sag"),
        "empty-searches": gettext("Mindst %(number)s søgninger uden resultat samme dag") % {"number": EMPTY_SEARCHES},
        "export": gettext("Har hentet loggen som fil"),
    }


COUNTED: dict[str, Promise] = {
    "many-matters": _("Sager: %(number)s"),
    "night": _("Opslag: %(number)s"),
    "after-refusal": _("Åbnede sider: %(number)s"),
    "empty-searches": _("Søgninger: %(number)s"),
}
"""What the number of a line counts; the other rules tell of one event each."""


def days_of_month(worker: Worker, *, now: datetime.datetime) -> list[Day]:
    """The days of this month so far, today first. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    today = timezone.localdate(now)
    days = {today.replace(day=number): Day(today.replace(day=number)) for number in range(today.day, 0, -1)}
    reading, writing = set(actions_of(Group.READING)), set(actions_of(*_WRITING))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, action, number FROM oversight_days(%s, %s, %s)",
            [start_of(today.replace(day=1)), now, timezone.get_current_timezone_name()],
        )
        for date, action, number in cursor.fetchall():
            day = days[date]
            day.readings += number if action in reading else 0
            day.changes += number if action in writing else 0
            day.refusals += number if action == "refused" else 0
    return list(days.values())


def unusual_lookups(worker: Worker, *, now: datetime.datetime) -> UnusualList:
    """The look-ups of the last 30 days that meet a rule. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    given: list[Any] = [
        now - LOOKED_BACK,
        now,
        timezone.get_current_timezone_name(),
        list(OPENING),
        actions_of(Group.READING),
        actions_of(Group.EXPORT),
        MANY_MATTERS,
        NIGHT_BEGINS,
        NIGHT_ENDS,
        SOON_AFTER_REFUSAL,
        EMPTY_SEARCHES,
        MOST_LINES + 1,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rule, worker_id, agency_id, at, number"
            " FROM oversight_unusual(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            given,
        )
        lines = [Unusual(*row) for row in cursor.fetchall()]
    return UnusualList(lines[:MOST_LINES], len(lines) > MOST_LINES)
