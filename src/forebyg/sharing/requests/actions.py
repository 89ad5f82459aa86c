"""Asking another agency, answering, declining and withdrawing (B-020). Nothing here tells anything without the gate."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from forebyg.access.models import Membership, Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules as case_rules
from forebyg.cases.actions.disclosing import NothingChosen, disclose
from forebyg.cases.actions.keeping import Deed, begin, keep, note
from forebyg.cases.actions.opening import has_access, let_in_to_answer
from forebyg.cases.actions.telling import tell
from forebyg.cases.actions.triage import start_clock
from forebyg.cases.finding import Terms, as_kept, check_allowed
from forebyg.cases.models import Clock, Disclosure, Task, TimelineEntry
from forebyg.cases.queries import fetch_record, participants_of
from forebyg.core.errors import NotVisible
from forebyg.core.ids import new_id
from forebyg.people.models import Participant
from forebyg.sharing.gate import finding_for, finding_to_name
from forebyg.sharing.requests import rules
from forebyg.sharing.requests.models import InformationRequest, RequestAnswer, RequestState
from forebyg.sharing.requests.naming import as_named


def ask_agency(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    asked: uuid.UUID,
    contact: uuid.UUID | None,
    persons: Iterable[uuid.UUID],
    question: str,
    necessity: str,
    terms: Terms,
    due_on: datetime.date,
    now: datetime.datetime,
    seen: int | None = None,
) -> InformationRequest:
    """Ask an agency about persons of the case until a day. That it names them goes through the gate first; an agency outside
    the case is admitted, and its contact sees the frame and this request.

    Raises `NotLawful` with the finding's sentence, `AskingOneself`, `NoSeat`, `NobodyNamed`, `PersonOfAnother`,
    `DueNotAllowed`, `ContactMissing`, `TextMissing`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now, seen=seen)
    case_rules.check_text(question, what=_("hvad I spørger om"))
    case_rules.check_text(necessity, what=_("hvorfor det er nødvendigt at spørge"))
    seated = Membership.objects.filter(unit=worker.unit_id).values_list("agency", flat=True)
    rules.check_asked(asked, own=worker.agency_id, seated=seated)
    due_at = rules.end_of(due_on)
    rules.check_due(due_at, now=now)
    named = _named(deed, persons)
    rules.check_named(named, own=worker.agency_id, asked=asked)
    about = [person.root for person in named]
    finding = finding_to_name(worker=worker, case=deed.case, persons=about, to_agency=asked, terms=terms, now=now)
    check_allowed(finding)
    root = new_id()
    let_in_to_answer(
        deed,
        agency_id=asked,
        contact_id=contact,
        finding=finding,
        necessity=necessity,
        request=root,
    )
    request = keep(
        deed,
        InformationRequest(
            id=root,
            asked_id=asked,
            forum=terms.forum,
            purpose=terms.purpose,
            finding=as_kept(finding, purpose=terms.purpose),
            persons="\n".join(as_named(person) for person in named),
            question=question,
            necessity=necessity,
            due_at=due_at,
        ),
        action="request.sent",
        about=about,
        entry=TimelineEntry.Kind.REQUEST,
        entry_codes={"asked": str(asked), "basis": finding.by[0]},
        entry_text=question,
        fact="request",
        fact_codes={"forum": terms.forum, "basis": finding.by[0]},
    )
    start_clock(deed, rule=Clock.Rule.REQUEST, started_at=now, due_at=due_at, concerns=request.root)
    tell(deed, Task.Kind.ANSWER_REQUEST, asked, due_at=due_at, concerns=request.root)
    return request


