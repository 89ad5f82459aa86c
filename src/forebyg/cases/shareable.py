"""Which of its own records an agency can disclose, each with a label by which a worker knows it."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.cases import wording
from forebyg.cases.actions.disclosing import record_kinds
from forebyg.cases.models import Case, TimelineEntry
from forebyg.cases.queries import participants_of, records_of
from forebyg.strategy.queries import pack_of
from forebyg.ui.moments import short_date

NEVER_BY_HAND = frozenset({"cases_proceduretick"})
"""Ticks say nothing."""

_SHOWN = 90
"""Characters of a text that are enough to know it by."""


def shareable_records(worker: Worker, case: Case, *, not_to: uuid.UUID | None = None) -> list[tuple[str, uuid.UUID, str]]:
    """Table, root and label of every record of the worker's own agency in the case, newest first; without those that the
    agency `not_to` can see already."""
    own: list[tuple[str, Record]] = [
        (table, row)
        for table, model in record_kinds().items()
        if table not in NEVER_BY_HAND
        for row in records_of(worker, case, model)
        if row.owner_id == worker.agency_id and not_to not in row.readers
    ]
    own.sort(key=lambda one: (one[1].happened_at, one[1].id), reverse=True)
    said = _said(worker, case)
    people = {person.root: str(person.label) for person in participants_of(worker, case)}
    return [(table, row.root, _label(table, row, said, people)) for table, row in own]


def _said(worker: Worker, case: Case) -> dict[uuid.UUID, str]:
    """What the timeline says of each record."""
    pack = pack_of(worker)
    return {
        entry.record_root: ": ".join(filter(None, [wording.entry_title(entry.kind, entry.codes, pack), _short(entry.text)]))
        for entry in records_of(worker, case, TimelineEntry)
    }


def _label(table: str, row: Record, said: dict[uuid.UUID, str], people: dict[uuid.UUID, str]) -> str:
    what = said.get(row.root) or str(wording.RECORD[table])
    about = wording.listed(people.get(root, "") for root in row.about)
    whom = _(" – om %(who)s") % {"who": about} if about else ""
    return f"{short_date(row.happened_at)} · {what}{whom}"


def _short(text: str | None) -> str:
    said = text or ""
    return said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"
