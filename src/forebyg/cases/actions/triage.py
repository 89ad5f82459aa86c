"""The triage clock: from the finding that local action is needed to acceptance by a named authority (R-069, A-01)."""

from __future__ import annotations

import datetime
import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep, note
from forebyg.cases.models import CaseMove, Clock, Decision, Qualification, TimelineEntry
from forebyg.cases.queries import clocks_in_reach, current_qualification, participants_of, running_clocks
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.core.working_time import Calendar, moved
from forebyg.strategy.queries import pack_of


class NoExceptions(RuleBroken):
    """The unit's pack allows no exceptions from its limits."""

    code = "no-exceptions"

    def __init__(self) -> None:
        super().__init__(_("Jeres plan tillader ingen undtagelser fra fristerne. Handl på sagen, så fristen stopper."))


class NotBreached(RuleBroken):
    """Only a breach is explained."""

    code = "not-breached"

    def __init__(self) -> None:
        super().__init__(_("Fristen er ikke overskredet, så der er ikke noget at begrunde."))


def start_triage(deed: Deed, *, found_at: datetime.datetime) -> Clock:
    """Start the clock at the finding or, if later, at the receipt (A-01); the hours follow from the severity that stands
    (R-070). One clock at a time: a need found again is the same need with the same deadline."""
    for running in running_clocks(deed.worker, deed.case, Clock.Rule.TRIAGE):
        return running
    severity = current_qualification(deed.worker, deed.case, Qualification.Kind.SEVERITY)
    received = CaseMove.objects.filter(case=deed.case, name="receive").values_list("at", flat=True).first() or found_at
    from_receipt = pack_of(deed.worker).case_pathway.triage_clock.starts_at == "receipt"
    started_at = received if from_receipt else max(found_at, received)
    pack = pack_of(deed.worker)
    calendar = pack.case_pathway.triage_clock.calendar
    due = rules.triage_due(
        started_at=started_at, severity=severity.value if severity else None, hours=pack.triage_hours, calendar=calendar
    )
    return start_clock(deed, rule=Clock.Rule.TRIAGE, started_at=started_at, due_at=due, calendar=calendar)


def drop_triage(deed: Deed) -> None:
    """Local action was found not to be needed after all: no deadline runs."""
    for running in running_clocks(deed.worker, deed.case, Clock.Rule.TRIAGE):
        _change(deed, running, stopped_at=deed.now)


def change_severity(deed: Deed, *, earlier: str, later: str) -> None:
    """The deadline follows the severity: a running clock moves by the difference, and keeps what it stood still (R-069)."""
    hours = pack_of(deed.worker).triage_hours
    for running in running_clocks(deed.worker, deed.case, Clock.Rule.TRIAGE):
        longer = datetime.timedelta(hours=hours[later] - hours[earlier])
        due = moved(running.due_at, longer, Calendar(running.calendar))
        Clock.objects.filter(id=running.id).update(due_at=due)
        note(deed, "clock.moved", records=[running.root], codes={"rule": running.rule, "severity": later})


def start_clock(
    deed: Deed,
    *,
    rule: str,
    started_at: datetime.datetime,
    due_at: datetime.datetime,
    about: uuid.UUID | None = None,
    concerns: uuid.UUID | None = None,
    calendar: str = Calendar.ELAPSED,
) -> Clock:
    """Start a clock of the worker's agency. `calendar`: which hours it counts."""
    clock = Clock(rule=rule, unit_id=deed.case.unit_id, due_at=due_at, concerns=concerns, calendar=calendar)
    return keep(
        deed,
        clock,
        action="clock.started",
        about=[about] if about else [],
        happened_at=started_at,
        fact="clock-started",
        fact_codes={"rule": rule},
    )


def take_responsibility(
    *, worker: Worker, case_id: uuid.UUID, text: str, happened_at: datetime.datetime, now: datetime.datetime
) -> Decision:
    """A named authority accepts the case for concrete work; unless the pack says otherwise, that stops the triage clock
    (R-058, R-067)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.TAKE_RESPONSIBILITY, now=now)
    rules.check_text(text, what=_("hvad myndigheden tager ansvar for"))
    kept = keep(
        deed,
        Decision(kind=Decision.Kind.RESPONSIBILITY, responsible=worker, text=text),
        action="responsibility.taken",
        about=[person.root for person in participants_of(worker, deed.case)],
        happened_at=happened_at,
        entry=TimelineEntry.Kind.DECISION,
        entry_codes={"kind": Decision.Kind.RESPONSIBILITY.value},
        entry_text=text,
    )
    end_triage(deed, "accepted-by-authority", at=happened_at)
    return kept


def end_triage(deed: Deed, event: str, *, at: datetime.datetime) -> None:
    """Something happened that may be what the pack lets the triage clock run until (R-072)."""
    if pack_of(deed.worker).case_pathway.triage_clock.stops_at == event:
        for clock in running_clocks(deed.worker, deed.case, Clock.Rule.TRIAGE):
            _change(deed, clock, stopped_at=at)


def pause_clock(*, worker: Worker, case_id: uuid.UUID, clock: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """Let a clock stand still, with a reason."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.EXPLAIN_BREACH, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    paused = _fetch(deed, clock)
    if paused.paused_at is not None:
        raise RuleBroken(_("Fristen er allerede sat i bero."))
    _change(deed, paused, paused_at=now, reason=reason)


