"""The end of an agency's part in a matter: nobody of it sees the matter from then on."""

from __future__ import annotations

import datetime
import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Admission, Grant, Worker
from forebyg.access.permissions import Permission
from forebyg.access.reach import StoreNow
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, note
from forebyg.cases.models import Task
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken


class LeadStays(RuleBroken):
    """A case is led by an agency that takes part in it."""

    code = "lead-stays"

    def __init__(self) -> None:
        super().__init__(_("Myndigheden leder sagen. Lad en anden lede den først."))


class StillWaitedFor(RuleBroken):
    """One's own agency waits for an answer of it."""

    code = "still-waited-for"

    def __init__(self) -> None:
        super().__init__(_("I venter på svar fra myndigheden. Træk anmodningen tilbage først."))


class HoldsACourse(RuleBroken):
    """A mentor or coach of the agency needs the access for a course."""

    code = "holds-a-course"

    def __init__(self) -> None:
        super().__init__(_("Myndigheden har et forløb i gang. Afslut forløbet først."))


def end_admission(*, worker: Worker, case_id: uuid.UUID, agency_id: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """End an agency's part, as the agency that leads the case or the one that let it in; all access of its workers ends with it.

    What was disclosed to it was disclosed: to take it back is `withdraw`'s. Its own records stay its own, unseen until it is
    admitted again. Raises `NotPermitted`, `NotVisible`, `LeadStays`, `StillWaitedFor`, `HoldsACourse`, `TextMissing`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ADMIT_AGENCY, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    seats = Admission.objects.filter(matter=deed.case.matter_id, agency=agency_id, ended_at=None)
    seat = seats.select_related("admitted_by").first()
    if seat is None:
        raise NotVisible
    if seat.agency_id == deed.case.lead_id:
        raise LeadStays
    if worker.agency_id not in (deed.case.lead_id, seat.admitted_by.agency_id):
        raise NotPermitted(_("Kun den, der leder sagen, eller den, der optog myndigheden, kan afslutte dens deltagelse."))
    waiting = Task.objects.visible_to(worker).filter(
        matter=deed.case.matter_id, kind=Task.Kind.ANSWER_REQUEST, assigned_to=agency_id, owner=worker.agency_id, done_at=None
    )
    if waiting.exists():
        raise StillWaitedFor
    running = Grant.objects.filter(matter=deed.case.matter_id, worker__agency=agency_id, ended_at=None, ends_at__gt=StoreNow())
    if running.filter(participant__isnull=False).exists():
        raise HoldsACourse
    for grant in list(running.values_list("id", flat=True)):
        note(deed, "access.ended", codes={"grant": str(grant)})
    running.update(ended_at=now)
    seats.update(ended_at=now)
    note(deed, "admission.ended", codes={"agency": str(agency_id)}, reason=reason)