def answer_request(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    request: uuid.UUID,
    records: Iterable[tuple[str, uuid.UUID]],
    terms: Terms,
    necessity: str,
    now: datetime.datetime,
) -> RequestAnswer:
    """Answer with records of one's own agency, each disclosed through the gate with a finding of its own: all or none.

    Raises `NotLawful`, `NotTheOwner`, `NothingChosen`, `RequestEnded`, `NotAskedOfUs`, `NobodyThere`, `TextMissing`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ANSWER_FOR_AGENCY, now=now, also_ended=True)
    asked = _asked_of_us(deed, request)
    if not has_access(deed, asked.owner_id):
        raise rules.NobodyThere
    told: list[Disclosure] = []
    for record in dict.fromkeys(records):
        finding = finding_for(
            worker=worker,
            case=deed.case,
            records=[record],
            to_agency=asked.owner_id,
            terms=terms,
            now=now,
            asked_about=asked.about,
        )
        told += disclose(
            worker=worker,
            case_id=case_id,
            records=[record],
            to_agency=asked.owner_id,
            finding=finding,
            purpose=terms.purpose,
            necessity=necessity,
            now=now,
        )
    if not told:
        raise NothingChosen
    return _answer(deed, asked, RequestAnswer.Kind.ANSWERED, disclosures=[one.root for one in told])


def decline_request(
    *, worker: Worker, case_id: uuid.UUID, request: uuid.UUID, reason: str, now: datetime.datetime
) -> RequestAnswer:
    """Say no, with the reason: nobody is bound to disclose. Raises `RequestEnded`, `NotAskedOfUs`, `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ANSWER_FOR_AGENCY, now=now, also_ended=True)
    asked = _asked_of_us(deed, request)
    case_rules.check_text(reason, what=str(case_rules.WHAT_REASON))
    return _answer(deed, asked, RequestAnswer.Kind.DECLINED, reason=reason)


def withdraw_request(*, worker: Worker, case_id: uuid.UUID, request: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """Take one's own agency's request back before it is answered: whom it names does not stay with the agency asked, which
    is told in fixed words. Raises `RequestEnded`, `NotAskedOfUs`, `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ANSWER_FOR_AGENCY, now=now, also_ended=True)
    ours = fetch_record(worker=worker, model=InformationRequest, case=deed.case, root=request)
    if not ours.is_from(worker.agency_id):
        raise rules.NotAskedOfUs
    rules.check_open(ours.state)
    case_rules.check_text(reason, what=str(case_rules.WHAT_REASON))
    InformationRequest.objects.filter(id=ours.id).update(outcome=RequestState.WITHDRAWN, ended_at=now)
    note(deed, "request.withdrawn", records=[ours.root], codes={"asked": str(ours.asked_id)}, reason=reason)
    tell(deed, Task.Kind.REQUEST_WITHDRAWN, ours.asked_id, concerns=ours.root)


def fetch_asked(*, worker: Worker, matter_id: uuid.UUID, request: uuid.UUID) -> InformationRequest:
    """An open request to the worker's agency. Raises `NotVisible`, `NotAskedOfUs`, or `RequestEnded`, also for one that was
    withdrawn, as far as its notice told of it."""
    found: InformationRequest | None = (
        InformationRequest.objects.visible_to(worker).filter(matter=matter_id, root=request).first()
    )
    if found is None:
        notices = Task.objects.visible_to(worker).filter(matter=matter_id, kind=Task.Kind.REQUEST_WITHDRAWN)
        if notices.filter(concerns=request, assigned_to=worker.agency_id).exists():
            raise rules.RequestEnded(RequestState.WITHDRAWN)
        raise NotVisible
    if found.asked_id != worker.agency_id:
        raise rules.NotAskedOfUs
    rules.check_open(found.state)
    return found


def _asked_of_us(deed: Deed, request: uuid.UUID) -> InformationRequest:
    return fetch_asked(worker=deed.worker, matter_id=deed.case.matter_id, request=request)


def _named(deed: Deed, persons: Iterable[uuid.UUID]) -> list[Participant]:
    wanted = set(persons)
    known = participants_of(deed.worker, deed.case)
    case_rules.check_members(wanted, [person.root for person in known])
    return [person for person in known if person.root in wanted]


def _answer(
    deed: Deed, asked: InformationRequest, kind: str, *, disclosures: Iterable[uuid.UUID] = (), reason: str = ""
) -> RequestAnswer:
    """Keep the answer; a trigger ends the request, its deadline and its task."""
    answer = keep(
        deed,
        RequestAnswer(request=asked.root, asker_id=asked.owner_id, kind=kind, disclosures=list(disclosures), reason=reason),
        action="request.declined" if kind == RequestAnswer.Kind.DECLINED else "request.answered",
        about=asked.about,
        entry=TimelineEntry.Kind.REQUEST_ANSWER,
        entry_codes={"kind": kind},
        entry_text=reason,
        fact="request-answer",
        fact_codes={"kind": kind},
    )
    tell(deed, Task.Kind.REQUEST_ANSWERED, asked.owner_id, concerns=asked.root)
    return answer
