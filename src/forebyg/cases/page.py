"""What all tabs of a case share on screen: the identity bar, the step line, the menu of tabs, and the ledger event."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Emergency
from forebyg.access.permissions import Permission
from forebyg.audit.record import Codes, record
from forebyg.cases import wording
from forebyg.cases.actions.keeping import Deed
from forebyg.cases.actions.moving import whose_turn
from forebyg.cases.at_work import CaseAtWork
from forebyg.cases.models import Qualification
from forebyg.cases.queries import emergency_in, fetch_case, is_locked
from forebyg.cases.states import Outcome, Step
from forebyg.cases.tabs import ASSESSMENTS, MEASURES, PANELS, PLAN, TABS, Tab
from forebyg.people.models import Participant
from forebyg.strategy.wording import say
from forebyg.ui.addresses import path_of
from forebyg.ui.moments import short_date

_STEP_LEADS_TO = {3: ASSESSMENTS, 4: ASSESSMENTS, 6: ASSESSMENTS, 7: MEASURES, 8: PLAN}


@dataclass(frozen=True)
class Badge:
    """What `ui/components/badge.html` draws."""

    text: str
    kind: str = "quiet"


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
class CasePage(CaseAtWork):
    """A tab of a case as one worker sees it."""

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
    def emergency(self) -> tuple[Emergency, datetime.datetime] | None:
        """What the glass was broken for and when it closes, when nothing else opens the case to the worker (B-025)."""
        return emergency_in(self.worker, self.case.matter_id)

    @property
    def way_here(self) -> tuple[str, str]:
        """The first of the breadcrumbs: the cases, or for who works in none the own front page."""
        if self.worker.may(Permission.SEE_CASES):
            return gettext("Sager"), path_of("cases:list")
        return gettext("Forside"), path_of("front")

    @cached_property
    def badges(self) -> list[Badge]:
        """Where the case stands, and how serious it is as the worker may see it."""
        if self.case.is_ended:
            badges = [Badge(gettext("Afsluttet: %(outcome)s") % {"outcome": wording.uncapitalised(self._outcome)})]
        else:
            step = self.case.current_step
            badges = [Badge(gettext("Trin %(number)s af 9: %(step)s") % {"number": step.value, "step": step.label}, "info")]
        if is_locked(self.worker, self.case):
            badges.append(Badge(gettext("Særligt låst"), "warning"))
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
        return next(iter(self.known.severity), None)

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """Who leads, whose turn it is, on which basis information is shared, and when it is deleted."""
        return [
            (gettext("Leder sagen"), self.case.lead.name),
            (gettext("Har turen"), self._turn()),
            (gettext("Grundlag for deling"), self._basis()),
            *(told for tell in SUMMARY if (told := tell(self)) is not None),
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
        told = self.known.last_disclosure
        return wording.basis(told[0].finding, self.pack) if told else gettext("Intet er delt")

    # Steps and menu

    @cached_property
    def steps(self) -> list[StepOnLine]:
        """The nine steps, those that were left with the day on which they were."""
        left = self.known.left
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
        counts = self.known.counts
        return {
            **counts,
            "people": len(self.people),
            "items": counts["items"] + counts["documents"],
            "measures": counts["courses"] + counts["offers"],
        }

    # The answer

    def answer(
        self, template: str, *, records: Iterable[uuid.UUID] = (), matters: Iterable[uuid.UUID] = (), **context: object
    ) -> HttpResponse:
        """The page, and one event in the ledger that says who saw which records on which tab. `matters` are others, of which the
        page tells something, too."""
        panels = [(one.template, one.context(self)) for one in PANELS.get(self.tab.code, [])]
        seen = {person.root for person in self.people} | set(records)
        seen |= {root for _template, shown in panels for root in shown.get("records", ())}
        self.note("case.seen", seen, {"tab": self.tab.code}, matters=matters)
        return render(self.request, template, {"page": self, "wording": wording, "say": say, "panels": panels, **context})

    def note(self, action: str, records: Iterable[uuid.UUID], codes: Codes, *, matters: Iterable[uuid.UUID] = ()) -> None:
        """The event in the ledger of what is shown or given out."""
        record(
            action,
            actor=self.worker,
            at=self.now,
            matters=sorted({self.case.matter_id, *matters}),
            records=sorted(set(records)),
            codes=codes,
        )


SUMMARY: list[Callable[[CasePage], tuple[str, str] | None]] = []
"""Lines that rooms above add to the identity bar, in `AppConfig.ready()`: label and value, or nothing. They ask the database
nothing; what they need is counted by `register_count`."""


def open_page(request: WorkerRequest, reference: str, tab: Tab) -> CasePage:
    """The case for a tab. Raises `NotVisible`."""
    return CasePage(request, fetch_case(worker=request.worker, reference=reference), tab)
