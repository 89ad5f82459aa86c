"""What can be done in a case and what waits: the acts that are offered, tasks, deadlines and the next of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from forebyg.cases import wording
from forebyg.cases.acts import ACTS, Act, act_url, is_offered, offered_acts
from forebyg.cases.clocks import ClockFace, face_of, face_of_limit
from forebyg.cases.models import Clock, Disclosure, Document, Task
from forebyg.cases.seen import SeenCase
from forebyg.cases.tabs import ITEMS, PLAN, SHARING, TASKS, Tab
from forebyg.people.models import Participant
from forebyg.store.sealed import open_sealed
from forebyg.ui.addresses import path_of
from forebyg.ui.moments import short_date

_ALSO_IN_MENU = {"oplysning", "opgave", "videregiv"}

TASK_TABS: dict[str, Tab] = {
    Task.Kind.READ_CORRECTION: ITEMS,
    Task.Kind.EXPLAIN_BREACH: TASKS,
    Task.Kind.REVIEW_ACCESS: SHARING,
    Task.Kind.CHECK_AGREEMENT: PLAN,
}
"""Where the work of a kind of task is done; rooms above add theirs in `AppConfig.ready()`."""


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


@dataclass
class CaseAtWork(SeenCase):
    """A seen case with what can be done in it, on one of its tabs."""

    tab: Tab

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
        return path_of(tab.view if isinstance(tab, Tab) else f"cases:{tab}", self.reference)

    def person_url(self, person: Participant) -> str:
        """The page of one person."""
        return path_of("cases:person", self.reference, person.root)

    def cpr_url(self, person: Participant) -> str:
        """Where a person's CPR number is asked for in full."""
        return path_of("cases:cpr", self.reference, person.root)

    def consent_letter_url(self, person: Participant) -> str:
        """What one person is asked, to be printed."""
        return path_of("cases:consent-letter", self.reference, person.root)

    def for_person_url(self, name: str, person: Participant) -> str:
        """What is printed for one person: what is `agreed`, and what is kept `about` the person."""
        return path_of(f"sharing:{name}", self.reference, person.root)

    def statement_url(self, row: Disclosure) -> str:
        """The printable statement of a disclosure."""
        return path_of("sharing:statement", self.reference, row.root)

    def document_url(self, document: Document, part: str = "", *arguments: int) -> str:
        """The page of a document; its `download`, or the `preview` of a page."""
        name = f"cases:document-{part}" if part else "cases:document"
        return path_of(name, self.reference, document.root, *arguments)

    # Deadlines

    @cached_property
    def clocks(self) -> list[Clock]:
        """The deadlines that run or stand still, the next one first."""
        return self.known.clocks

    @cached_property
    def open_tasks(self) -> list[Task]:
        """The tasks that wait, one's own agency's first, then by deadline."""
        open_sealed(self.known.tasks)
        return sorted(self.known.tasks, key=lambda task: task.assigned_to_id != self.worker.agency_id)

    @cached_property
    def next_deadline(self) -> Deadline:
        """The deadline that comes first, among the clocks that run and the tasks of one's own agency; always on screen."""
        running = next((clock for clock in self.clocks if clock.paused_at is None), None)
        task = min((one for one in self.own_tasks if one.due_at), key=lambda one: one.due_at or self.now, default=None)
        if task is not None and task.due_at is not None and (running is None or task.due_at < running.due_at):
            acts = [] if task.is_done_elsewhere else self._links(("opgave-udfoert", task.root))
            return Deadline(wording.task(task), self.face_of_task(task), acts)
        shown = running or next(iter(self.clocks), None)
        if shown is None:
            return Deadline("", face_of(None, self.now), [])
        acts = self._links(("ansvar", None)) if shown.rule == Clock.Rule.TRIAGE else []
        acts += self._links(("orientering", shown.concerns)) if shown.rule == Clock.Rule.INFORM else []
        acts += [] if shown.stops_by_itself else self._links(("frist-gjort", shown.root))
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
        if task.concerns in {person.root for person in self.known.people}:
            return path_of("cases:person", self.reference, task.concerns)
        if task.kind in TASK_TABS:
            return self.url(TASK_TABS[task.kind]) + (f"#r-{task.concerns}" if task.concerns else "")
        return self.done_url(task)

    def done_url(self, task: Task) -> str | None:
        """Where a task of one's own agency is marked as done; the work of a step is done by the step's own act."""
        is_ours = task.assigned_to_id == self.worker.agency_id and not task.is_done_elsewhere
        return self.act("laest" if task.is_notice else "opgave-udfoert", task.root) if is_ours else None

    def done_label(self, task: Task) -> str:
        """What the link to that says."""
        return gettext("Bekræft, at I har læst det") if task.is_notice else gettext("Markér som udført")

    def task_meta(self, task: Task) -> str:
        """Whose task it is, and since when."""
        whose = gettext("Jer") if task.assigned_to_id == self.worker.agency_id else self.agency(task.assigned_to_id)
        since = gettext("oprettet %(day)s") % {"day": short_date(task.happened_at)}
        kind = wording.label(Task.Kind, task.kind) if task.kind == Task.Kind.STEP else ""
        return " · ".join(filter(None, [kind, whose, since]))
