"""A statement of one disclosure, to be printed or fetched: what, from, to, on which provision, why, for what, when and by whom
(B-021, R-098)."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases import wording
from forebyg.cases.models import Disclosure, TimelineEntry
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.queries import fetch_record
from forebyg.cases.tabs import SHARING
from forebyg.cases.views.paper import pdf_of
from forebyg.core.errors import NotVisible
from forebyg.sharing.wording import danger, lacking
from forebyg.ui.moments import date_and_time, short_date, short_date_and_time
from forebyg.ui.paper import Part, Sheet, paragraphs


@require_safe
def statement(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """For both sides of the disclosure, and for nobody else. It tells what sort of record it was, never its text."""
    page, row = _opened(request, reference, root)
    return page.answer(
        "sharing/statement.html",
        records=[row.root, row.record_root],
        sheet=_sheet(page, row),
        pdf_url=reverse("sharing:statement-pdf", args=[page.reference, row.root]),
    )


@require_safe
def statement_pdf(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """The same as a PDF, for the same two."""
    page, row = _opened(request, reference, root)
    return pdf_of(page, _sheet(page, row), name="erklaering", records=[row.root, row.record_root])


def _opened(request: WorkerRequest, reference: str, root: uuid.UUID) -> tuple[CasePage, Disclosure]:
    page = open_page(request, reference, SHARING)
    if not page.is_whole:
        raise NotVisible
    row = fetch_record(worker=page.worker, model=Disclosure, case=page.case, root=root)
    page.know([row])
    return page, row


def _sheet(page: CasePage, row: Disclosure) -> Sheet:
    finding = row.finding
    told = [
        (_("Sag"), page.reference),
        (_("Hvad"), _what(page, row)),
        (_("Fra"), page.agency(row.owner_id)),
        (_("Til"), page.agency(row.recipient_id)),
        (_("Hvornår"), date_and_time(row.happened_at)),
        (_("Hvordan"), _by_word_of_mouth(row)),
        (_("Af hvem"), page.author(row)),
        (_("Hjemmel"), wording.basis(finding, page.pack)),
        (_("Fare, der vejede tungere"), danger(finding)),
        (_("Samarbejde"), wording.forum(finding)),
        (_("Formål"), wording.purpose(finding)),
        (_("Betingelser"), "\n".join(wording.conditions(finding))),
        (_("Det manglede"), "\n".join(lacking(finding)) or _("Intet")),
        (_("Lovpakke"), "\n".join(wording.sources(finding))),
    ]
    printed = _("Udskrevet %(day)s af %(name)s.") % {"day": short_date_and_time(page.now), "name": page.worker.name}
    return Sheet(
        title=_("Erklæring om en videregivelse"),
        sender=page.agency(page.worker.agency_id),
        purpose=wording.purpose_line(finding),
        marks=wording.marks(finding),
        stamp=_("Trukket tilbage %(day)s") % {"day": short_date(row.withdrawn_at)} if row.withdrawn_at else "",
        made_at=page.now,
        parts=(
            Part(facts=tuple((label, value) for label, value in told if value)),
            Part(_("Nødvendigt, fordi:"), paragraphs=(*paragraphs(row.necessity), printed)),
        ),
    )


def _by_word_of_mouth(row: Disclosure) -> str:
    if not row.told_at:
        return ""
    return _("Givet mundtligt og skrevet ned %(day)s.") % {"day": short_date_and_time(row.recorded_at)}


def _what(page: CasePage, row: Disclosure) -> str:
    """Its heading on the timeline, where that is still seen; else what sort of record it is. Of those whom it is about, those that
    this worker knows of (R-221)."""
    entry = TimelineEntry.objects.visible_to(page.worker).filter(record_root=row.record_root).first()
    said = wording.entry_title(entry.kind, entry.codes, page.pack) if entry else str(wording.RECORD.get(row.record_table, ""))
    about = page.labels(row.about)
    return f"{said} – {about}" if about else said
