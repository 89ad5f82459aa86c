"""A statement of one disclosure, to be printed: what, from, to, on which provision, why, for what, when and by whom (B-021, R-098)."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases import wording
from forebyg.cases.models import Disclosure, TimelineEntry
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.queries import fetch_record
from forebyg.cases.tabs import SHARING
from forebyg.core.errors import NotVisible


@require_safe
def statement(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """For both sides of the disclosure, and for nobody else. It tells what sort of record it was, never its text."""
    page = open_page(request, reference, SHARING)
    if not page.is_whole:
        raise NotVisible
    row = fetch_record(worker=page.worker, model=Disclosure, case=page.case, root=root)
    page.know([row])
    return page.answer("sharing/statement.html", records=[row.root, row.record_root], row=row, what=_what(page, row))


def _what(page: CasePage, row: Disclosure) -> str:
    """Its heading on the timeline, where that is still seen; else what sort of record it is."""
    entry = TimelineEntry.objects.visible_to(page.worker).filter(record_root=row.record_root).first()
    said = wording.entry_title(entry.kind, entry.codes, page.pack) if entry else str(wording.RECORD.get(row.record_table, ""))
    about = page.labels(row.about)
    return f"{said} – {about}" if about else said
