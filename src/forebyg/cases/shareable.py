"""Which of its own records an agency can disclose, each with a label by which a worker knows it."""

from __future__ import annotations

import uuid

from django.utils import formats, timezone

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.cases.actions.disclosing import record_kinds
from forebyg.cases.models import Case
from forebyg.cases.queries import records_of

NEVER_BY_HAND = frozenset({"cases_task", "cases_clock", "cases_proceduretick", "intake_reporteridentity"})
"""Tasks and clocks have their own readers, ticks say nothing, and who reported is not told on (B-003)."""


def shareable_records(worker: Worker, case: Case) -> list[tuple[str, uuid.UUID, str]]:
    """Table, root and label of every record of the worker's own agency in the case, newest first."""
    own: list[tuple[str, Record]] = [
        (table, row)
        for table, model in record_kinds().items()
        if table not in NEVER_BY_HAND
        for row in records_of(worker, case, model)
        if row.owner_id == worker.agency_id
    ]
    own.sort(key=lambda one: one[1].happened_at, reverse=True)
    return [(table, row.root, _label(row)) for table, row in own]


def _label(row: Record) -> str:
    day = formats.date_format(timezone.localtime(row.happened_at), "SHORT_DATE_FORMAT")
    said = next((text for name in ("label", "text", "reason", "number") if (text := getattr(row, name, ""))), "")
    kind = getattr(row, "get_kind_display", lambda: row._meta.verbose_name)()
    short = said if len(said) <= 80 else f"{said[:79]}…"
    return f"{day} · {kind}" + (f": {short}" if short else "")
