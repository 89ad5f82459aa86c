"""What stood before a record was corrected."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from forebyg.access.models import Worker
from forebyg.access.reach import reach_of
from forebyg.access.records import AnyRecord, Record
from forebyg.cases.models import Case
from forebyg.cases.queries import has_whole
from forebyg.store.sealed import open_sealed


def earlier_versions(worker: Worker, case: Case, newest: Iterable[AnyRecord]) -> list[AnyRecord]:
    """What stood before the corrections of these records of one kind, opened, newest first. Nothing of a record that was taken out.

    Of what others told us we read the versions about those of whom the newest tells, and no third person (R-221); of a version about
    somebody else than now, a worker who knows one participant only sees nothing either."""
    current = {row.root: row for row in newest if row.version > 1 and not getattr(row, "retraction", "")}
    if not current:
        return []
    model = type(next(iter(current.values())))
    rows = model.objects.filter(
        matter=case.matter_id, root__in=list(current), is_current=False, readers__contains=[worker.agency_id]
    )
    if not has_whole(worker, case):
        rows = rows.filter(~models.Q(about=[]), about__contained_by=list(reach_of(worker).participants))
    found = [row for row in rows.order_by("-version") if _is_told_with(current[row.root], row, worker)]
    open_sealed(found)
    return found


def _is_told_with(newest: Record, earlier: Record, worker: Worker) -> bool:
    same_persons = set(earlier.about) <= set(newest.about) if earlier.about else not newest.about
    return newest.owner_id == worker.agency_id or same_persons
