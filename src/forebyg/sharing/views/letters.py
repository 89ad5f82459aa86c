"""Letters to those outside the agencies: on the tab of a case, and each as a page to be printed."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.queries import fetch_record, records_of
from forebyg.cases.tabs import SHARING
from forebyg.core.errors import NotVisible
from forebyg.sharing.models import Letter


def letters(page: CasePage) -> dict[str, object]:
    """The own agency's letters in the case, the newest first, each with its address; one query and one of the keys."""
    found = records_of(page.worker, page.case, Letter)[::-1]
    return {"letters": [(one, reverse("sharing:letter", args=[page.reference, one.root])) for one in found]}


@require_safe
def letter(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """A letter as it is sent."""
    page = open_page(request, reference, SHARING)
    if not page.is_whole:
        raise NotVisible
    row = fetch_record(worker=page.worker, model=Letter, case=page.case, root=root)
    page.know([row])
    return page.answer("sharing/letter.html", records=[row.root, *row.records], row=row)
