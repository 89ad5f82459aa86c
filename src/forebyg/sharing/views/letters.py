"""Letters to those outside the agencies: on the tab of a case, and each as a page to be printed or a file."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases import wording
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.queries import fetch_record, records_of
from forebyg.cases.tabs import SHARING
from forebyg.cases.views.paper import pdf_of
from forebyg.core.errors import NotVisible
from forebyg.sharing.models import Letter
from forebyg.ui.moments import date, short_date
from forebyg.ui.paper import Part, Sheet, paragraphs


def letters(page: CasePage) -> dict[str, object]:
    """The own agency's letters in the case, the newest first, each with its address; one query and one of the keys."""
    found = records_of(page.worker, page.case, Letter)[::-1]
    return {"letters": [(one, reverse("sharing:letter", args=[page.reference, one.root])) for one in found]}


@require_safe
def letter(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """A letter as it is sent."""
    page, row = _opened(request, reference, root)
    return page.answer(
        "sharing/letter.html",
        records=[row.root, *row.records],
        sheet=_sheet(page, row),
        pdf_url=reverse("sharing:letter-pdf", args=[page.reference, row.root]),
        withdraw_url=None if row.withdrawn_at else page.act("traek-brev", row.root),
    )


@require_safe
def letter_pdf(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """The same as a PDF."""
    page, row = _opened(request, reference, root)
    return pdf_of(page, _sheet(page, row), name="brev", records=[row.root, *row.records])


def _opened(request: WorkerRequest, reference: str, root: uuid.UUID) -> tuple[CasePage, Letter]:
    page = open_page(request, reference, SHARING)
    if not page.is_whole:
        raise NotVisible
    row = fetch_record(worker=page.worker, model=Letter, case=page.case, root=root)
    page.know([row], workers=[row.withdrawn_by_id])
    return page, row


def _sheet(page: CasePage, row: Letter) -> Sheet:
    written = (date(row.happened_at), _("Sag %(reference)s") % {"reference": page.reference}, page.author(row))
    why = Part(
        _("Hvorfor vi må fortælle det"),
        paragraphs=(f"{wording.basis(row.finding, page.pack)}.", *map(_as_sentence, wording.conditions(row.finding))),
    )
    return Sheet(
        title=_("Brev fra %(agency)s") % {"agency": page.agency(row.owner_id)},
        sender=page.agency(row.owner_id),
        purpose=wording.purpose_line(row.finding),
        marks=wording.marks(row.finding),
        stamp=_("Trukket tilbage %(day)s") % {"day": short_date(row.withdrawn_at)} if row.withdrawn_at else "",
        made_at=page.now,
        parts=(*_withdrawn(page, row), Part(paragraphs=(" · ".join(written), *paragraphs(row.text))), why),
    )


def _withdrawn(page: CasePage, row: Letter) -> tuple[Part, ...]:
    """What follows for whoever has the letter."""
    if not row.withdrawn_at:
        return ()
    said = _(
        "Trukket tilbage %(day)s af %(who)s. Det, der står i brevet, gælder ikke længere. Har du spørgsmål, så kontakt os."
    )
    given = {"day": date(row.withdrawn_at), "who": page.name(row.withdrawn_by_id)}
    return (Part(_("Brevet er trukket tilbage"), paragraphs=(said % given,)),)


def _as_sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
