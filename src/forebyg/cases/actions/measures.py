"""Offers, answers and courses: voluntary, recorded with date, begun only on a yes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from forebyg.access.models import Grant, Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.consenting import OfAge, keep_consent
from forebyg.cases.actions.disclosing import keep_disclosure
from forebyg.cases.actions.keeping import Deed, begin, begin_in_part, keep, note, token_of
from forebyg.cases.actions.moving import begin_move, make_move
from forebyg.cases.actions.objecting import check_may_be_asked, check_objection, not_to_be_asked, stop_re_offers
from forebyg.cases.actions.opening import admit_for_course
from forebyg.cases.actions.triage import end_triage, start_clock, stop
from forebyg.cases.finding import finding_inside
from forebyg.cases.models import Answer, Case, Clock, Course, CourseEvent, Decision, Offer, TimelineEntry
from forebyg.cases.queries import (
    admitted_agencies,
    course_states,
    fetch_record,
    guardians_in,
    participants_of,
    standing_answers,
)
from forebyg.cases.states import MOVES
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.law import Finding
from forebyg.people.consents import consents_of, on_taking_part
from forebyg.people.models import Consent, Participant
from forebyg.people.participants import is_minor
from forebyg.strategy.queries import pack_of

Kind = TimelineEntry.Kind
RE_OFFER_MONTHS = (3, 6)
"""Reminders by month 3 and month 6 after the first refusal (R-073, A-02)."""


def make_offer(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    intervention: str,
    to: uuid.UUID,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
    is_asked_for: bool = False,
) -> Offer:
    """Offer an intervention of the pack to one participant (R-102). Anyone in the case may be offered one, not subjects only;
    who does not want to be asked again, only when it `is_asked_for` (B-031). Raises `DoesNotWantToBeAsked`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.AGREE_MEASURES, now=now)
    people = participants_of(worker, deed.case)
    rules.check_members([to], [person.root for person in people])
    rules.check_length(text)
    if intervention not in {one.id for one in pack_of(worker).interventions}:
        raise RuleBroken(_("Vælg en indsats fra kataloget."))
    check_may_be_asked(deed, to, is_asked_for=is_asked_for)
    return keep(
        deed,
        Offer(intervention=intervention, text=text, is_asked_for=is_asked_for),
        action="offer.made",
        about=[to],
        happened_at=happened_at,
        entry=Kind.OFFER,
        entry_codes={"intervention": intervention},
        entry_text=text,
        fact="offer",
        fact_codes={"intervention": intervention},
        token=token_of(people, to),
    )


