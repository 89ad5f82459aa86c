"""Meetings with the citizen, and the move to the second assessment."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import Agency, AgencyKind, Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.assessing import dismissed_in
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.actions.moving import begin_move, make_move
from forebyg.cases.models import Assessment, Case, Meeting, TimelineEntry
from forebyg.cases.queries import admitted_agencies, participants_of, records_of
from forebyg.cases.states import MOVES
from forebyg.people.participants import is_minor


def record_meeting(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    meeting: Meeting,
    about: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Meeting:
    """Record a meeting, held or not (R-065). When it was held with someone under 18, a guardian took part or a reason
    says why not, by age on the day (R-052, R-053). `apart_from`: a parent whose influence is the concern, or the child, without
    whom it was on purpose, and who is told nothing of it (R-106). A joint visit: each agency keeps its own record, linked by `joint`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.MEET_CITIZEN, now=now)
    about = list(about)
    people = participants_of(worker, deed.case)
    rules.check_text(meeting.text, what=_("hvad der skete på mødet, eller hvorfor det ikke blev holdt"))
    rules.check_length(meeting.no_guardian_reason)
    rules.check_members(about, [person.root for person in people])
    rules.check_members(meeting.guardians_present, [person.root for person in people if person.is_guardian])
    rules.check_members(meeting.taking_part, [agency.id for agency in admitted_agencies(worker, deed.case)])
    rules.check_members(meeting.apart_from, [person.root for person in people])
    rules.check_apart(present=[*about, *meeting.guardians_present], apart_from=meeting.apart_from)
    if not about:
        raise rules.SubjectMissing
    if meeting.result == Meeting.Result.HELD:
        day = timezone.localdate(happened_at)
        met = [person for person in people if person.root in about and person.is_subject]
        rules.check_guardians(
            minors=[is_minor(person, day) for person in met],
            guardians_present=meeting.guardians_present,
            reason=meeting.no_guardian_reason,
        )
    if meeting.joint is not None:
        meeting.joint = _joint_of(deed, meeting.joint)
    return keep(
        deed,
        meeting,
        action="meeting.recorded",
        about=about,
        happened_at=happened_at,
        entry=TimelineEntry.Kind.MEETING,
        entry_codes={"kind": meeting.kind, "result": meeting.result},
        entry_text=meeting.text,
        fact="meeting",
        fact_codes={"kind": meeting.kind, "result": meeting.result},
    )


def conclude_meetings(*, worker: Worker, case_id: uuid.UUID, now: datetime.datetime, seen: int | None = None) -> Case:
    """Go on to the second assessment: every subject has been met, by or with DKS (R-051), but those whose concern was
    dismissed at the first."""
    move = MOVES["met"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    rules.check_move(move, deed.case.current_step)
    people = participants_of(worker, deed.case)
    held = [one for one in records_of(worker, deed.case, Meeting) if one.result == Meeting.Result.HELD]
    dismissed = dismissed_in(records_of(worker, deed.case, Assessment))
    subjects = [person.root for person in people if person.is_subject and person.root not in dismissed]
    rules.check_subjects_met(subjects, {root for one in held for root in one.about})
    police = set(Agency.objects.filter(kind=AgencyKind.POLICE).values_list("id", flat=True))
    with_police = [one for one in held if one.owner_id in police or police & set(one.taking_part)]
    rules.check_police_held(subjects, {root for one in with_police for root in one.about})
    make_move(deed, move)
    return deed.case


def _joint_of(deed: Deed, root: uuid.UUID) -> uuid.UUID:
    """The shared id of a joint visit: the one the other agency's record has, or that record's own root."""
    other: Meeting | None = Meeting.objects.visible_to(deed.worker).filter(matter=deed.case.matter_id, root=root).first()
    if other is None:
        raise rules.NotInThisCase
    joint: uuid.UUID | None = other.joint
    return other.root if joint is None else joint
