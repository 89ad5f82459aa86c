"""Opening a case in a new matter, admitting agencies to it and giving access."""

from __future__ import annotations

import datetime
import uuid

from django.db import connection
from django.utils.translation import gettext as _

from forebyg.access.models import Admission, Grant, Membership, Worker
from forebyg.access.permissions import Permission
from forebyg.access.reach import SPECIAL, StoreNow, forget_reach, reach_of
from forebyg.audit.record import record
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, check_emergency, note
from forebyg.cases.actions.moving import let_the_next_know, whose_turn
from forebyg.cases.actions.noting import keep_participant
from forebyg.cases.actions.telling import tell
from forebyg.cases.finding import check_allowed
from forebyg.cases.models import Case, Task
from forebyg.cases.queries import colleagues_who_give, fetch_case, own_open_tasks, reopening_of, require, subjects_of
from forebyg.cases.states import Step
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.law import Finding
from forebyg.matters.models import Matter
from forebyg.people.age import StatedAge
from forebyg.people.models import Participant

GRANT_LASTS = datetime.timedelta(days=365)
"""The longest that a grant to a worker of an agency lasts before it is given anew."""
OWN_GRANT_LASTS = datetime.timedelta(days=30)
"""The longest that the only worker of an agency in a matter prolongs the own grant; PostgreSQL holds the same limit."""


class AlreadyAdmitted(RuleBroken):
    """The agency takes part already."""

    code = "already-admitted"

    def __init__(self) -> None:
        super().__init__(_("Myndigheden er allerede optaget i sagen. Giv i stedet en medarbejder adgang."))


class EndNotAllowed(RuleBroken):
    """A grant ends after it begins and within a year (B-024)."""

    code = "grant-end-not-allowed"

    def __init__(self) -> None:
        super().__init__(_("Adgangen skal slutte efter i dag og inden for et år. Vælg en anden dato."))


class NoWorkInCases(RuleBroken):
    """Politicians, reporting and administration see no cases, whoever gives them access (R-210)."""

    code = "no-work-in-cases"

    def __init__(self) -> None:
        super().__init__(_("Medarbejderens rolle giver ikke adgang til sager. Vælg en anden medarbejder."))


class CaseNotEnded(RuleBroken):
    """Only an ended case is reopened."""

    code = "case-not-ended"

    def __init__(self) -> None:
        super().__init__(_("Sagen er ikke afsluttet og kan derfor ikke genåbnes. Arbejd videre i sagen."))


class AlreadyReopened(RuleBroken):
    """A case goes on in one place."""

    code = "already-reopened"

    def __init__(self, reference: str | None, lead: str) -> None:
        if reference:
            sentence = _("Sagen er allerede genåbnet som %(reference)s. Arbejd videre dér.") % {"reference": reference}
        else:
            sentence = _("Sagen er allerede genåbnet, og %(lead)s leder den. Bed dem om at optage jer i den.") % {"lead": lead}
        super().__init__(sentence)


class PersonsOfOthers(RuleBroken):
    """A person belongs to the agency that recorded it; a new case does not hand it to another."""

    code = "persons-of-others"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Din myndighed har ikke selv registreret nogen af dem, bekymringen gælder. Bed den myndighed, der har, om at genåbne sagen eller oprette en ny henvendelse."
            )
        )


class OwnEndNotAllowed(RuleBroken):
    """Who is alone prolongs the own access by a month at most."""

    code = "own-grant-end-not-allowed"

    def __init__(self) -> None:
        super().__init__(_("Din egen adgang kan du højst forlænge 30 dage ad gangen. Vælg en tidligere dato."))


class ContactMissing(RuleBroken):
    """Nobody of the agency has access, and nobody was chosen who gets it."""

    code = "contact-missing"

    def __init__(self) -> None:
        super().__init__(_("Ingen i myndigheden har adgang til sagen nu. Vælg den medarbejder, der skal have den."))


class ColleagueCanGive(RuleBroken):
    """Nobody prolongs the own access where a colleague can judge whether it is needed."""

    code = "colleague-can-give"

    def __init__(self, name: str) -> None:
        super().__init__(_("Du kan ikke selv forlænge din adgang. Bed %(name)s om at gøre det.") % {"name": name})