def resume_clock(*, worker: Worker, case_id: uuid.UUID, clock: uuid.UUID, now: datetime.datetime) -> None:
    """Let it run on; the deadline moves by as much of its own time as it stood still."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.EXPLAIN_BREACH, now=now, also_ended=True)
    paused = _fetch(deed, clock)
    if paused.paused_at is None:
        raise RuleBroken(_("Fristen løber allerede."))
    due = rules.resumed_due(due_at=paused.due_at, paused_at=paused.paused_at, now=now, calendar=paused.calendar)
    Clock.objects.filter(id=paused.id).update(paused_at=None, due_at=due)
    note(deed, "clock.resumed", records=[paused.root], codes={"rule": paused.rule})


def explain_breach(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    clock: uuid.UUID,
    reason: str,
    now: datetime.datetime,
    cause: str = Clock.Cause.OTHER,
) -> Decision:
    """Say why a deadline was not kept, also after it was met too late: 'as a rule' allows reasoned exceptions (R-071).
    A clock that has not been met runs on. The `cause` is a fixed word that the report of breaches counts (B-010)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.EXPLAIN_BREACH, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    rules.check_choice(cause, Clock.Cause.values)
    if pack_of(worker).case_pathway.triage_clock.exceptions == "none":
        raise NoExceptions
    breached = _fetch(deed, clock, stopped=True)
    if not rules.is_late(due_at=breached.due_at, until=breached.stopped_at or breached.paused_at or now):
        raise NotBreached
    kept = keep(
        deed,
        Decision(kind=Decision.Kind.BREACH, text=reason),
        action="clock.breach-explained",
        about=breached.about,
        entry=TimelineEntry.Kind.DECISION,
        entry_codes={"kind": Decision.Kind.BREACH.value},
        entry_text=reason,
        fact="breach",
        fact_codes={"rule": breached.rule, "cause": cause},
    )
    Clock.objects.filter(id=breached.id).update(explained_at=now, explained_because=cause)
    return kept


def stop_clock(*, worker: Worker, case_id: uuid.UUID, clock: uuid.UUID, now: datetime.datetime) -> None:
    """End a follow-up clock of one's own agency, because what it waited for was done."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.FOLLOW_UP, now=now, also_ended=True)
    running = _fetch(deed, clock)
    if running.stops_by_itself:
        raise RuleBroken(_("Fristen stopper af sig selv, når det, den venter på, er sket."))
    _change(deed, running, stopped_at=now)


def _fetch(deed: Deed, root: uuid.UUID, *, stopped: bool = False) -> Clock:
    clock = clocks_in_reach(deed.worker).filter(matter=deed.case.matter_id, root=root).first()
    if clock is None or (clock.stopped_at is not None and not stopped):
        raise NotVisible
    return clock


def stop(deed: Deed, clock: Clock, *, at: datetime.datetime | None = None) -> None:
    """Stop a clock in a deed that has begun."""
    _change(deed, clock, stopped_at=at or deed.now)


def _change(
    deed: Deed,
    clock: Clock,
    *,
    stopped_at: datetime.datetime | None = None,
    paused_at: datetime.datetime | None = None,
    reason: str = "",
) -> None:
    due_at = clock.due_at
    if stopped_at is not None and clock.paused_at is not None:
        # While it stood still no time went by, so what is stopped then is not late for it.
        until = max(stopped_at, clock.paused_at)
        due_at = rules.resumed_due(due_at=due_at, paused_at=clock.paused_at, now=until, calendar=clock.calendar)
    Clock.objects.filter(id=clock.id).update(stopped_at=stopped_at, paused_at=paused_at, due_at=due_at)
    note(
        deed, "clock.stopped" if stopped_at else "clock.paused", records=[clock.root], codes={"rule": clock.rule}, reason=reason
    )
