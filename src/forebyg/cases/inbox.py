"""The inbox: what waits for a worker across cases, the next deadline first (B-012).

A line is a task of the worker's agency, a clock of the agency, or the triage clock of a case whose turn is the agency's.
The work of a step is told on the line of the triage clock while one runs, and a task to explain a breach on the line of the
clock that ran out, so nothing waits twice.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.access.reach import reach_of
from forebyg.access.records import rows_seen
from forebyg.cases.clocks import ClockFace, face_of, face_of_limit, hours_of
from forebyg.cases.lists import (
    STEP_WORK,
    Due,
    Filters,
    Kind,
    cases_of,
    has_many,
    in_due_range,
    other_triage_clocks,
    our_step_task,
    own_clocks,
)
from forebyg.cases.models import Case, Clock, Task
from forebyg.cases.paging import Amount, Groups, Page, Stream, first_keys, first_of_each, has, in_index_order, lacks, page_of
from forebyg.store.rows import Rows, as_array
from forebyg.store.together import ask
from forebyg.ui.moments import duration, near

CLOCK_WORK: dict[str, Promise] = {
    Clock.Rule.TRIAGE: _("Få en myndighed til at påtage sig ansvaret"),
    Clock.Rule.RE_OFFER: _("Giv et nyt tilbud efter afslaget"),
    Clock.Rule.OUTCOME: _("Gør status 6 måneder efter forløbet"),
    Clock.Rule.OCCUPATION: _("Følg op på uddannelse eller job"),
    Clock.Rule.REQUEST: _("Vent på svar på jeres anmodning, eller træk den tilbage"),
}
"""What is to be done before a clock runs out, where no step says it."""


@dataclass(frozen=True)
class InboxFilters(Filters):
    """The filters of the inbox. `whole_agency`: also what colleagues have taken on."""

    whole_agency: bool = False

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Self:
        """The filters of an address; what can't be read is left out."""
        return replace(super().read(query), whole_agency=query.get("vis") == "myndighed")

    def as_query(self) -> dict[str, str]:
        """These filters as they stand in an address."""
        return ({"vis": "myndighed"} if self.whole_agency else {}) | super().as_query()


@dataclass(frozen=True)
class InboxRow:
    """A line of the inbox: fixed words, no name of any citizen."""

    case: Case
    face: ClockFace
    work: str
    note: str
    who: str

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case.matter.reference


@dataclass(frozen=True)
class Tile:
    """A count that leads to the list of what it counts."""

    due: Due
    amount: Amount
    note: str


def inbox_page(
    worker: Worker, filters: InboxFilters, *, now: datetime.datetime, after: str = "", before: str = ""
) -> tuple[list[InboxRow], Page]:
    """A page of what waits, and the page's cursors."""
    page = page_of(Waiting(worker, filters, now).groups(), after=after, before=before)
    return _Lines(worker, now, page.rows).rows(), page


def tiles(worker: Worker, filters: InboxFilters, *, now: datetime.datetime) -> list[Tile]:
    """Deadlines at a glance: of what waits and nothing else (B-027). What is within 24 hours is within 72 as well."""
    waiting = Waiting(worker, InboxFilters(whole_agency=filters.whole_agency), now)
    dues: dict[str, list[datetime.datetime]] = defaultdict(list)
    with in_index_order(has_many(worker)):
        dated, still = ask(first_of_each(waiting.dated_by_filter(), "due_at"), first_keys(waiting.paused()))
    for part, due_at in dated:
        dues[part].append(due_at)
    paused = len(still)
    within = [due for due in dues[Due.IN_72] if due <= now + datetime.timedelta(hours=24)]
    notes = {
        Due.OVER: gettext("Ældste: %(time)s") % {"time": duration(now - min(dues[Due.OVER]))} if dues[Due.OVER] else "",
        Due.IN_24: gettext("Næste: %(when)s") % {"when": _uncapitalised(near(min(within), now))} if within else "",
        Due.IN_72: gettext("Heraf %(number)s inden for 24 timer") % {"number": Amount(len(within))} if within else "",
        Due.PAUSED: gettext("Uret er standset") if paused else "",
    }
    counts = {Due.OVER: len(dues[Due.OVER]), Due.IN_24: len(within), Due.IN_72: len(dues[Due.IN_72]), Due.PAUSED: paused}
    order = (Due.OVER, Due.IN_24, Due.IN_72, Due.PAUSED)
    return [Tile(due, Amount(counts[due]), notes[due] or gettext("Ingen lige nu")) for due in order]


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


