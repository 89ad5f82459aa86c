"""How an agency stands before the law: the cooperations it takes part in, and whether it has a public task.

The legal gate rests on it, so two persons change it: an administrator proposes, a legal reviewer accepts (ADR 0018).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence

from django.db import IntegrityError, connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, LegalStanding, Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.record import Codes, record
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.store.sealed import open_sealed

FORUMS = {"ssp": "SSP", "psp": "PSP", "ksp": "KSP"}
"""The legal cooperations, in the order of the law's own words (Danish Administration of Justice Act s. 115)."""
LONGEST_REASON = 2000


class NothingNew(RuleBroken):
    """What is proposed is how it is."""

    code = "standing-nothing-new"

    def __init__(self) -> None:
        super().__init__(_("Det er sådan, det allerede står. Vælg det, der skal være anderledes."))


class ReasonMissing(RuleBroken):
    """Who accepts it must be able to judge it."""

    code = "standing-reason-missing"

    def __init__(self) -> None:
        super().__init__(_("Skriv, hvad ændringen bygger på, fx en samarbejdsaftale eller en driftsoverenskomst."))


class AlreadyProposed(RuleBroken):
    """A proposal for the agency waits."""

    code = "standing-already-proposed"

    def __init__(self) -> None:
        super().__init__(_("Der venter allerede et forslag for myndigheden. Træk det tilbage, hvis det skal være anderledes."))


class AlreadyDecided(RuleBroken):
    """Somebody decided on the proposal, or took it back, since the page was opened."""

    code = "standing-already-decided"

    def __init__(self) -> None:
        super().__init__(_("Forslaget er allerede afgjort eller trukket tilbage. Se, hvordan myndigheden står nu."))


class OwnProposal(RuleBroken):
    """Nobody accepts what the same person proposed."""

    code = "standing-own-proposal"

    def __init__(self) -> None:
        super().__init__(_("Du kan ikke selv afgøre dit eget forslag. En anden juridisk godkender skal gøre det."))


def agencies_of(worker: Worker) -> models.QuerySet[Agency]:
    """The agencies of the worker's unit by name, each with `waits` while a proposal for it does. Raises `NotPermitted`."""
    require(worker, Permission.SEE_LEGAL_STANDING)
    waiting = LegalStanding.objects.filter(agency=models.OuterRef("pk"), outcome="")
    return (
        Agency.objects.filter(units=worker.unit_id)
        .select_related("controller")
        .annotate(waits=models.Exists(waiting))
        .order_by("name", "id")
    )


def fetch_agency(worker: Worker, agency_id: uuid.UUID) -> Agency:
    """One agency of the worker's unit. Raises `NotPermitted`, `NotVisible`."""
    agency = agencies_of(worker).filter(pk=agency_id).first()
    if agency is None:
        raise NotVisible
    return agency


def proposals_for(worker: Worker, agency: Agency) -> list[LegalStanding]:
    """Every proposal for an agency, the newest first, opened. Raises `NotPermitted`."""
    require(worker, Permission.SEE_LEGAL_STANDING)
    found = list(agency.standings.select_related("proposed_by", "decided_by").order_by("-proposed_at", "-id"))
    open_sealed(found)
    return found


def fetch_proposal(worker: Worker, proposal_id: uuid.UUID) -> LegalStanding:
    """A proposal of the reviewer's unit that waits, opened. Raises `NotPermitted`, `NotVisible`, `AlreadyDecided`."""
    require(worker, Permission.REVIEW_LAW)
    proposal = _fetch(proposal_id)
    if proposal.outcome:
        raise AlreadyDecided
    open_sealed([proposal])
    return proposal


