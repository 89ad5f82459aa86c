"""The secretariat's board: every open matter of the unit by step and triage clock. The frame only (R-213, R-038)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.reach import OnNoLockedMatter, reach_of
from forebyg.cases.clocks import ClockFace, face_of
from forebyg.cases.lists import STEP_WORK, Due, Filters, Sort, due_range, one_of, with_names
from forebyg.cases.models import Case, CaseMove, Clock
from forebyg.cases.paging import Amount, Groups, Page, Stream, first_of_each, has, in_index_order, lacks, page_of
from forebyg.cases.queries import require
from forebyg.cases.states import MOVES
from forebyg.store.together import ask

CONFIRMS = MOVES["confirm"].name
"""The move by which a concern becomes a radicalisation case."""


@dataclass(frozen=True)
class BoardFilters(Filters):
    """The filters and the order of the board: by step, or by triage clock."""

    is_by_due: bool = False

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Self:
        """The filters of an address; what can't be read is left out."""
        return replace(super().read(query), is_by_due=one_of(Sort, query.get("sort")) == Sort.DUE)

    def as_query(self) -> dict[str, str]:
        """These filters as they stand in an address."""
        return super().as_query() | ({"sort": Sort.DUE.value} if self.is_by_due else {})


@dataclass(frozen=True)
class BoardRow:
    """A line of the board. The case may be opened only where the worker's own reach covers it."""

    case: Case
    face: ClockFace
    is_in_reach: bool

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case.matter.reference


def board_page(
    worker: Worker, filters: BoardFilters, *, now: datetime.datetime, after: str = "", before: str = ""
) -> tuple[list[BoardRow], Page]:
    """A page of the unit's open matters, and the page's cursors. Raises `NotPermitted`."""
    require(worker, Permission.SEE_BOARD)
    page = page_of(_groups(worker, filters, now), after=after, before=before)
    matters = [row.matter_id for row in page.rows]
    cases = {case.matter_id: case for case in with_names(_open(worker).filter(matter__in=matters))}
    clocks = {clock.matter_id: clock for clock in _triage(worker).filter(matter__in=matters)}
    reach = reach_of(worker).matters
    rows = [BoardRow(cases[matter], face_of(clocks.get(matter), now), matter in reach) for matter in matters]
    return rows, page


def step_counts(worker: Worker) -> list[tuple[int, Amount]]:
    """How many open matters of the unit stand at each step. Raises `NotPermitted`."""
    require(worker, Permission.SEE_BOARD)
    parts = [(str(step), _open(worker).filter(step=step)) for step in STEP_WORK]
    with in_index_order():
        (found,) = ask(first_of_each(parts, "moved_at"))
    counted = Counter(part for part, _ in found)
    return [(int(step), Amount(counted[str(int(step))])) for step in STEP_WORK]


def radicalisation_cases(worker: Worker, year: int) -> int:
    """How many cases of the unit were confirmed in a year: a radicalisation case is one that the authorities, after
    assessment, must handle (R-035, the pack's definition). A case confirmed anew counts once. Raises `NotPermitted`."""
    require(worker, Permission.SEE_BOARD)
    confirmed = CaseMove.objects.filter(OnNoLockedMatter("matter_id"), unit_id=worker.unit_id, name=CONFIRMS, at__year=year)
    return confirmed.values("case").distinct().count()


SMALL = 5
"""Fewer persons than this are not counted out: who looks at the board may not know the cases."""


@dataclass(frozen=True)
class ReOffers:
    """Persons who said no: those who wait for a new offer, and apart from them those who do not want to be asked again (B-031)."""

    waiting: int
    not_asked: int


def re_offers(worker: Worker) -> ReOffers:
    """The persons of the unit's cases, but for specially locked ones. Raises `NotPermitted`."""
    require(worker, Permission.SEE_BOARD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, not_asked FROM cases_re_offers()")
        return ReOffers(*cursor.fetchone())


def about_as_many(number: int) -> str:
    """A number of persons as it is told: none, fewer than five, or the number."""
    if number == 0:
        return gettext("ingen")
    return gettext("færre end %(limit)s") % {"limit": SMALL} if number < SMALL else str(number)


def _open(worker: Worker) -> QuerySet[Case]:
    return Case.objects.on_the_board_of(worker)


def _triage(worker: Worker) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(OnNoLockedMatter("matter_id"), unit_id=worker.unit_id, rule=Clock.Rule.TRIAGE)
    return clocks.filter(is_current=True, stopped_at=None)


def _groups(worker: Worker, filters: BoardFilters, now: datetime.datetime) -> Groups:
    cases = _open(worker) if filters.step is None else _open(worker).filter(step=filters.step)
    of_outer = _triage(worker).filter(matter=OuterRef("matter_id"))
    by_step = ("step", "moved_at", "id")
    if filters.due == Due.NONE:
        return [[Stream(cases.filter(lacks(of_outer)), by_step)]]
    if filters.due == Due.PAUSED:
        return [[Stream(cases.filter(has(of_outer.filter(paused_at__isnull=False))), by_step)]]
    if not (filters.is_by_due or filters.due):
        return [[Stream(cases, by_step, is_followed=True)]]
    outer_case = cases.filter(matter=OuterRef("matter_id"))
    running = _triage(worker).filter(due_range(filters.due, now), has(outer_case), paused_at=None)
    dated = [Stream(running, ("due_at", "id"), is_followed=True)]
    if filters.due:
        return [dated]
    return [dated, [Stream(cases.filter(lacks(of_outer.filter(paused_at=None))), by_step)]]