def answer_offer(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    offer: uuid.UUID,
    kind: str,
    answered_by: uuid.UUID,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
    asks_no_more: bool = False,
) -> Answer:
    """Record a yes, a no or a withdrawal, by the one who got the offer or a guardian of that person. A no starts the re-offer
    clocks and closes nothing (R-061, R-073); a yes stops them, unless a guardian's no to a minor's offer still stands (A-32),
    and so does the wish not to be asked again (B-031). From 18 the citizen alone answers (R-104).

    Raises `NotAGuardian`, `OfAge`, `YesIsNoObjection`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.AGREE_MEASURES, now=now, also_ended=True)
    made = fetch_record(worker=worker, model=Offer, case=deed.case, root=offer)
    people = participants_of(worker, deed.case)
    guardians = guardians_in(worker, deed.case, made.about[0])
    rules.check_members([answered_by], [person.root for person in people])
    rules.check_answers(answered_by, citizen=made.about[0], guardians=guardians)
    citizen = next((person for person in people if person.root in made.about), None)
    is_grown_up = citizen is not None and is_minor(citizen, timezone.localdate(happened_at)) is False
    if answered_by in guardians and is_grown_up:
        raise OfAge
    rules.check_length(text)
    check_objection(kind, asks_no_more=asks_no_more)
    wish = {"asks_no_more": "yes"} if asks_no_more else {}
    kept = keep(
        deed,
        Answer(offer=made.root, kind=kind, answered_by=answered_by, asks_no_more=asks_no_more, text=text),
        action="offer.answered",
        about=made.about,
        happened_at=happened_at,
        entry=Kind.ANSWER,
        entry_codes={"kind": kind, "intervention": made.intervention} | wish,
        entry_text=text,
        fact="answer",
        fact_codes={"kind": kind, "intervention": made.intervention} | wish,
        token=token_of(people, made.about[0]),
    )
    _keep_consent(deed, made, kept)
    if made.about[0] in not_to_be_asked(worker, deed.case):
        stop_re_offers(deed, made.about[0])
        return kept
    is_heard_with = citizen is not None and is_minor(citizen, timezone.localdate(happened_at))
    _set_re_offers(deed, made, kind, happened_at, heard={made.about[0]} | (guardians if is_heard_with else set()))
    return kept


_CONSENT_OF = {
    Answer.Kind.ACCEPTED: Consent.Answer.GIVEN,
    Answer.Kind.REFUSED: Consent.Answer.REFUSED,
    Answer.Kind.WITHDRAWN: Consent.Answer.WITHDRAWN,
}


def _keep_consent(deed: Deed, offer: Offer, answer: Answer) -> None:
    """The answer to an offer is the answer to taking part in the measure, and to nothing else (B-031)."""
    consent = Consent(
        kind=Consent.Kind.TAKE_PART,
        person=offer.about[0],
        answered_by=answer.answered_by,
        answer=_CONSENT_OF[Answer.Kind(answer.kind)],
        intervention=offer.intervention,
        text=answer.text,
    )
    keep_consent(deed, consent, happened_at=answer.happened_at, entry=False)


def _set_re_offers(deed: Deed, offer: Offer, answer: str, happened_at: datetime.datetime, *, heard: set[uuid.UUID]) -> None:
    waiting = Clock.objects.visible_to(deed.worker).filter(concerns=offer.root, rule=Clock.Rule.RE_OFFER, stopped_at=None)
    if answer == Answer.Kind.ACCEPTED:
        standing = standing_answers(deed.worker, deed.case, offer.root)
        if not any(one.kind == Answer.Kind.REFUSED for by, one in standing.items() if by in heard):
            for clock in waiting:
                stop(deed, clock)
    elif answer == Answer.Kind.REFUSED and not waiting.exists():
        for months in RE_OFFER_MONTHS:
            due = months_after(happened_at, months)
            start_clock(
                deed, rule=Clock.Rule.RE_OFFER, started_at=happened_at, due_at=due, about=offer.about[0], concerns=offer.root
            )


def start_course(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    offer: uuid.UUID,
    holder_id: uuid.UUID | None,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Course:
    """Begin a course on an accepted offer (R-092, A-32), unless the yes was since taken back (B-031). A holder of another agency of the same controller is admitted for
    this participant alone, and is told the participant and the course (R-209)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.RUN_COURSE, now=now)
    made = fetch_record(worker=worker, model=Offer, case=deed.case, root=offer)
    people = {person.root: person for person in participants_of(worker, deed.case)}
    citizen = people.get(made.about[0])
    if citizen is None:
        raise NotVisible
    answers = standing_answers(worker, deed.case, made.root)
    guardians = guardians_in(worker, deed.case, citizen.root)
    consents = on_taking_part(consents_of(worker, deed.case.matter_id, citizen.root), made.intervention)
    taken_back = {consent.answered_by for consent in consents if not consent.is_given}
    rules.check_consent(
        citizen=citizen.root,
        is_minor=is_minor(citizen, timezone.localdate(happened_at)),
        answers=[
            rules.Answered(
                by=by,
                accepted=answer.kind == Answer.Kind.ACCEPTED and by not in taken_back,
                is_guardian=by in guardians,
            )
            for by, answer in answers.items()
            if by in people
        ],
    )
    if any(course.offer == made.root for course, _state in course_states(worker, deed.case)):
        raise RuleBroken(_("Der er allerede begyndt et forløb på dette tilbud."))
    holder = _holder(deed, holder_id)
    course = keep(
        deed,
        Course(offer=made.root, intervention=made.intervention, holder=holder),
        action="course.started",
        about=[citizen.root],
        happened_at=happened_at,
        entry=Kind.COURSE,
        entry_codes={"intervention": made.intervention},
        fact="course",
        fact_codes={"intervention": made.intervention},
        token=citizen.citizen,
    )
    finding = _admit_holder(deed, course, holder)
    for told in (course, citizen):
        if holder is not None and finding and told.owner_id == worker.agency_id and holder.agency_id not in told.readers:
            keep_disclosure(deed, told, recipient_id=holder.agency_id, finding=finding, necessity=_HOLDERS_NEED)
    return course


