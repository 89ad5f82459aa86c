"""The case list: the cases in a worker's reach, by deadline or by latest move; and the words and filters that all lists share.

Nothing here opens a sealed field: a list shows the frame, clocks and fixed words.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, Worker
from forebyg.access.reach import reach_of
from forebyg.access.records import Record, rows_seen
from forebyg.cases.clocks import ClockFace, face_of
from forebyg.cases.models import Case, Clock, Task
from forebyg.cases.paging import FEW, Groups, Page, Stream, has, lacks, page_of
from forebyg.cases.queries import cases_seen
from forebyg.cases.states import Step
from forebyg.store.rows import Rows, as_array
from forebyg.store.together import ask

Kind = TypeVar("Kind", bound=Record)

STEP_WORK: dict[int, Promise] = {
    Step.ARISEN: _("Tag imod bekymringen"),
    Step.RECEIVED: _("Kvalificér bekymringen, og bring den til enheden"),
    Step.DISCUSSION: _("Drøft bekymringen i enheden"),
    Step.FIRST_ASSESSMENT: _("Vurdér bekymringen første gang"),
    Step.MEETING: _("Hold møde med borgeren"),
    Step.SECOND_ASSESSMENT: _("Vurdér bekymringen efter mødet"),
    Step.MEASURES: _("Aftal indsats med borgeren"),
    Step.FOLLOW_UP: _("Følg op på indsatsen"),
    Step.CLOSING: _("Afslut eller overdrag sagen"),
}
"""What is to be done at a step, as a task says it."""


class Due(models.TextChoices):
    """Filter by deadline; the values stand in the address."""

    OVER = "overskredet", _("Overskredet")
    IN_24 = "24", _("Inden for 24 timer")
    IN_72 = "72", _("Inden for 72 timer")
    PAUSED = "bero", _("Uret er standset")
    NONE = "ingen", _("Ingen frist")


class State(models.TextChoices):
    """Filter by state."""

    OPEN = "aabne", _("Åbne sager")
    ENDED = "afsluttede", _("Afsluttede sager")
    ALL = "alle", _("Åbne og afsluttede")


class Sort(models.TextChoices):
    """What a list is sorted by."""

    MOVED = "seneste", _("Seneste skridt")
    DUE = "frist", _("Frist")


def one_of(choices: type[models.TextChoices], text: str | None, default: str = "") -> str:
    """The word if it is one of the choices, else the default: an address with a mistake in it still shows a list."""
    return text if text in choices.values else default


def step_of(text: str | None) -> int | None:
    """The step whose number this is, if it is one of the nine."""
    return int(text) if text in {str(number) for number in STEP_WORK} else None


@dataclass(frozen=True)
class Filters:
    """What narrows a list down. A field that is empty does not."""

    due: str = ""
    step: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Self:
        """The filters of an address; what can't be read is left out."""
        return cls(due=one_of(Due, query.get("frist")), step=step_of(query.get("trin")))

    def as_query(self) -> dict[str, str]:
        """These filters as they stand in an address."""
        given = {"frist": self.due, "trin": str(self.step or "")}
        return {name: value for name, value in given.items() if value}

    def without(self, name: str) -> dict[str, str]:
        """The address without one of them."""
        return {one: value for one, value in self.as_query().items() if one != name}


@dataclass(frozen=True)
class CaseFilters(Filters):
    """The filters and the order of the case list."""

    state: str = State.OPEN.value
    lead: uuid.UUID | None = None
    our_turn: bool = False
    sort: str = Sort.MOVED.value

    @classmethod
    def read(cls, query: Mapping[str, Any], leads: Iterable[Agency] = ()) -> Self:
        """The filters of an address; `leads` are the agencies that may be asked for."""
        return replace(
            super().read(query),
            state=one_of(State, query.get("tilstand"), State.OPEN.value),
            lead=next((one.id for one in leads if str(one.id) == query.get("leder")), None),
            our_turn=query.get("tur") == "vores",
            sort=one_of(Sort, query.get("sort"), Sort.MOVED.value),
        )

    def as_query(self) -> dict[str, str]:
        """These filters as they stand in an address."""
        given = super().as_query()
        if self.state != State.OPEN:
            given["tilstand"] = self.state
        if self.lead is not None:
            given["leder"] = str(self.lead)
        if self.our_turn:
            given["tur"] = "vores"
        if self.sort != Sort.MOVED:
            given["sort"] = self.sort
        return given

    @property
    def is_by_due(self) -> bool:
        """Sorted by deadline, also where the deadline is what is asked for."""
        return self.sort == Sort.DUE or self.due in (Due.OVER, Due.IN_24, Due.IN_72)


