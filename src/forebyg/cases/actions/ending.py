"""Ending a case: closing, hand-over to the ordinary system, the police's hand-over to PET, and the journal."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import AgencyKind, Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.actions.moving import begin_move, make_move
from forebyg.cases.models import Case, Clock, Decision, JournalLink, TimelineEntry
from forebyg.cases.queries import participants_of, running_clocks, whole_picture
from forebyg.cases.states import MOVES
from forebyg.core.errors import NotPermitted

Kind = TimelineEntry.Kind


def close_case(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    hand_over: bool,
    text: str,
    journal_number: str,
    closed_there_on: datetime.date | None,
    happened_at: datetime.datetime,
    now: datetime.datetime,
    seen: int | None = None,
) -> Case:
    """Close the case as dealt with, or hand it over to the ordinary system (R-056, R-062), with the number it has in the
    records system. Nothing may be left running; follow-up clocks go on (R-075)."""
    move = MOVES["hand-over" if hand_over else "close"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    rules.check_move(move, deed.case.current_step)
    rules.check_text(text, what=_("hvordan bekymringen er håndteret"))
    _check_nothing_runs(deed)
    people = [person.root for person in participants_of(worker, deed.case)]
    kind = Decision.Kind.HAND_OVER if hand_over else Decision.Kind.OTHER
    keep(
        deed,
        Decision(kind=kind, text=text),
        action="case.closing-decided",
        about=people,
        happened_at=happened_at,
        entry=Kind.DECISION,
        entry_codes={"kind": kind.value},
        entry_text=text,
    )
    if journal_number.strip() or closed_there_on is not None:
        link_journal(deed, number=journal_number, closed_there_on=closed_there_on)
    make_move(deed, move, at=happened_at)
    return deed.case


def record_journal(
    *, worker: Worker, case_id: uuid.UUID, number: str, closed_there_on: datetime.date | None, now: datetime.datetime
) -> JournalLink:
    """Record the case's number in one's own records system, and when it was closed there (R-057)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    return link_journal(deed, number=number, closed_there_on=closed_there_on)


def link_journal(deed: Deed, *, number: str, closed_there_on: datetime.date | None) -> JournalLink:
    """Keep the journal's number in a deed that has begun."""
    rules.check_text(number, what=_("sagens nummer i journalsystemet"))
    if closed_there_on is not None and closed_there_on > timezone.localdate(deed.now):
        raise rules.InTheFuture
    return keep(
        deed,
        JournalLink(number=number, closed_there_on=closed_there_on),
        action="journal.linked",
        entry=Kind.JOURNAL,
        entry_text=number,
    )


def hand_to_pet(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
    seen: int | None = None,
) -> Case:
    """Record that the police handed the case to PET (R-033, R-059): decided by the police in their own system, from any step
    under way. No content leaves the system; for everyone else only the frame remains and follow-up stands still (R-060, A-12)."""
    move = MOVES["hand-to-pet"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    if worker.agency.kind != AgencyKind.POLICE:
        raise NotPermitted(move.permission.sentence)
    rules.check_move(move, deed.case.current_step)
    rules.check_text(text, what=str(rules.WHAT_REASON))
    keep(
        deed,
        Decision(kind=Decision.Kind.PET, text=text, responsible=worker),
        action="case.pet-hand-over-recorded",
        about=[person.root for person in participants_of(worker, deed.case) if person.is_subject],
        happened_at=happened_at,
        entry=Kind.DECISION,
        entry_codes={"kind": Decision.Kind.PET.value},
        entry_text=text,
    )
    make_move(deed, move, at=happened_at)
    return deed.case


def _check_nothing_runs(deed: Deed) -> None:
    picture = whole_picture(deed.case)
    rules.check_can_close(
        running_courses=picture.running_courses,
        open_alarms=picture.open_alarms,
        running_triage=len(running_clocks(deed.worker, deed.case, Clock.Rule.TRIAGE)),
    )