_HOLDERS_NEED = gettext_noop("Forløbets mentor eller coach skal kende borgeren og forløbet.")
"""Kept in the case, so in Danish whoever acts."""


def _admit_holder(deed: Deed, course: Course, holder: Worker | None) -> Finding | None:
    """A holder of another agency needs to know of the participant for as long as the course runs; by which finding."""
    if holder is None or holder.agency_id == deed.worker.agency_id:
        return None
    finding = _finding_inside(deed, course, holder.agency_id)
    admit_for_course(deed, holder, participant=course.about[0], finding=finding, necessity=_HOLDERS_NEED)
    return finding


def _finding_inside(deed: Deed, course: Course, to_agency: uuid.UUID) -> Finding:
    return finding_inside(worker=deed.worker, case=deed.case, persons=course.about, to_agency=to_agency, now=deed.now)


def _holder(deed: Deed, holder_id: uuid.UUID | None) -> Worker | None:
    """The mentor or coach: an active worker of the unit, in an agency of the same controller as the one that runs the course."""
    if holder_id is None:
        return None
    holder = (
        Worker.objects.select_related("agency")
        .filter(
            id=holder_id,
            unit=deed.worker.unit_id,
            is_active=True,
            agency__controller=deed.worker.agency.controller_id,
        )
        .first()
    )
    if holder is None:
        raise NotVisible
    return holder