# What a worker may see, as the lists ask it: the same as `visible_to`, with the reach as one value (see `paging`).


def has_many(worker: Worker) -> bool:
    """Whether the worker's reach is too large to be read whole for a page."""
    return len(reach_of(worker).matters) > FEW


def own_clocks(worker: Worker) -> Rows[Clock]:
    """The clocks of the worker's agency that have not stopped."""
    return rows_seen(worker, Clock).where("owner_id = %s AND stopped_at IS NULL", worker.agency_id)


def other_triage_clocks(worker: Worker, matters: str) -> Rows[Clock]:
    """The triage clocks of other agencies in these matters, an array of PostgreSQL's: part of the frame."""
    return Rows(
        Clock,
        "matter_id = ANY (%s::uuid[]) AND rule = 'triage' AND unit_id = %s AND is_current AND stopped_at IS NULL AND owner_id <> %s",
        (matters, worker.unit_id, worker.agency_id),
    )


def our_step_task(worker: Worker, outer: str) -> tuple[str, tuple[object, ...]]:
    """Of a correlated query: the open work of a step that waits for the worker's agency, in the matter of the outer row.
    Whoever asks must ask for a matter in the worker's whole reach as well."""
    condition = (
        f"o.matter_id = {outer}.matter_id AND o.kind = 'step' AND o.is_current AND o.done_at IS NULL AND o.assigned_to_id = %s "
        "AND o.readers @> ARRAY[%s]::uuid[]"
    )
    return condition, (worker.agency_id, worker.agency_id)


def in_due_range(rows: Rows[Kind], due: str, now: datetime.datetime) -> Rows[Kind]:
    """Those whose deadline lies in the range of a filter; all where it is no range."""
    if due == Due.OVER:
        return rows.where("due_at < %s", now)
    if due in (Due.IN_24, Due.IN_72):
        return rows.where("due_at >= %s AND due_at <= %s", now, now + datetime.timedelta(hours=int(due)))
    return rows


# The list


@dataclass(frozen=True)
class CaseRow:
    """A line of the case list."""

    case: Case
    face: ClockFace

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case.matter.reference

    @property
    def badge(self) -> tuple[str, str]:
        """Words and kind: that the case has ended, else how it stands with its deadline."""
        return (str(_("Afsluttet")), "quiet") if self.case.is_ended else self.face.badge


def case_page(
    worker: Worker, filters: CaseFilters, *, now: datetime.datetime, after: str = "", before: str = ""
) -> tuple[list[CaseRow], Page]:
    """A page of the cases in the worker's reach, and the page's cursors."""
    page = page_of(_groups(worker, filters, now), after=after, before=before)
    matters = [row.matter_id for row in page.rows]
    cases = {row.matter_id: row for row in page.rows if isinstance(row, Case)}
    clocks, unread = _beside(worker, matters, [one for one in matters if one not in cases])
    cases |= {case.matter_id: case for case in unread}
    return [CaseRow(cases[matter], face_of(clocks.get(matter), now)) for matter in matters], page


def cases_of(worker: Worker, matters: Iterable[uuid.UUID]) -> Rows[Case]:
    """Those of these matters."""
    return cases_seen(worker).where("cases_case.matter_id = ANY (%s::uuid[])", as_array(matters))


def _beside(worker: Worker, matters: list[uuid.UUID], unread: list[uuid.UUID]) -> tuple[dict[uuid.UUID, Clock], list[Case]]:
    """The next deadline of each of these matters as the worker sees it, a clock that stands still where none runs; and the
    cases of those that a page by deadline, which is one of clocks, has not read."""
    visible = own_clocks(worker).where("matter_id = ANY (%s::uuid[])", as_array(matters))
    in_reach = reach_of(worker).matters.intersection(matters)
    questions = [visible.asked(), other_triage_clocks(worker, as_array(in_reach)).asked()]
    own, others, *cases = ask(*questions, *([cases_of(worker, unread).asked()] if unread else []))
    found: dict[uuid.UUID, Clock] = {}
    for clock in sorted([*own, *others], key=lambda one: (one.paused_at is not None, one.due_at, one.id)):
        found.setdefault(clock.matter_id, clock)
    return found, [case for part in cases for case in part]


