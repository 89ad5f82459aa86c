"""What all tabs of a case share: the identity bar, the step line, the menu of tabs, the next deadline, and who is who."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Worker
from forebyg.access.reach import reach_of
from forebyg.access.records import Record
from forebyg.audit.record import record
from forebyg.cases import wording
from forebyg.cases.actions.keeping import Deed
from forebyg.cases.actions.moving import whose_turn
from forebyg.cases.acts import ACTS, Act, act_url, is_offered, offered_acts
from forebyg.cases.clocks import ClockFace, face_of, face_of_limit
from forebyg.cases.models import Assessment, Case, CaseMove, Clock, Disclosure, Item, Offer, Qualification, Task, TimelineEntry
from forebyg.cases.queries import (
    current_qualification,
    fetch_case,
    has_whole,
    participants_of,
    running_clocks,
    unit_agencies,
)
from forebyg.cases.states import Outcome, Step
from forebyg.people.models import Participant
from forebyg.people.participants import age_of, is_minor
from forebyg.store.sealed import open_sealed
from forebyg.strategy.glossary import Glossary
from forebyg.strategy.queries import pack_of
from forebyg.strategy.schema import Pack
from forebyg.strategy.wording import say
from forebyg.ui.moments import short_date


@dataclass(frozen=True)
class Tab:
    """A page of a case: its word in the ledger, its address and its name in the menu.

    `needs_whole`: not for a mentor or coach. `hidden_when_empty_in_part`: they have a line for it when there is something.
    """

    code: str
    label: str | Promise
    needs_whole: bool = False
    hidden_when_empty_in_part: bool = False

    @property
    def view(self) -> str:
        """The name of its address; the overview's is the case's own."""
        return "cases:case" if self.code == "overview" else f"cases:{self.code}"


OVERVIEW = Tab("overview", _("Overblik"))
PEOPLE = Tab("people", _("Personer"))
TIMELINE = Tab("timeline", _("Tidslinje"))
TASKS = Tab("tasks", _("Opgaver og frister"), hidden_when_empty_in_part=True)
ASSESSMENTS = Tab("assessments", _("Vurderinger"), needs_whole=True)
ITEMS = Tab("items", _("Oplysninger"), hidden_when_empty_in_part=True)
MEASURES = Tab("measures", _("Indsatser"))
SHARING = Tab("sharing", _("Videregivelser"), needs_whole=True)
TABS = (OVERVIEW, PEOPLE, TIMELINE, TASKS, ASSESSMENTS, ITEMS, MEASURES, SHARING)

_STEP_LEADS_TO = {3: ASSESSMENTS, 4: ASSESSMENTS, 6: ASSESSMENTS, 7: MEASURES, 8: MEASURES}
_ALSO_IN_MENU = frozenset({"oplysning", "opgave", "videregiv"})


@dataclass(frozen=True)
class Badge:
    """What `ui/components/badge.html` draws."""

    text: str
    kind: str = "quiet"


@dataclass(frozen=True)
class Link:
    """A line of a menu."""

    label: str
    url: str


@dataclass(frozen=True)
class Deadline:
    """The next deadline of the case: what it is for, its face, and what can be done about it."""

    what: str
    face: ClockFace
    acts: list[Link]

    @property
    def due(self) -> str:
        """`Visitation: i morgen kl. 05.40`, to stand beside the ring."""
        return f"{self.what}: {wording.uncapitalised(self.face.due)}" if self.face.due else self.what

    @property
    def is_pressing(self) -> bool:
        """Whether it is near, or passed without a reason."""
        return self.face.state == "soon" or (self.face.is_over and not self.face.is_explained)

    @property
    def sentence(self) -> str:
        """The heading of the warning."""
        if self.face.is_over:
            return gettext("Fristen er overskredet: %(what)s") % {"what": wording.uncapitalised(self.what)}
        when = wording.uncapitalised(self.face.due or "")
        return gettext("Frist %(when)s: %(what)s") % {"when": when, "what": wording.uncapitalised(self.what)}


@dataclass(frozen=True)
class MenuLine:
    """A line of `side_nav`."""

    label: str
    url: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class StepOnLine:
    """A step of `step_line`."""

    number: int
    label: str
    state: str
    date: str | None
    url: str | None


@dataclass
class CasePage:
    """A case as one worker sees it in one request. What several parts of the page ask for is read once."""

    request: WorkerRequest
    case: Case
    tab: Tab
    _workers: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def worker(self) -> Worker:
        """Who looks."""
        return self.request.worker

    @property
    def now(self) -> datetime.datetime:
        """The moment of the request."""
        return self.request.moment

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case.matter.reference

    @cached_property
    def is_whole(self) -> bool:
        """Whether the worker's need to know covers the whole matter, not single persons."""
        return has_whole(self.worker, self.case)

    @cached_property
    def is_frame(self) -> bool:
        """Whether nothing but the frame is left for this worker (R-060)."""
        return not self.is_whole and self.case.matter_id not in reach_of(self.worker).partial

    @property
    def is_with_police(self) -> bool:
        """Whether the police handed the case to PET."""
        return self.case.outcome == Outcome.HANDED_TO_PET

    @cached_property
    def pack(self) -> Pack:
        """The strategy of the unit."""
        return pack_of(self.worker)

    @cached_property
    def glossary(self) -> Glossary:
        """The definitions that the page uses (R-176)."""
        return Glossary(self.pack, get_language() or "da")

    # Who is who

    @cached_property
    def people(self) -> list[Participant]:
        """The persons that the worker sees, subjects first."""
        return participants_of(self.worker, self.case)

    @cached_property
    def subjects(self) -> list[Participant]:
        """Those whom the concern is about."""
        return [person for person in self.people if person.is_subject]

    @cached_property
    def _labels(self) -> dict[uuid.UUID, str]:
        return {person.root: person.label or gettext("Person uden betegnelse") for person in self.people}

    def labels(self, roots: Iterable[uuid.UUID]) -> str:
        """Those of these persons that the worker sees: `Far og Søn`."""
        return wording.listed(self._labels[root] for root in roots if root in self._labels)

    def age(self, person: Participant) -> str:
        """`16 år`, or what is known instead; empty when nothing is."""
        today = timezone.localdate(self.now)
        years = age_of(person, today)
        if years is not None:
            return ngettext("%(years)s år", "%(years)s år", years) % {"years": years}
        minor = is_minor(person, today)
        return "" if minor is None else gettext("under 18 år") if minor else gettext("18 år eller derover")

    @cached_property
    def _agencies(self) -> dict[uuid.UUID, str]:
        return {agency.id: agency.name for agency in unit_agencies(self.worker)}

    def agency(self, id: uuid.UUID) -> str:
        """The name of an agency."""
        return self._agencies.get(id) or gettext("en anden myndighed")

    def agencies(self, ids: Iterable[uuid.UUID]) -> str:
        """Names of agencies: `DKS og VINK`."""
        return wording.listed(sorted(self.agency(id) for id in ids))

    def know(self, *pages: Iterable[Record], workers: Iterable[uuid.UUID | None] = ()) -> None:
        """Read the names of those who wrote these records, and of further workers, in one query."""
        ids = {row.author_id for page in pages for row in page} | {id for id in workers if id is not None}
        known = Worker.objects.filter(id__in=ids).values_list("id", "name", "agency")
        self._workers |= {id: f"{name}, {self.agency(agency)}" for id, name, agency in known}

    def name(self, id: uuid.UUID | None) -> str:
        """A worker's name and agency; `know` comes first."""
        return self._workers.get(id, "") if id else ""

    def author(self, row: Record) -> str:
        """Who wrote a record, and for which agency; `know` comes first."""
        return self.name(row.author_id) or self.agency(row.owner_id)

    def is_own(self, row: Record) -> bool:
        """Whether the record belongs to the worker's agency."""
        return bool(row.owner_id == self.worker.agency_id)

    def sharing(self, row: Record) -> str:
        """Who else reads a record. What another agency told us says who owns it and that we read it, nothing of others."""
        if not self.is_own(row):
            return gettext("Delt med os af %(agency)s") % {"agency": self.agency(row.owner_id)}
        if not row.is_disclosed:
            return gettext("Kun os")
        return gettext("Delt med %(agencies)s") % {"agencies": self.agencies(row.readers[1:])}

    # What can be done

    @cached_property
    def _offered(self) -> list[Act]:
        return offered_acts(self.worker, self.case)

    @cached_property
    def primary_act(self) -> Link | None:
        """The one primary button: what moves the case on."""
        return next((self._link(act) for act in self._offered if act.is_primary), None)

    @cached_property
    def more_acts(self) -> list[Link]:
        """ "Flere handlinger": what has no place on a tab of its own, and what is needed most."""
        return [
            self._link(act)
            for act in self._offered
            if not act.is_primary and (act.tab in ("case", "timeline") or act.slug in _ALSO_IN_MENU)
        ]

    @cached_property
    def tab_acts(self) -> list[Link]:
        """What can be done on this tab."""
        return [self._link(act) for act in self._offered if act.tab == self.tab.code and not act.is_primary]

    def _links(self, *wanted: tuple[str, uuid.UUID | None]) -> list[Link]:
        """Links to these acts on these records, as far as they are offered."""
        addresses = [(slug, self.act(slug, target)) for slug, target in wanted]
        return [Link(self.act_label(slug), address) for slug, address in addresses if address]

    def _link(self, act: Act) -> Link:
        return Link(str(act.label), act.url(self.case))

    def act(self, slug: str, target: uuid.UUID | None = None, **query: str | int) -> str | None:
        """The address of an act on one row; None when it is not offered."""
        if not is_offered(self.worker, self.case, slug):
            return None
        return act_url(slug, self.case, target=target, **query)

    def act_label(self, slug: str) -> str:
        """What the link to an act says."""
        return str(ACTS[slug].label)

    def url(self, tab: Tab | str) -> str:
        """The address of a tab of this case."""
        return reverse(tab.view if isinstance(tab, Tab) else f"cases:{tab}", args=[self.reference])

    def person_url(self, person: Participant) -> str:
        """The page of one person."""
        return reverse("cases:person", args=[self.reference, person.root])

    # The identity bar

    @cached_property
    def heading(self) -> str:
        """`Sag 2026-0147 · Far og Søn, 16 år`. It stands on the page, never in its title."""
        name = gettext("Sag %(reference)s") % {"reference": self.reference}
        persons = self.subjects or self.people
        who = wording.listed(", ".join(filter(None, (self._labels[one.root], self._years(one)))) for one in persons)
        return f"{name} · {who}" if who else name

    def _years(self, person: Participant) -> str:
        return self.age(person) if person.born_on else ""

    @cached_property
    def badges(self) -> list[Badge]:
        """Where the case stands, and how serious it is as the worker may see it."""
        if self.case.is_ended:
            badges = [Badge(gettext("Afsluttet: %(outcome)s") % {"outcome": wording.uncapitalised(self._outcome)})]
        else:
            step = self.case.current_step
            badges = [Badge(gettext("Trin %(number)s af 9: %(step)s") % {"number": step.value, "step": step.label}, "info")]
        if self.severity is not None:
            value = wording.qualification_value("severity", self.severity.value, self.pack)
            badges.append(Badge(gettext("Alvorlighed: %(value)s") % {"value": wording.uncapitalised(value)}))
        return badges

    @property
    def _outcome(self) -> str:
        return wording.label(Outcome, self.case.outcome)

    @cached_property
    def severity(self) -> Qualification | None:
        """The severity that stands."""
        return current_qualification(self.worker, self.case, Qualification.Kind.SEVERITY)

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """Who leads, whose turn it is, on which basis information is shared, and when it is deleted."""
        return [
            (gettext("Leder sagen"), self.case.lead.name),
            (gettext("Har turen"), self._turn()),
            (gettext("Grundlag for deling"), self._basis()),
            (gettext("Slettefrist"), gettext("Ikke fastsat")),
        ]

    def _turn(self) -> str:
        if self.case.is_ended:
            return gettext("Ingen")
        agency = whose_turn(Deed(self.worker, self.case, self.now), self.case.current_step)
        if agency.id == self.worker.agency_id:
            return gettext("%(agency)s (jer)") % {"agency": agency.name}
        return agency.name

    def _basis(self) -> str:
        told = Disclosure.objects.visible_to(self.worker).filter(matter=self.case.matter_id, withdrawn_at=None)
        finding = told.order_by("-recorded_at", "-id").values_list("finding", flat=True).first()
        return wording.basis(finding, self.pack) if finding else gettext("Intet er delt")

    # Deadlines

    @cached_property
    def clocks(self) -> list[Clock]:
        """The deadlines that run or stand still, the next one first."""
        return running_clocks(self.worker, self.case)

    @cached_property
    def open_tasks(self) -> list[Task]:
        """The tasks that wait, one's own agency's first, then by deadline."""
        tasks = list(
            Task.objects.visible_to(self.worker)
            .filter(matter=self.case.matter_id, done_at=None)
            .order_by(F("due_at").asc(nulls_last=True), "happened_at", "id")
        )
        open_sealed(tasks)
        return sorted(tasks, key=lambda task: task.assigned_to_id != self.worker.agency_id)

    @cached_property
    def next_deadline(self) -> Deadline:
        """The deadline that comes first, among the clocks that run and the tasks of one's own agency; always on screen."""
        running = next((clock for clock in self.clocks if clock.paused_at is None), None)
        task = min((one for one in self.own_tasks if one.due_at), key=lambda one: one.due_at or self.now, default=None)
        if task is not None and task.due_at is not None and (running is None or task.due_at < running.due_at):
            return Deadline(wording.task(task), self.face_of_task(task), self._links(("opgave-udfoert", task.root)))
        shown = running or next(iter(self.clocks), None)
        if shown is None:
            return Deadline("", face_of(None, self.now), [])
        acts = self._links(("ansvar", None)) if shown.rule == Clock.Rule.TRIAGE else self._links(("frist-gjort", shown.root))
        if shown.due_at < self.now and shown.explained_at is None:
            acts += self._links(("frist-begrund", shown.root))
        return Deadline(wording.label(Clock.Rule, shown.rule), face_of(shown, self.now), acts)

    @property
    def own_tasks(self) -> list[Task]:
        """Those that wait for one's own agency."""
        return [task for task in self.open_tasks if task.assigned_to_id == self.worker.agency_id]

    def face(self, clock: Clock) -> ClockFace:
        """A deadline as the clock macro draws it."""
        return face_of(clock, self.now)

    def face_of_task(self, task: Task) -> ClockFace:
        """The deadline of a task that has one."""
        assert task.due_at is not None
        return face_of_limit(task.happened_at, task.due_at, self.now)

    def task_url(self, task: Task) -> str | None:
        """Where the work of a task is done: the step's own act, what was corrected, or the mark that it is done."""
        if task.assigned_to_id != self.worker.agency_id:
            return None
        if task.kind == Task.Kind.STEP:
            return self.primary_act.url if self.primary_act else None
        if task.kind == Task.Kind.TAKE_RESPONSIBILITY:
            return self.act("ansvar")
        if task.kind == Task.Kind.READ_CORRECTION:
            return self.url(ITEMS)
        if task.kind == Task.Kind.EXPLAIN_BREACH:
            return self.url(TASKS)
        return self.done_url(task)

    def done_url(self, task: Task) -> str | None:
        """Where a task of one's own agency is marked as done; the work of a step is done by the step's own act."""
        is_ours = task.assigned_to_id == self.worker.agency_id and task.kind != Task.Kind.STEP
        return self.act("opgave-udfoert", task.root) if is_ours else None

    def task_meta(self, task: Task) -> str:
        """Whose task it is, and since when."""
        whose = gettext("Jer") if task.assigned_to_id == self.worker.agency_id else self.agency(task.assigned_to_id)
        since = gettext("oprettet %(day)s") % {"day": short_date(task.happened_at)}
        kind = wording.label(Task.Kind, task.kind) if task.kind == Task.Kind.STEP else ""
        return " · ".join(filter(None, [kind, whose, since]))

    # Steps and menu

    @cached_property
    def steps(self) -> list[StepOnLine]:
        """The nine steps, those that were left with the day on which they were."""
        moves = CaseMove.objects.filter(case=self.case).order_by("number").values_list("from_step", "at")
        left = dict(moves)
        current = self.case.step
        line = []
        for step in Step:
            if step == Step.ENDED:
                continue
            is_done = step.value in left and (self.case.is_ended or step.value < current)
            state = "current" if step.value == current else "done" if is_done else "todo"
            tab = _STEP_LEADS_TO.get(step.value) if state != "todo" and self.is_whole else None
            date = short_date(left[step.value]) if state == "done" else gettext("i gang") if state == "current" else None
            line.append(StepOnLine(step.value, str(step.label), state, date, self.url(tab) if tab else None))
        return line

    @cached_property
    def menu(self) -> list[MenuLine]:
        """The tabs with their counts. What is not for this worker has no line."""
        counts = self._counts()
        return [
            MenuLine(str(tab.label), self.url(tab), tab == self.tab, counts.get(tab.code))
            for tab in TABS
            if self.is_whole or not (tab.needs_whole or (tab.hidden_when_empty_in_part and not counts[tab.code]))
        ]

    def _counts(self) -> dict[str, int]:
        """How much there is on each tab, in one query."""
        counted: dict[str, QuerySet[Any]] = {
            "timeline": TimelineEntry.objects.visible_to(self.worker),
            "tasks": Task.objects.visible_to(self.worker).filter(done_at=None),
            "assessments": Assessment.objects.visible_to(self.worker),
            "items": Item.objects.visible_to(self.worker),
            "measures": Offer.objects.visible_to(self.worker),
            "sharing": Disclosure.objects.visible_to(self.worker).filter(withdrawn_at=None),
        }
        here = {code: rows.filter(matter=self.case.matter_id) for code, rows in counted.items()}
        counts = {code: Coalesce(_how_many(rows), Value(0)) for code, rows in here.items()}
        found: Any = Case.objects.filter(id=self.case.id).values(**counts).get()
        return {**found, "people": len(self.people)}

    # The answer

    def answer(self, template: str, *, records: Iterable[uuid.UUID] = (), **context: object) -> HttpResponse:
        """The page, and one event in the ledger that says who saw which records on which tab."""
        seen = {person.root for person in self.people} | set(records)
        record(
            "case.seen",
            actor=self.worker,
            at=self.now,
            matters=[self.case.matter_id],
            records=sorted(seen),
            codes={"tab": self.tab.code},
        )
        return render(self.request, template, {"page": self, "wording": wording, "say": say, **context})


def open_page(request: WorkerRequest, reference: str, tab: Tab) -> CasePage:
    """The case for a tab. Raises `NotVisible`."""
    return CasePage(request, fetch_case(worker=request.worker, reference=reference), tab)


def _how_many(rows: QuerySet[Any]) -> Subquery:
    one_row = rows.order_by().values("matter").annotate(how_many=Count("id")).values("how_many")
    return Subquery(one_row, output_field=IntegerField())
