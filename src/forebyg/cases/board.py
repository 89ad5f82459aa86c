"""The secretariat's board: every open matter of the unit by step and triage clock. The frame only (R-213, R-038)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import connection
from django.utils.translation import gettext

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.reach import OnNoLockedMatter, reach_of
from forebyg.cases.clocks import ClockFace, face_of
from forebyg.cases.lists import STEP_WORK, Due, Filters, Sort, in_due_range, one_of
from forebyg.cases.models import Case, CaseMove, Clock
from forebyg.cases.paging import Amount, Groups, Page, Stream, first_of_each, has, in_index_order, lacks, page_of
from forebyg.cases.queries import require
from forebyg.cases.states import MOVES, Step
from forebyg.store.rows import Rows, as_array
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
    shown, running = ask(
        on_the_board_of(worker).where("cases_case.matter_id = ANY (%s::uuid[])", as_array(matters)).asked(),
        Rows(Clock, *_triage(worker)).where("matter_id = ANY (%s::uuid[])", as_array(matters)).asked(),
    )
    cases = {case.matter_id: case for case in shown}
    clocks = {clock.matter_id: clock for clock in running}
    reach = reach_of(worker).matters
    rows = [BoardRow(cases[matter], face_of(clocks.get(matter), now), matter in reach) for matter in matters]
    return rows, page


def step_counts(worker: Worker) -> list[tuple[int, Amount]]:
    """How many open matters of the unit stand at each step. Raises `NotPermitted`."""
    require(worker, Permission.SEE_BOARD)
    parts = [(str(step), on_the_board_of(worker).where("cases_case.step = %s", step)) for step in STEP_WORK]
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


_ON_THE_BOARD = "<> ALL ((SELECT access.locked_matters())::uuid[])"
"""What holds of each matter on a board: it is not specially locked, unless the worker is named in it (B-026)."""

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


def on_the_board_of(worker: Worker) -> Rows[Case]:
    """Every open case of the worker's unit: for the unit-wide duty, frame only (R-213). Without those that are specially locked
    (B-026), unless the worker is named in them."""
    condition = f"cases_case.matter_id {_ON_THE_BOARD} AND cases_case.unit_id = %s AND cases_case.step <> {Step.ENDED.value}"
    return Rows(Case, condition, (worker.unit_id,), beside=("matter", "lead"))


def _triage(worker: Worker, of: str = "") -> tuple[str, tuple[object, ...]]:
    """The condition of the triage clocks on the board, and its values. `of`: what stands before the name of a column."""
    condition = f"{of}matter_id {_ON_THE_BOARD} AND {of}unit_id = %s AND {of}rule = 'triage' AND {of}is_current AND {of}stopped_at IS NULL"
    return condition, (worker.unit_id,)


def _groups(worker: Worker, filters: BoardFilters, now: datetime.datetime) -> Groups:
    cases = (
        on_the_board_of(worker) if filters.step is None else on_the_board_of(worker).where("cases_case.step = %s", filters.step)
    )
    triage, given = _triage(worker, "o.")
    of_case = f"o.matter_id = cases_case.matter_id AND {triage}"
    by_step = ("step", "moved_at", "id")
    if filters.due == Due.NONE:
        return [[Stream(cases.where(lacks(Clock, of_case), *given), by_step)]]
    if filters.due == Due.PAUSED:
        return [[Stream(cases.where(has(Clock, f"{of_case} AND o.paused_at IS NOT NULL"), *given), by_step)]]
    if not (filters.is_by_due or filters.due):
        return [[Stream(cases, by_step, is_followed=True)]]
    outer_case = f"(SELECT cases_case.id FROM cases_case WHERE cases_case.matter_id = cases_clock.matter_id AND {cases.condition} LIMIT 1)"  # noqa: S608
    running = in_due_range(Rows(Clock, *_triage(worker)), filters.due, now).where(f"{outer_case} IS NOT NULL", *cases.given)
    dated = [Stream(running.where("paused_at IS NULL"), ("due_at", "id"), is_followed=True)]
    if filters.due:
        return [dated]
    return [dated, [Stream(cases.where(lacks(Clock, f"{of_case} AND o.paused_at IS NULL"), *given), by_step)]]
