"""Who dealt with one matter, and why they could."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from forebyg.access.models import SpecialLock, Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.core.errors import NotVisible
from forebyg.oversight.events import matters_of
from forebyg.oversight.models import OverseenGrant
from forebyg.oversight.sentences import Group, actions_of

MOST_DAYS = 500


@dataclass(frozen=True)
class DealtDay:
    """A worker's events in the matter on one local day."""

    day: datetime.date
    readings: int
    changes: int
    first_at: datetime.datetime
    last_at: datetime.datetime


@dataclass(frozen=True)
class Dealings:
    """One worker's days in the matter, the newest first, and the grants that opened it; none are told of others' workers."""

    worker_id: uuid.UUID | None
    agency_id: uuid.UUID | None
    is_own: bool
    days: list[DealtDay]
    grants: list[OverseenGrant]


def lock_of(worker: Worker, reference: str) -> SpecialLock | None:
    """The special lock that stands in a matter; why it was set is sealed in the ledger. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    locks = SpecialLock.objects.filter(matter__in=matters_of(reference), lifted_at=None)
    return locks.select_related("locked_by").first()


def dealings_with(worker: Worker, reference: str) -> tuple[list[Dealings], bool]:
    """By worker, who was there last first; and whether older days were left out.

    Raises `NotPermitted`, and `NotVisible` for a matter that neither one's own workers nor one's own records had to do with.
    """
    require(worker, Permission.OVERSEE)
    grants: dict[uuid.UUID, list[OverseenGrant]] = {}
    for grant in OverseenGrant.objects.filter(reference=reference).order_by("-starts_at", "id")[:MOST_DAYS]:
        grants.setdefault(grant.worker_id, []).append(grant)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, agency_id, is_own, day, readings, changes, first_at, last_at FROM oversight_dealings(%s, %s, %s, %s)",
            [reference, actions_of(Group.READING), timezone.get_current_timezone_name(), MOST_DAYS + 1],
        )
        rows = cursor.fetchall()
    if not rows and not grants:
        raise NotVisible
    found: dict[tuple[uuid.UUID | None, uuid.UUID | None], Dealings] = {}
    for who, agency, is_own, *day in rows[:MOST_DAYS]:
        dealt = found.setdefault((who, agency), Dealings(who, agency, is_own, [], grants.get(who, []) if is_own else []))
        dealt.days.append(DealtDay(*day))
    seen = {dealt.worker_id for dealt in found.values()}
    never = [
        Dealings(who, given[0].agency_id, is_own=True, days=[], grants=given)
        for who, given in grants.items()
        if who not in seen
    ]
    return [*found.values(), *never], len(rows) > MOST_DAYS
