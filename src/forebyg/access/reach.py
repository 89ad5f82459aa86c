"""How far a worker's need to know reaches: the application's half of the visibility rule."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import models

from forebyg.access.models import Admission, Grant, Worker


class StoreNow(models.Func):
    """`store.now()` in a query: the time that policies and clocks live in."""

    function = "store.now"
    output_field = models.DateTimeField()


@dataclass(frozen=True)
class Reach:
    """The matters that live grants cover whole, and those of which they cover some participants."""

    whole: frozenset[uuid.UUID]
    partial: frozenset[uuid.UUID]
    participants: frozenset[uuid.UUID]

    @property
    def matters(self) -> frozenset[uuid.UUID]:
        """Every matter whose frame the worker sees."""
        return self.whole | self.partial


def reach_of(worker: Worker) -> Reach:
    """The worker's reach now; read once per worker instance, that is, once per request."""
    cached: Reach | None = worker.__dict__.get("_reach")
    if cached is None:
        cached = worker.__dict__["_reach"] = _read(worker)
    return cached


def forget_reach(worker: Worker) -> None:
    """Read the reach anew next time: after a grant was given or ended."""
    worker.__dict__.pop("_reach", None)


def _read(worker: Worker) -> Reach:
    admitted = Admission.objects.filter(agency=worker.agency_id, ended_at=None, matter=models.OuterRef("matter"))
    grants = Grant.objects.filter(
        models.Exists(admitted), worker=worker.id, ended_at=None, starts_at__lte=StoreNow(), ends_at__gt=StoreNow()
    ).values_list("matter_id", "participant")
    whole = frozenset(matter for matter, participant in grants if participant is None)
    rest = [(matter, participant) for matter, participant in grants if participant is not None and matter not in whole]
    return Reach(whole, frozenset(matter for matter, _ in rest), frozenset(participant for _, participant in rest))
