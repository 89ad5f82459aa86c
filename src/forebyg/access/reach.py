"""How far a worker's need to know reaches: the application's half of the visibility rule."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from forebyg.access.models import BREAK_GLASS, Worker
from forebyg.store.rows import as_array
from forebyg.store.together import Question, ask


class StoreNow(models.Func):
    """`store.now()` in a query: the time that policies and clocks live in."""

    function = "store.now"
    output_field = models.DateTimeField()


class AmongIds(models.Func):
    """`field = ANY('{…}')`: membership in a list of ids that may be long, sent as one value."""

    template = "%(expressions)s::uuid[])"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()

    def __init__(self, field: str, ids: Iterable[uuid.UUID]) -> None:
        super().__init__(models.F(field), models.Value(as_array(ids), output_field=models.TextField()))


SPECIAL = "special"
"""The reason of a grant that names a worker in a specially locked matter; there no other counts (B-026)."""


class OnNoLockedMatter(models.Func):
    """`field <> ALL(the locked matters)`: what a board leaves out."""

    template = "%(expressions)s <> ALL ((SELECT access.locked_matters())::uuid[])"
    output_field = models.BooleanField()


@dataclass(frozen=True)
class Reach:
    """The matters that live grants cover whole, those of which they cover some participants, and every one whose frame the worker
    sees (also where only the frame is left). `locked`: those among them that are specially locked. `emergencies`: those of the
    whole ones that nothing but broken glass opened."""

    whole: frozenset[uuid.UUID]
    partial: frozenset[uuid.UUID]
    participants: frozenset[uuid.UUID]
    matters: frozenset[uuid.UUID]
    locked: frozenset[uuid.UUID]
    emergencies: frozenset[uuid.UUID]

    @functools.cached_property
    def whole_array(self) -> str:
        """The matters covered whole, as one value of PostgreSQL's."""
        return as_array(self.whole)

    @functools.cached_property
    def matters_array(self) -> str:
        """All matters whose frame is seen, as one value of PostgreSQL's."""
        return as_array(self.matters)


def reach_of(worker: Worker) -> Reach:
    """The worker's reach now; read once per worker instance, that is, once per request."""
    cached: Reach | None = worker.__dict__.get("_reach")
    if cached is None:
        cached = worker.__dict__["_reach"] = _read(worker)
    return cached


def forget_reach(worker: Worker) -> None:
    """Read the reach anew next time: after a grant was given or ended."""
    worker.__dict__.pop("_reach", None)


# LIMIT keeps the planner from starting with all grants that anybody has in these matters.
_GRANTS = """SELECT g.matter_id, g.participant, a.frame_only, a.special_only, g.reason
  FROM access_grant g
 CROSS JOIN LATERAL (SELECT frame_only, special_only FROM access_admission
                      WHERE matter_id = g.matter_id AND agency_id = %s AND ended_at IS NULL LIMIT 1) a
 WHERE g.worker_id = %s AND g.ended_at IS NULL AND g.starts_at <= (SELECT store.now()) AND g.ends_at > (SELECT store.now())
"""


def _read(worker: Worker) -> Reach:
    (found,) = ask(Question(_GRANTS, [worker.agency_id, worker.id], list))
    grants = [
        (matter, one, frame_only, reason)
        for matter, one, frame_only, locked, reason in found
        if not locked or reason == SPECIAL
    ]
    whole = frozenset(matter for matter, participant, frame_only, _ in grants if participant is None and not frame_only)
    given = frozenset(matter for matter, participant, _, reason in grants if participant is None and reason != BREAK_GLASS)
    rest = [
        (matter, one) for matter, one, frame_only, _ in grants if one is not None and not frame_only and matter not in whole
    ]
    return Reach(
        whole,
        frozenset(matter for matter, _ in rest),
        frozenset(participant for _, participant in rest),
        frozenset(matter for matter, *_ in grants),
        frozenset(matter for matter, *_, special_only, reason in found if special_only and reason == SPECIAL),
        whole - given,
    )