def _groups(worker: Worker, filters: CaseFilters, now: datetime.datetime) -> Groups:
    """By deadline: a case at its next deadline, then those without one. By latest move: straight from the frames."""
    condition, given = _condition(worker, filters)
    cases = cases_seen(worker).where(condition, *given)
    keys = ("id",) if filters.is_by_due else ("moved_at", "id")
    if filters.due in (Due.NONE, Due.PAUSED) or not filters.is_by_due:
        return [[Stream(_undated(worker, filters.due, cases), keys, is_descending=not filters.is_by_due)]]
    dated = [
        Stream(clocks, ("due_at", "id"), is_followed=has_many(worker)) for clocks in _next_of_their_case(worker, filters, now)
    ]
    if filters.due:
        return [dated]
    nothing_runs, given = _clocks_of_outer(worker, "cases_case", "o.paused_at IS NULL")
    return [dated, [Stream(cases.where(lacks(Clock, nothing_runs), *given), keys)]]


def _undated(worker: Worker, due: str, cases: Rows[Case]) -> Rows[Case]:
    """The cases that have no deadline, or whose deadline stands still, where a filter says so."""
    if due == Due.NONE:
        condition, given = _clocks_of_outer(worker, "cases_case", "true")
        return cases.where(lacks(Clock, condition), *given)
    if due == Due.PAUSED:
        for written, still in ((lacks, "o.paused_at IS NULL"), (has, "o.paused_at IS NOT NULL")):
            condition, given = _clocks_of_outer(worker, "cases_case", still)
            cases = cases.where(written(Clock, condition), *given)
    return cases


def _condition(worker: Worker, filters: CaseFilters) -> tuple[str, tuple[object, ...]]:
    """What is asked of the case itself, and its values."""
    condition, given = ["true"], list[object]()
    if filters.state != State.ALL:
        condition.append(f"cases_case.step {'<>' if filters.state == State.OPEN else '='} {Step.ENDED.value}")
    if filters.step is not None:
        condition.append("cases_case.step = %s")
        given.append(filters.step)
    if filters.lead is not None:
        condition.append("cases_case.lead_id = %s")
        given.append(filters.lead)
    if filters.our_turn:
        task, values = our_step_task(worker, "cases_case")
        condition.append(f"cases_case.matter_id = ANY (%s::uuid[]) AND {has(Task, task)}")
        given += [reach_of(worker).whole_array, *values]
    return " AND ".join(condition), tuple(given)


def _next_of_their_case(worker: Worker, filters: CaseFilters, now: datetime.datetime) -> list[Rows[Clock]]:
    """The running clocks before which no other of the same case runs out, of cases that meet the filters."""
    earlier, values = _clocks_of_outer(
        worker, "cases_clock", "o.paused_at IS NULL AND (o.due_at, o.id) < (cases_clock.due_at, cases_clock.id)"
    )
    condition, given = _condition(worker, filters)
    case = (
        "(SELECT cases_case.id FROM cases_case WHERE cases_case.matter_id = cases_clock.matter_id "  # noqa: S608 - ours
        f"AND {condition} LIMIT 1) IS NOT NULL"
    )
    return [
        in_due_range(clocks, filters.due, now)
        .where("paused_at IS NULL")
        .where(case, *given)
        .where(lacks(Clock, earlier), *values)
        for clocks in (own_clocks(worker), other_triage_clocks(worker, reach_of(worker).matters_array))
    ]


def _clocks_of_outer(worker: Worker, outer: str, further: str) -> tuple[str, tuple[object, ...]]:
    """Of a correlated query: the clocks of the outer row's case that the worker sees in a list. That its matter is in reach is
    asked of the outer row; here the few matters are told apart that are not in reach as a whole."""
    reach = reach_of(worker)
    own, given = "o.owner_id = %s", [worker.agency_id]
    not_whole = reach.matters - reach.whole
    if not_whole:
        own += " AND (o.matter_id <> ALL (%s::uuid[]) OR o.matter_id = ANY (%s::uuid[]) AND o.about <@ %s::uuid[] AND o.about <> '{}')"
        given += [as_array(not_whole), as_array(reach.partial), as_array(reach.participants)]
    condition = f"o.matter_id = {outer}.matter_id AND o.is_current AND o.stopped_at IS NULL AND ({own} OR o.rule = 'triage')"
    return f"{condition} AND {further}", tuple(given)