def propose_standing(
    *,
    worker: Worker,
    agency_id: uuid.UUID,
    forums: Collection[str],
    has_public_task: bool | None,
    reason: str,
    now: datetime.datetime,
) -> LegalStanding:
    """Propose how an agency is to stand. Nothing changes before a legal reviewer accepts it.

    Raises `NotPermitted`, `NotVisible`, `NothingNew`, `ReasonMissing`, `AlreadyProposed`.
    """
    require(worker, Permission.ADMINISTER)
    agency = fetch_agency(worker, agency_id)
    wanted = [forum for forum in FORUMS if forum in forums]
    if wanted == list(agency.forums) and has_public_task == agency.has_public_task:
        raise NothingNew
    if not reason.strip():
        raise ReasonMissing
    proposal = LegalStanding(
        agency=agency, forums=wanted, has_public_task=has_public_task, reason=reason, proposed_by=worker, proposed_at=now
    )
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        raise AlreadyProposed from None
    record("standing-proposed", actor=worker, at=now, records=[proposal.id], codes=_codes(proposal), reason=reason)
    return proposal


def decide_standing(*, worker: Worker, proposal_id: uuid.UUID, outcome: str, now: datetime.datetime) -> Agency:
    """Accept or decline a proposal of somebody else's: only what is accepted changes the agency.

    Raises `NotPermitted`, `NotVisible`, `OwnProposal`, `AlreadyDecided`.
    """
    require(worker, Permission.REVIEW_LAW)
    proposal = _fetch(proposal_id)
    if proposal.proposed_by_id == worker.id:
        raise OwnProposal
    is_accepted = LegalStanding.Outcome(outcome) == LegalStanding.Outcome.ACCEPTED
    _end(proposal, LegalStanding.Outcome.ACCEPTED if is_accepted else LegalStanding.Outcome.DECLINED)
    record(
        "standing-accepted" if is_accepted else "standing-declined",
        actor=worker,
        at=now,
        records=[proposal.id],
        codes=_codes(proposal),
    )
    return proposal.agency


def withdraw_standing(*, worker: Worker, proposal_id: uuid.UUID, now: datetime.datetime) -> Agency:
    """Take a proposal back, as an administrator of the unit. Raises `NotPermitted`, `NotVisible`, `AlreadyDecided`."""
    require(worker, Permission.ADMINISTER)
    proposal = _fetch(proposal_id)
    _end(proposal, LegalStanding.Outcome.WITHDRAWN)
    record("standing-withdrawn", actor=worker, at=now, records=[proposal.id], codes=_codes(proposal))
    return proposal.agency


def what_follows(agency: Agency, *, forums: Sequence[str], has_public_task: bool | None) -> list[str | Promise]:
    """What it means for sharing when the agency stands so instead, in sentences."""
    said: list[str | Promise] = []
    for forum, name in FORUMS.items():
        if forum in forums and forum not in agency.forums:
            said.append(
                _("Myndigheden kan give og få oplysninger i %(forum)s, når en godkendt hjemmel tillader det.") % {"forum": name}
            )
        elif forum in agency.forums and forum not in forums:
            said.append(_("Myndigheden kan ikke længere give eller få oplysninger i %(forum)s.") % {"forum": name})
    if has_public_task != agency.has_public_task:
        said.append(_TASK[has_public_task])
    if said:
        said.append(_("Det gælder fra nu af. Det, der allerede er videregivet, ændrer sig ikke."))
    return said


_TASK: dict[bool | None, Promise] = {
    True: _("Mentorer, coaches og institutioner regnes med til den myndighed, de arbejder for."),
    False: _("Mentorer, coaches og institutioner står uden for: de kan give oplysninger, men får ingen uden samtykke."),
    None: _("Hvor loven spørger, om myndigheden har en offentlig opgave, stopper den, til det er afklaret."),
}


def _fetch(proposal_id: uuid.UUID) -> LegalStanding:
    proposal = LegalStanding.objects.select_related("agency", "proposed_by").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotVisible
    return proposal


def _end(proposal: LegalStanding, outcome: LegalStanding.Outcome) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.decide_standing(%s, %s)", [proposal.id, outcome.value])
        (was_open,) = cursor.fetchone()
    if not was_open:
        raise AlreadyDecided


def _codes(proposal: LegalStanding) -> Codes:
    task = {True: "yes", False: "no", None: "unknown"}[proposal.has_public_task]
    return {"agency": str(proposal.agency_id), "forums": list(proposal.forums), "public_task": task}