class Waiting:
    """The rows that wait for a worker, as streams."""

    def __init__(self, worker: Worker, filters: InboxFilters, now: datetime.datetime) -> None:
        self._filters = filters
        self._now = now
        mine, me = ("true", ()) if filters.whole_agency else ("({0}worker_id IS NULL OR {0}worker_id = %s)", (worker.id,))
        task, values = our_step_task(worker, "cases_clock")
        ours = has(Task, f"{task} AND {mine.format('o.')}")
        self._tasks = self._in_step(
            rows_seen(worker, Task)
            .where("assigned_to_id = %s AND done_at IS NULL", worker.agency_id)
            .where(mine.format(""), *me)
        )
        self._own = self._in_step(own_clocks(worker))
        self._turn = self._in_step(other_triage_clocks(worker, reach_of(worker).whole_array).where(ours, *values, *me))
        self._worker = worker

    def _in_step(self, rows: Rows[Kind]) -> Rows[Kind]:
        step = self._filters.step
        if step is None:
            return rows
        return rows.where(has(Case, f"o.matter_id = {rows.model._meta.db_table}.matter_id AND o.step = %s"), step)

    def groups(self) -> Groups:
        """With a deadline first, the next one on top; then what has none; then what stands still."""
        undated = [Stream(self._undated(), ("id",))]
        paused = self._by_due(self.paused())
        if self._filters.due == Due.PAUSED:
            return [paused]
        if self._filters.due == Due.NONE:
            return [undated]
        dated = self._by_due(self._dated(self._filters.due))
        return [dated] if self._filters.due else [dated, undated, paused]

    def dated_by_filter(self) -> Iterator[tuple[str, Rows[Any]]]:
        """What the tiles count, by their filter."""
        for due in (Due.OVER, Due.IN_72):
            for rows in self._dated(due):
                yield due, rows

    def paused(self) -> list[Rows[Clock]]:
        """The clocks that stand still."""
        return [clocks.where("paused_at IS NOT NULL") for clocks in (self._own, self._turn)]

    def _dated(self, due: str) -> list[Rows[Any]]:
        running = [clocks.where("paused_at IS NULL") for clocks in (self._own, self._turn)]
        parts: list[Rows[Any]] = [self._tasks.where("due_at IS NOT NULL"), *running]
        return [in_due_range(rows, due, self._now) for rows in parts]

    def _by_due(self, parts: Iterable[Rows[Any]]) -> list[Stream]:
        return [Stream(rows, ("due_at", "id"), is_followed=has_many(self._worker)) for rows in parts]

    def _undated(self) -> Rows[Task]:
        """Tasks without a deadline that no clock's line tells of."""
        clock = "o.matter_id = cases_task.matter_id AND o.is_current AND o.stopped_at IS NULL"
        triage = lacks(Clock, f"{clock} AND o.rule = 'triage'")
        ran_out = lacks(Clock, f"{clock} AND o.owner_id = %s AND o.paused_at IS NULL AND o.due_at < %s")
        return (
            self._tasks.where("due_at IS NULL")
            .where(f"(kind <> 'step' OR {triage})")
            .where(f"(kind <> 'explain-breach' OR {ran_out})", self._worker.agency_id, self._now)
        )


class _Lines:
    """The lines of a page: the cases with the work of the steps, then the names of colleagues."""

    def __init__(self, worker: Worker, now: datetime.datetime, waiting: list[Task | Clock]) -> None:
        self._worker = worker
        self._now = now
        self._waiting = waiting
        matters = {one.matter_id for one in waiting}
        step_tasks = rows_seen(worker, Task).where(
            "matter_id = ANY (%s::uuid[]) AND kind = 'step' AND assigned_to_id = %s AND done_at IS NULL",
            as_array(matters),
            worker.agency_id,
        )
        found = ask(cases_of(worker, matters).asked(), step_tasks.asked())
        self._cases, self._step_tasks = ({row.matter_id: row for row in rows} for rows in found)
        tasks = [*(one for one in waiting if isinstance(one, Task)), *self._step_tasks.values()]
        taken = {task.worker_id for task in tasks if task.worker_id not in (None, worker.id)}
        self._colleagues: dict[uuid.UUID, str] = dict(Worker.objects.filter(id__in=taken).values_list("id", "name"))

    def rows(self) -> list[InboxRow]:
        """The lines in the order of the page."""
        return [self._task(one) if isinstance(one, Task) else self._clock(one) for one in self._waiting]

    def _task(self, task: Task) -> InboxRow:
        face = face_of(None, self._now) if task.due_at is None else face_of_limit(task.happened_at, task.due_at, self._now)
        is_step = task.kind == Task.Kind.STEP and task.step in STEP_WORK
        work = str(STEP_WORK[task.step]) if is_step and task.step else task.get_kind_display()
        note = gettext("Sagens næste trin") if is_step else ""
        return InboxRow(self._cases[task.matter_id], face, work, note, self._who(task))

    def _clock(self, clock: Clock) -> InboxRow:
        task = self._step_tasks.get(clock.matter_id) if clock.rule == Clock.Rule.TRIAGE else None
        work = STEP_WORK[task.step] if task and task.step else CLOCK_WORK[clock.rule]
        face = face_of(clock, self._now)
        note = ""
        if clock.rule == Clock.Rule.TRIAGE:
            hours = hours_of(clock)
            note = ngettext("Visitation, %(n)d-timersfrist", "Visitation, %(n)d-timersfrist", hours) % {"n": hours}
        if face.is_over and not face.is_explained and clock.owner_id == self._worker.agency_id:
            note = gettext("Fristen er overskredet: handl eller begrund")
        return InboxRow(self._cases[clock.matter_id], face, str(work), note, self._who(task))

    def _who(self, task: Task | None) -> str:
        taken_by = task.worker_id if task else None
        if taken_by == self._worker.id:
            return gettext("Dig")
        return self._colleagues.get(taken_by, "") if taken_by else self._worker.agency.name
