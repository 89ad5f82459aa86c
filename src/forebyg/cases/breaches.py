"""The report of breaches: how many of the unit's deadlines ran out in a year, by rule and by cause (B-010).

PostgreSQL counts and gives no number under `FEWEST`, so that nobody is found in one. A total is given only as far as the numbers
shown add up to it: whoever reads it can't compute what is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import wording
from forebyg.cases.models import Clock
from forebyg.cases.queries import require

FEWEST = 5
"""Smaller numbers are not shown. Mirrored in SQL by `cases_breaches`; a test compares the two."""


@dataclass(frozen=True)
class Breaches:
    """The breaches of one rule: how many for each cause, `None` where there are too few to say."""

    rule: str
    by_cause: dict[str, int | None]

    @property
    def label(self) -> str:
        """Which deadline."""
        return wording.label(Clock.Rule, self.rule)

    @property
    def total(self) -> str:
        """How many in all, as far as it can be told."""
        shown = sum(number or 0 for number in self.by_cause.values())
        if None not in self.by_cause.values():
            return str(shown)
        return gettext("Mindst %(number)s") % {"number": shown} if shown else too_few()

    def of(self, cause: str) -> str:
        """How many for one cause; the empty cause is that nobody has said why."""
        if cause not in self.by_cause:
            return "0"
        number = self.by_cause[cause]
        return too_few() if number is None else str(number)


def too_few() -> str:
    """What stands in place of a small number."""
    return gettext("Færre end %(number)s") % {"number": FEWEST}


def breaches(worker: Worker, year: int) -> list[Breaches]:
    """The breaches of the worker's unit whose deadline was in a year, in the order of the rules. Raises `NotPermitted`."""
    require(worker, Permission.SEE_BREACHES)
    counted: dict[str, dict[str, int | None]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT rule, cause, number FROM cases_breaches(%s)", [year])
        for rule, cause, number in cursor.fetchall():
            counted.setdefault(rule, {})[cause] = number
    return [Breaches(rule, counted[rule]) for rule in Clock.Rule.values if rule in counted]


def causes() -> list[tuple[str, str]]:
    """The columns of the report: each cause, and that none was given."""
    return [*((value, str(label)) for value, label in Clock.Cause.choices), ("", gettext("Ikke begrundet"))]
