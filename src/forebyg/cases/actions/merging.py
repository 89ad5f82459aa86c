"""Two participants that are one person: proposed by one worker, reviewed by another, and undone where it was wrong (R-010).

It takes the whole of both matters, and both persons, to propose, to review and to undo; so nobody learns by it of a matter that
was hidden. Nothing moves: the two only count as one person from then on.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.models import Case, Task
from forebyg.cases.queries import fetch_case, fetch_record, has_whole
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.people.models import Merge, Participant


class OnePerson(RuleBroken):
    """There is nothing to merge."""

    code = "one-person"

    def __init__(self) -> None:
        super().__init__(_("De to er allerede den samme person, eller du har valgt den samme to gange. Vælg to forskellige."))


class AlreadyProposed(RuleBroken):
    """One proposal at a time for two persons."""

    code = "already-proposed"

    def __init__(self) -> None:
        super().__init__(_("Det er allerede foreslået, at de to er den samme. Bed en kollega om at tage stilling."))


class OwnProposal(NotPermitted):
    """Nobody reviews the own proposal."""

    code = "own-proposal"

    def __init__(self) -> None:
        super().__init__(_("Du kan ikke selv tage stilling til dit eget forslag. Bed en kollega, der kan se begge sager."))


class MergeMovedOn(RuleBroken):
    """Another merge came in between: perhaps one in a matter that the worker does not see, so the sentence does not say so."""

    code = "merge-moved-on"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Det kan ikke gøres nu, fordi oplysninger om en af personerne er ændret siden. Åbn personens side igen, og se, hvad der står nu."
            )
        )


_LOOK = gettext_noop("Tag stilling til, om to personer er den samme. Forslaget står på personens side.")
"""Kept in the case, so in Danish whoever acts."""


def propose_merge(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    person: uuid.UUID,
    other_case_id: uuid.UUID,
    other: uuid.UUID,
    why: str,
    now: datetime.datetime,
) -> Merge:
    """Propose that two persons, of two matters or of one, are the same human. Raises `NotVisible` unless both are the worker's
    to see, `OnePerson`, `AlreadyProposed`, `TextMissing`."""
    here, there = _both(worker, case_id, other_case_id, now)
    rules.check_text(why, what=_("hvorfor de er den samme"))
    one = fetch_record(worker=worker, model=Participant, case=here.case, root=person)
    two = fetch_record(worker=worker, model=Participant, case=there.case, root=other)
    if one.citizen == two.citizen:
        raise OnePerson
    proposal = Merge(
        id=new_id(),
        matter_one_id=here.case.matter_id,
        person_one=one.root,
        matter_two_id=there.case.matter_id,
        person_two=two.root,
        why=why,
        proposed_by=worker,
        proposed_at=now,
    )
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        raise AlreadyProposed from None
    _keep(here, "merge.proposed", proposal, reason=why)
    keep(
        here,
        Task(kind=Task.Kind.DO, assigned_to_id=worker.agency_id, text=_LOOK),
        action="task.added",
        about=[one.root],
    )
    return proposal


def review_merge(
    *, worker: Worker, case_id: uuid.UUID, merge: uuid.UUID, outcome: str, reason: str, now: datetime.datetime
) -> None:
    """Say whether the two are one, as another than the one who proposed it. Raises `OwnProposal`, `NotVisible`, `MergeMovedOn`,
    `AlreadyDone`, `NotAChoice`, `TextMissing`."""
    deed, proposal = _begin(worker, case_id, merge, now)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    if proposal.proposed_by_id == worker.id:
        raise OwnProposal
    if not proposal.is_waiting:
        raise rules.AlreadyDone
    if outcome not in Merge.Outcome.values:
        raise rules.NotAChoice
    _change(proposal, outcome=outcome, reviewed_by=worker, reviewed_at=now)
    _keep(deed, "merge.accepted" if outcome == Merge.Outcome.ACCEPTED else "merge.declined", proposal, reason=reason)


def undo_merge(*, worker: Worker, case_id: uuid.UUID, merge: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """Let the two be two again, as they were. Raises `NotVisible`, `MergeMovedOn`, `AlreadyDone`, `TextMissing`."""
    deed, accepted = _begin(worker, case_id, merge, now)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    if not accepted.stands:
        raise rules.AlreadyDone
    _change(accepted, undone_by=worker, undone_at=now)
    _keep(deed, "merge.undone", accepted, reason=reason)


def _begin(worker: Worker, case_id: uuid.UUID, merge: uuid.UUID, now: datetime.datetime) -> tuple[Deed, Merge]:
    """The merge, with both its matters locked."""
    if not has_whole(worker, fetch_case(worker=worker, case_id=case_id, permission=Permission.CORRECT)):
        raise NotPermitted(Permission.CORRECT.sentence)
    found = Merge.objects.filter(id=merge).first()
    if found is None:
        raise NotVisible
    both = Case.objects.visible_to(worker).filter(matter__in=[found.matter_one_id, found.matter_two_id])
    cases = dict(both.values_list("matter", "id"))
    if case_id not in cases.values() or len(cases) != len({found.matter_one_id, found.matter_two_id}):
        raise NotVisible
    here, _there = _both(worker, cases[found.matter_one_id], cases[found.matter_two_id], now)
    return here, Merge.objects.get(id=merge)


def _both(worker: Worker, one: uuid.UUID, two: uuid.UUID, now: datetime.datetime) -> tuple[Deed, Deed]:
    """Both cases, locked always in the same order, so that two workers do not wait for one another."""
    deeds = {
        case_id: begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
        for case_id in sorted({one, two})
    }
    return deeds[one], deeds[two]


def _change(merge: Merge, **values: object) -> None:
    try:
        with transaction.atomic():
            if not Merge.objects.filter(id=merge.id).update(**values):
                raise NotVisible
    except OperationalError:
        raise MergeMovedOn from None


def _keep(deed: Deed, action: str, merge: Merge, *, reason: str) -> None:
    """The event, of both matters."""
    record(
        action,
        actor=deed.worker,
        at=deed.now,
        matters=sorted({merge.matter_one_id, merge.matter_two_id}),
        records=[merge.person_one, merge.person_two],
        reason=reason,
    )