def log_course(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    course: uuid.UUID,
    kind: str,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> CourseEvent:
    """The mentor's or coach's own log: sessions held or not, a changed focus (R-114). The agency that runs the course is told."""
    deed = begin_in_part(worker=worker, case_id=case_id, permission=Permission.LOG_COURSE, now=now)
    held = fetch_record(worker=worker, model=Course, case=deed.case, root=course)
    if held.holder_id != worker.id or kind not in _LOGGED:
        raise NotVisible
    event = _keep_event(deed, held, kind=kind, text=text, happened_at=happened_at)
    if held.owner_id != worker.agency_id:
        keep_disclosure(
            deed,
            event,
            recipient_id=held.owner_id,
            finding=_finding_inside(deed, held, held.owner_id),
            necessity=gettext_noop("Den, der driver forløbet, følger det op."),
        )
    return event


_LOGGED = frozenset({CourseEvent.Kind.SESSION, CourseEvent.Kind.MISSED, CourseEvent.Kind.FOCUS})


def change_course(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    course: uuid.UUID,
    kind: str,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
    counts_as_completed: bool = False,
) -> CourseEvent:
    """Change focus, put on hold, resume or end a course (R-062 to R-064).

    Completed, or on hold and counted as completed (A-21): the pack's follow-ups of the intervention are created as clocks
    that outlive the case (R-075). An ended or held course ends the holder's access; an ended case resumes none.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.RUN_COURSE, now=now, also_ended=True)
    run = fetch_record(worker=worker, model=Course, case=deed.case, root=course)
    rules.check_course_change(kind, state=_states(deed).get(run.root))
    if kind == CourseEvent.Kind.RESUMED:
        rules.check_not_ended(deed.case.current_step)
    counts = kind == CourseEvent.Kind.COMPLETED or (kind == CourseEvent.Kind.ON_HOLD and counts_as_completed)
    event = _keep_event(deed, run, kind=kind, text=text, happened_at=happened_at, counts_as_completed=counts)
    if counts:
        _start_follow_ups(deed, run, happened_at)
    if kind in rules.ENDINGS or kind == CourseEvent.Kind.ON_HOLD:
        _end_access_of_holder(deed, run)
    elif kind == CourseEvent.Kind.RESUMED:
        _admit_holder(deed, run, run.holder)
    return event


def _end_access_of_holder(deed: Deed, run: Course) -> None:
    """The holder's need to know ends with the last course that the holder runs for the participant."""
    running = ("started", CourseEvent.Kind.RESUMED)
    others = [
        course
        for course, state in course_states(deed.worker, deed.case)
        if course.root != run.root and course.holder_id == run.holder_id and course.about == run.about and state in running
    ]
    held = Grant.objects.filter(matter=deed.case.matter_id, worker=run.holder_id, participant=run.about[0], ended_at=None)
    if not others and held.update(ended_at=deed.now):
        note(deed, "access.ended", codes={"worker": str(run.holder_id)})


def _keep_event(
    deed: Deed, course: Course, *, kind: str, text: str, happened_at: datetime.datetime, counts_as_completed: bool = False
) -> CourseEvent:
    rules.check_text(text, what=str(rules.WHAT_TEXT))
    rules.check_course_open(_states(deed).get(course.root))
    return keep(
        deed,
        CourseEvent(course=course.root, kind=kind, text=text, counts_as_completed=counts_as_completed),
        action="course.changed",
        about=course.about,
        happened_at=happened_at,
        entry=Kind.COURSE_EVENT,
        entry_codes={"kind": kind, "intervention": course.intervention},
        entry_text=text,
        fact="course-event",
        fact_codes={"kind": kind, "intervention": course.intervention},
        token=_token(deed, course),
    )


def _states(deed: Deed) -> dict[uuid.UUID, str]:
    return {run.root: state for run, state in course_states(deed.worker, deed.case)}


def _token(deed: Deed, course: Course) -> uuid.UUID | None:
    person = Participant.objects.visible_to(deed.worker).filter(root=course.about[0]).first()
    return person.citizen if person else None


_FOLLOW_UPS = {6: Clock.Rule.OUTCOME, 12: Clock.Rule.OCCUPATION}


def _start_follow_ups(deed: Deed, course: Course, ended_at: datetime.datetime) -> None:
    """The checks that the pack's targets ask of completers: at 6 and by 12 months (R-074). They stay after the case, and a
    course that counted when it was put on hold gets them once."""
    if Clock.objects.visible_to(deed.worker).filter(concerns=course.root, rule__in=_FOLLOW_UPS.values()).exists():
        return
    for target in pack_of(deed.worker).effect_targets:
        months = target.period.months if target.period else ()
        if course.intervention in target.intervention_refs and len(months) == 1 and months[0] in _FOLLOW_UPS:
            start_clock(
                deed,
                rule=_FOLLOW_UPS[months[0]],
                started_at=ended_at,
                due_at=months_after(ended_at, months[0]),
                about=course.about[0],
                concerns=course.root,
            )


def months_after(moment: datetime.datetime, months: int) -> datetime.datetime:
    """The same time of day so many calendar months later, in local time: also over a change of summer time."""
    return timezone.localtime(moment) + relativedelta(months=months)


def agree_measures(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    text: str,
    spoken_with: Iterable[uuid.UUID],
    taking_part: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
    seen: int | None = None,
) -> Case:
    """Go on to follow-up: what was agreed, talked through with whom in the family and with which agencies (R-054), or that the
    offers were refused and the family stays in focus (R-061). Raises `DialogueMissing`."""
    move = MOVES["measures-agreed"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    rules.check_move(move, deed.case.current_step)
    rules.check_text(text, what=_("hvad der er aftalt, eller at tilbuddene er afvist"))
    spoken_with, taking_part = list(spoken_with), list(taking_part)
    people = participants_of(worker, deed.case)
    rules.check_members(spoken_with, [person.root for person in people])
    rules.check_members(taking_part, [agency.id for agency in admitted_agencies(worker, deed.case)])
    answers = Answer.objects.visible_to(worker).filter(matter=deed.case.matter_id)
    rules.check_dialogue(spoken_with=spoken_with, taking_part=taking_part, is_answered=answers.exists())
    keep(
        deed,
        Decision(kind=Decision.Kind.AGREEMENT, text=text, spoken_with=spoken_with, taking_part=taking_part),
        action="measures.agreed",
        about=[person.root for person in people if person.is_subject],
        happened_at=happened_at,
        entry=Kind.DECISION,
        entry_codes={"kind": Decision.Kind.AGREEMENT.value},
        entry_text=text,
    )
    end_triage(deed, "measures-agreed", at=happened_at)
    make_move(deed, move, at=happened_at)
    return deed.case


def renew_measures(*, worker: Worker, case_id: uuid.UUID, now: datetime.datetime, seen: int | None = None) -> Case:
    """Loop from follow-up back to new or changed measures (R-064)."""
    move = MOVES["new-measures"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    make_move(deed, move)
    return deed.case
