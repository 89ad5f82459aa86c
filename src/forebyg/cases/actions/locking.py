"""The special lock (B-026): a matter about somebody specially protected, such as a relative of staff, for named workers only."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from forebyg.access.models import BREAK_GLASS, Grant, SpecialLock, Worker
from forebyg.access.permissions import Permission
from forebyg.access.reach import SPECIAL, forget_reach
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, note
from forebyg.cases.queries import is_locked, live_grants
from forebyg.core.errors import NotPermitted, RuleBroken
from forebyg.core.ids import new_id


class AlreadyLocked(RuleBroken):
    """A matter is locked once."""

    code = "already-locked"

    def __init__(self) -> None:
        super().__init__(_("Sagen er allerede særligt låst. Giv en medarbejder adgang, hvis flere skal kunne se den."))


class NotLocked(RuleBroken):
    """There is no lock to lift."""

    code = "not-locked"

    def __init__(self) -> None:
        super().__init__(_("Sagen er ikke særligt låst."))


def lock_specially(
    *, worker: Worker, case_id: uuid.UUID, keep: Iterable[uuid.UUID], reason: str, now: datetime.datetime
) -> SpecialLock:
    """Lock the matter: from now on only the one who locks it and the named workers see it, each as far and as long as before.
    Nobody else does, by whatever grant, in whatever agency, and it is on no board. The reason is sealed in the ledger.

    Raises `NotPermitted` for another agency than the one that leads, `NotInThisCase`, `AlreadyLocked`, `TextMissing`.
    """
    deed = _begin(worker, case_id, now)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    if is_locked(worker, deed.case):
        raise AlreadyLocked
    live = [grant for grant in live_grants(deed.case) if grant.reason != BREAK_GLASS]  # an emergency names nobody
    named = {*keep, worker.id}
    rules.check_members(named, {grant.worker_id for grant in live})
    for grant in live:
        if grant.worker_id not in named:
            _end_if_named_before(deed, grant)
        elif grant.reason != SPECIAL:
            _name(deed, grant)
    lock = SpecialLock(id=new_id(), matter_id=deed.case.matter_id, locked_by=worker, locked_at=now)
    lock.save(force_insert=True)
    forget_reach(worker)
    note(deed, "matter.locked", reason=reason)
    return lock


def lift_lock(*, worker: Worker, case_id: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """Lift the lock: from now on every grant counts again. Raises `NotPermitted`, `NotLocked`, `TextMissing`."""
    deed = _begin(worker, case_id, now)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    if not SpecialLock.objects.filter(matter=deed.case.matter_id, lifted_at=None).update(lifted_at=now, lifted_by=worker):
        raise NotLocked
    forget_reach(worker)
    note(deed, "matter.unlocked", reason=reason)


def _begin(worker: Worker, case_id: uuid.UUID, now: datetime.datetime) -> Deed:
    deed = begin(worker=worker, case_id=case_id, permission=Permission.LOCK_SPECIALLY, now=now, also_ended=True)
    if deed.case.lead_id != worker.agency_id:
        raise NotPermitted(
            _("Kun %(agency)s, der leder sagen, kan låse den særligt og låse den op. Kontakt dem.")
            % {"agency": deed.case.lead.name}
        )
    return deed


def _end_if_named_before(deed: Deed, grant: Grant) -> None:
    """A name from an earlier lock is not one in this."""
    if grant.reason == SPECIAL:
        Grant.objects.filter(id=grant.id).update(ended_at=deed.now)
        note(deed, "access.ended", codes={"grant": str(grant.id)})


def _name(deed: Deed, grant: Grant) -> None:
    named = Grant(
        id=new_id(),
        worker_id=grant.worker_id,
        matter_id=grant.matter_id,
        participant=grant.participant,
        reason=SPECIAL,
        given_by=deed.worker,
        starts_at=deed.now,
        ends_at=grant.ends_at,
    )
    named.save(force_insert=True)
    note(deed, "access.given", codes={"worker": str(grant.worker_id), "special": "yes"})