def open_case(
    *,
    worker: Worker,
    permission: Permission,
    happened_at: datetime.datetime,
    now: datetime.datetime,
    reopens: Case | None = None,
) -> Deed:
    """A new matter with its reference and its case at the first step; the worker's agency is admitted and leads (B-001)."""
    require(worker, permission)
    rules.check_moment(happened_at, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.next_reference()")
        reference = cursor.fetchone()[0]
    matter = Matter(id=new_id(), unit_id=worker.unit_id, reference=reference, created_at=now)
    matter.save(force_insert=True)
    Admission(matter=matter, agency_id=worker.agency_id, admitted_by=worker, admitted_at=now).save(force_insert=True)
    _grant(worker, matter_id=matter.id, to=worker, participant=None, reason="opened", now=now, ends_at=now + GRANT_LASTS)
    forget_reach(worker)
    case = Case(
        id=new_id(),
        matter=matter,
        unit_id=worker.unit_id,
        lead_id=worker.agency_id,
        step=Step.ARISEN.value,
        opened_at=happened_at,
        moved_at=happened_at,
        reopens=reopens,
    )
    case.save(force_insert=True)
    record("case.opened", actor=worker, at=now, matters=[matter.id], codes={"reopens": str(reopens.id) if reopens else ""})
    return Deed(worker, fetch_case(worker=worker, case_id=case.id), now)


def reopen_case(*, worker: Worker, case_id: uuid.UUID, reason: str, now: datetime.datetime) -> Case:
    """A new case about the same subjects in a later phase of life, linked to the ended one (R-034). Those whom another agency
    recorded stay its own: it is asked in the ended case to get in touch. Raises `CaseNotEnded`, `AlreadyReopened`,
    `PersonsOfOthers`."""
    earlier = begin(worker=worker, case_id=case_id, permission=Permission.CLOSE_CASE, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    if not earlier.case.is_ended:
        raise CaseNotEnded
    later = reopening_of(earlier.case)
    if later is not None:
        is_known = later.matter_id in reach_of(worker).matters
        raise AlreadyReopened(later.reference if is_known else None, later.lead)
    subjects = subjects_of(worker, earlier.case)
    own = [subject for subject in subjects if subject.owner_id == worker.agency_id]
    if not own:
        raise PersonsOfOthers
    deed = open_case(worker=worker, permission=Permission.CLOSE_CASE, happened_at=now, now=now, reopens=earlier.case)
    for owner in sorted({subject.owner_id for subject in subjects} - {worker.agency_id}):
        tell(earlier, Task.Kind.CONTACT, owner)
    for subject in own:
        keep_participant(
            deed,
            Participant(
                citizen=subject.citizen,
                label=subject.label,
                name=subject.name,
                cpr=subject.cpr,
                cpr_index=subject.cpr_index,
                born_on=subject.born_on,
                # Who was under 18 then may not be now.
                stated_age=StatedAge.ADULT if subject.stated_age == StatedAge.ADULT else StatedAge.UNKNOWN,
                municipality=subject.municipality,
                interpreter=subject.interpreter,
                protected_address=subject.protected_address,
                is_subject=True,
                is_involved=subject.is_involved,
                is_guardian=subject.is_guardian,
                involved_because="",
            ),
        )
    note(earlier, "case.reopened", codes={"as": str(deed.case.id)}, reason=reason)
    note(deed, "case.reopens", codes={"earlier": str(earlier.case.id)}, reason=reason)
    return deed.case


def change_lead(*, worker: Worker, case_id: uuid.UUID, agency_id: uuid.UUID, reason: str, now: datetime.datetime) -> Case:
    """Let another admitted agency lead the case. The work of the step goes along when the one who changes it sees it."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ADMIT_AGENCY, now=now)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    rules.check_members([agency_id], _admitted(deed))
    Case.objects.filter(id=deed.case.id).update(lead_id=agency_id)
    note(deed, "case.lead-changed", codes={"agency": str(agency_id)}, reason=reason)
    left = Task.objects.visible_to(worker).filter(
        matter=deed.case.matter_id, kind=Task.Kind.STEP, done_at=None, assigned_to=deed.case.lead_id
    )
    deed = Deed(worker, fetch_case(worker=worker, case_id=case_id), now)
    if whose_turn(deed, deed.case.current_step).id == agency_id and left.update(done_at=now, done_by=worker):
        let_the_next_know(deed, deed.case.current_step)
    return deed.case


def admit_agency(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    agency_id: uuid.UUID,
    contact_id: uuid.UUID,
    finding: Finding,
    necessity: str,
    now: datetime.datetime,
) -> None:
    """Admit an agency to the matter and give its contact the frame. That this person is its subject is itself a
    disclosure, so the law's finding must allow it and the necessity is written; the ledger keeps both. Raises `NotLawful`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ADMIT_AGENCY, now=now)
    check_allowed(finding)
    rules.check_text(necessity, what=_("hvorfor myndigheden skal med"))
    if not Membership.objects.filter(unit=worker.unit_id, agency=agency_id).exists():
        raise NotVisible
    seat = Admission.objects.filter(matter=deed.case.matter_id, agency=agency_id, ended_at=None)
    if seat.filter(given_for=None).exists():
        raise AlreadyAdmitted
    seat.update(ended_at=now)  # it was let in for a request alone
    _admit(deed, agency_id=agency_id, finding=finding, necessity=necessity)
    contact = Worker.objects.filter(id=contact_id, agency=agency_id, unit=worker.unit_id, is_active=True).first()
    if contact is None:
        raise rules.NotInThisCase
    _check_works_in_cases(contact)
    _grant(
        worker,
        matter_id=deed.case.matter_id,
        to=contact,
        participant=None,
        reason="contact",
        now=now,
        ends_at=now + GRANT_LASTS,
    )
    note(deed, "access.given", codes={"worker": str(contact.id)})
    task = Task(
        kind=Task.Kind.CONTACT,
        assigned_to_id=agency_id,
        matter_id=deed.case.matter_id,
        owner_id=worker.agency_id,
        author_id=worker.id,
        happened_at=now,
        recorded_at=now,
    )
    task.save(force_insert=True)


def let_in_to_answer(
    deed: Deed,
    *,
    agency_id: uuid.UUID,
    contact_id: uuid.UUID | None,
    finding: Finding,
    necessity: str,
    request: uuid.UUID,
) -> None:
    """See that somebody of an agency gets to see what it is asked: admit it if it is not, and give the contact the frame if
    nobody there has access now. Both are for the request alone and end when nothing is left of it (B-024).

    Raises `NotPermitted`, `OnlyInEmergency`, `ContactMissing`, `NoWorkInCases`."""
    is_admitted = agency_id in _admitted(deed)
    if is_admitted and has_access(deed, agency_id):
        return
    if not is_admitted:
        require(deed.worker, Permission.ADMIT_AGENCY)
    check_emergency(deed.worker, deed.case, Permission.GIVE_ACCESS)
    contacts = Worker.objects.filter(agency=agency_id, unit=deed.worker.unit_id, is_active=True)
    contact = contacts.filter(id=contact_id).first() if contact_id is not None else None
    if contact is None:
        raise ContactMissing
    _check_works_in_cases(contact)
    if not is_admitted:
        _admit(deed, agency_id=agency_id, finding=finding, necessity=necessity, given_for=request)
    _grant(
        deed.worker,
        matter_id=deed.case.matter_id,
        to=contact,
        participant=None,
        reason="contact",
        now=deed.now,
        ends_at=deed.now + GRANT_LASTS,
        given_for=request,
    )
    note(deed, "access.given", codes={"worker": str(contact.id)})


def has_access(deed: Deed, agency_id: uuid.UUID) -> bool:
    """Whether somebody of an agency has the whole matter now, as far as it is told to them."""
    running = Grant.objects.filter(
        matter=deed.case.matter_id, participant=None, ended_at=None, starts_at__lte=StoreNow(), ends_at__gt=StoreNow()
    )
    return running.filter(worker__agency=agency_id, worker__is_active=True).exists()


def give_access(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    colleague_id: uuid.UUID,
    ends_at: datetime.datetime,
    now: datetime.datetime,
    task: uuid.UUID | None = None,
) -> Grant:
    """Give a colleague of one's own agency need to know of the whole matter, until a day within a year (R-208), or until an open
    task of the agency is done, whatever comes first.

    Oneself only when no colleague in the matter could, for a month at most; the ledger marks it for the access review (B-024).
    Raises `EndNotAllowed`, `OwnEndNotAllowed`, `ColleagueCanGive`, `NoWorkInCases`, `NotInThisCase` of a task that is not open.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.GIVE_ACCESS, now=now, also_ended=True)
    if not now < ends_at <= now + GRANT_LASTS:
        raise EndNotAllowed
    colleague = Worker.objects.filter(id=colleague_id, agency=worker.agency_id, unit=worker.unit_id, is_active=True).first()
    if colleague is None:
        raise NotVisible
    _check_works_in_cases(colleague)
    is_own = colleague.id == worker.id
    if is_own:
        _check_own(deed, ends_at)
    if task is not None:
        rules.check_members([task], own_open_tasks(worker, deed.case).values_list("root", flat=True))
    grant = _grant(
        worker,
        matter_id=deed.case.matter_id,
        to=colleague,
        participant=None,
        reason="own" if is_own else "colleague",
        now=now,
        ends_at=ends_at,
        given_for=task,
    )
    note(deed, "access.given", codes={"worker": str(colleague.id), **({"own": "yes"} if is_own else {})})
    return grant


def _check_own(deed: Deed, ends_at: datetime.datetime) -> None:
    others = colleagues_who_give(deed.worker, deed.case)
    if others:
        raise ColleagueCanGive(others[0].name)
    if ends_at > deed.now + OWN_GRANT_LASTS:
        raise OwnEndNotAllowed


def end_access(*, worker: Worker, case_id: uuid.UUID, grant_id: uuid.UUID, now: datetime.datetime) -> None:
    """End a grant of a worker of one's own agency before its time."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.GIVE_ACCESS, now=now, also_ended=True)
    ended = Grant.objects.filter(
        id=grant_id, matter=deed.case.matter_id, worker__agency=worker.agency_id, ended_at=None
    ).update(ended_at=now)
    if not ended:
        raise NotVisible
    note(deed, "access.ended", codes={"grant": str(grant_id)})


def admit_for_course(deed: Deed, holder: Worker, *, participant: uuid.UUID, finding: Finding, necessity: str) -> None:
    """A mentor or coach who takes a course needs to know of the one participant, and of nothing else (R-209).
    Raises `NotLawful`."""
    check_allowed(finding)
    _check_works_in_cases(holder)
    if holder.agency_id not in _admitted(deed):
        _admit(deed, agency_id=holder.agency_id, finding=finding, necessity=necessity)
    _grant(
        deed.worker,
        matter_id=deed.case.matter_id,
        to=holder,
        participant=participant,
        reason="course",
        now=deed.now,
        ends_at=deed.now + GRANT_LASTS,
    )
    note(deed, "access.given", codes={"worker": str(holder.id)})


def _check_works_in_cases(worker: Worker) -> None:
    if not worker.may(Permission.SEE_CASES):
        raise NoWorkInCases


def _admitted(deed: Deed) -> set[uuid.UUID]:
    return set(Admission.objects.filter(matter=deed.case.matter_id, ended_at=None).values_list("agency_id", flat=True))


def _admit(deed: Deed, *, agency_id: uuid.UUID, finding: Finding, necessity: str, given_for: uuid.UUID | None = None) -> None:
    Admission(
        matter_id=deed.case.matter_id,
        agency_id=agency_id,
        admitted_by=deed.worker,
        admitted_at=deed.now,
        given_for=given_for,
    ).save(force_insert=True)
    note(deed, "agency.admitted", codes={"agency": str(agency_id), "finding": finding.by[0]}, reason=necessity)


def _grant(
    giver: Worker,
    *,
    matter_id: uuid.UUID,
    to: Worker,
    participant: uuid.UUID | None,
    reason: str,
    now: datetime.datetime,
    ends_at: datetime.datetime,
    given_for: uuid.UUID | None = None,
) -> Grant:
    if matter_id in reach_of(giver).locked:
        reason = SPECIAL  # whoever is let into a locked matter is let in by name
    grant = Grant(
        worker=to,
        matter_id=matter_id,
        participant=participant,
        reason=reason,
        given_by=giver,
        starts_at=now,
        ends_at=ends_at,
        given_for=given_for,
    )
    grant.save(force_insert=True)
    return grant
