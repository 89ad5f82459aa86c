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
from django.db.models import OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, Worker
from forebyg.access.reach import AmongIds, reach_of
from forebyg.access.records import Record
from forebyg.cases.clocks import ClockFace, face_of
from forebyg.cases.models import Case, Clock, Task
from forebyg.cases.paging import FEW, Groups, Page, Stream, has, lacks, page_of
from forebyg.cases.states import Step
from forebyg.store.together import ask, asked

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


def own_clocks(worker: Worker) -> QuerySet[Clock]:
    """The clocks of the worker's agency that have not stopped."""
    return Clock.objects.visible_to(worker).filter(owner=worker.agency_id, stopped_at=None)


def other_triage_clocks(worker: Worker, matters: Iterable[uuid.UUID]) -> QuerySet[Clock]:
    """The triage clocks of other agencies in these matters: part of the frame."""
    clocks = Clock.objects.filter(
        AmongIds("matter_id", matters), rule=Clock.Rule.TRIAGE, unit_id=worker.unit_id, is_current=True, stopped_at=None
    )
    return clocks.exclude(owner=worker.agency_id)


def our_step_task(worker: Worker) -> QuerySet[Task]:
    """Correlated: the open work of a step that waits for the worker's agency, in the matter of the outer row. Whoever asks
    must ask for a matter in the worker's whole reach as well."""
    return Task.objects.filter(
        matter=OuterRef("matter_id"),
        kind=Task.Kind.STEP,
        is_current=True,
        done_at=None,
        assigned_to=worker.agency_id,
        readers__contains=[worker.agency_id],
    )


def due_range(due: str, now: datetime.datetime) -> Q:
    """The rows whose deadline lies in the range of a filter; all where it is no range."""
    if due == Due.OVER:
        return Q(due_at__lt=now)
    if due in (Due.IN_24, Due.IN_72):
        return Q(due_at__gte=now, due_at__lte=now + datetime.timedelta(hours=int(due)))
    return Q()


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
    if unread := set(matters) - cases.keys():  # a page by deadline is one of clocks
        cases |= {case.matter_id: case for case in with_names(Case.objects.visible_to(worker).filter(matter__in=unread))}
    clocks = next_clocks(worker, matters)
    return [CaseRow(cases[matter], face_of(clocks.get(matter), now)) for matter in matters], page


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with what a line of a list says of them."""
    return cases.select_related("matter", "lead")


def next_clocks(worker: Worker, matters: Iterable[uuid.UUID]) -> dict[uuid.UUID, Clock]:
    """The next deadline of each of these matters as the worker sees it; a clock that stands still where none runs."""
    matters = list(matters)
    visible = own_clocks(worker).filter(matter__in=matters)
    frame = other_triage_clocks(worker, reach_of(worker).matters).filter(matter__in=matters)
    found: dict[uuid.UUID, Clock] = {}
    own, others = ask(asked(visible), asked(frame))
    for clock in sorted([*own, *others], key=lambda one: (one.paused_at is not None, one.due_at, one.id)):
        found.setdefault(clock.matter_id, clock)
    return found


def _groups(worker: Worker, filters: CaseFilters, now: datetime.datetime) -> Groups:
    """By deadline: a case at its next deadline, then those without one. By latest move: straight from the frames."""
    if not filters.is_by_due:
        cases = with_names(Case.objects.visible_to(worker).filter(_condition(worker, filters)))
        if filters.due == Due.NONE:
            cases = cases.filter(_no_deadline(worker))
        elif filters.due == Due.PAUSED:
            cases = cases.filter(_stands_still(worker))
        return [[Stream(cases, ("moved_at", "id"), is_descending=True)]]
    undated = with_names(Case.objects.visible_to(worker).filter(_condition(worker, filters)))
    if filters.due == Due.NONE:
        return [[Stream(undated.filter(_no_deadline(worker)), ("id",))]]
    if filters.due == Due.PAUSED:
        return [[Stream(undated.filter(_stands_still(worker)), ("id",))]]
    dated = [
        Stream(clocks, ("due_at", "id"), is_followed=has_many(worker)) for clocks in _next_of_their_case(worker, filters, now)
    ]
    if filters.due:
        return [dated]
    return [dated, [Stream(undated.filter(_nothing_runs(worker)), ("id",))]]


def _condition(worker: Worker, filters: CaseFilters) -> Q:
    """What is asked of the case itself."""
    condition = Q()
    if filters.state == State.OPEN:
        condition &= ~Q(step=Step.ENDED)
    elif filters.state == State.ENDED:
        condition &= Q(step=Step.ENDED)
    if filters.step is not None:
        condition &= Q(step=filters.step)
    if filters.lead is not None:
        condition &= Q(lead=filters.lead)
    if filters.our_turn:
        condition &= Q(AmongIds("matter_id", reach_of(worker).whole)) & has(our_step_task(worker))
    return condition


def _next_of_their_case(worker: Worker, filters: CaseFilters, now: datetime.datetime) -> list[QuerySet[Clock]]:
    """The running clocks before which no other of the same case runs out, of cases that meet the filters."""
    earlier = _clocks_of_outer(worker).filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), id__lt=OuterRef("id")), paused_at=None
    )
    case = Case.objects.filter(_condition(worker, filters), matter=OuterRef("matter_id"))
    reach = reach_of(worker)
    return [
        clocks.filter(due_range(filters.due, now), has(case), lacks(earlier), paused_at=None)
        for clocks in (own_clocks(worker), other_triage_clocks(worker, reach.matters))
    ]


def _clocks_of_outer(worker: Worker) -> QuerySet[Clock]:
    """Correlated: the clocks of the outer row's case that the worker sees in a list. That its matter is in reach is asked of
    the outer row; here the few matters are told apart that are not in reach as a whole."""
    reach = reach_of(worker)
    own = Q(owner=worker.agency_id)
    not_whole = reach.matters - reach.whole
    if not_whole:
        in_part = Q(AmongIds("matter_id", reach.partial), about__contained_by=list(reach.participants)) & ~Q(about=[])
        own &= ~Q(AmongIds("matter_id", not_whole)) | in_part
    return Clock.objects.filter(own | Q(rule=Clock.Rule.TRIAGE), matter=OuterRef("matter_id"), is_current=True, stopped_at=None)


def _nothing_runs(worker: Worker) -> Q:
    return lacks(_clocks_of_outer(worker).filter(paused_at=None))


def _no_deadline(worker: Worker) -> Q:
    return lacks(_clocks_of_outer(worker))


def _stands_still(worker: Worker) -> Q:
    return _nothing_runs(worker) & has(_clocks_of_outer(worker).filter(paused_at__isnull=False))
