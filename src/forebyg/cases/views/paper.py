"""A sheet of a case as it leaves: a page to be printed, or the same as a PDF. Both are events in the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from forebyg.cases.page import CasePage
from forebyg.cases.views.documents import SANDBOX
from forebyg.core.errors import RuleBroken
from forebyg.ui.paper import CannotBeTypeset, Sheet, as_pdf


class NotAsPdf(RuleBroken):
    """The text has signs that no font of ours can show; the browser has more of them."""

    code = "not-as-pdf"

    def __init__(self) -> None:
        super().__init__(
            _("Teksten har tegn, som ikke kan stå i PDF-filen. Gå tilbage, og skriv siden ud fra browseren i stedet.")
        )


def pdf_of(page: CasePage, sheet: Sheet, *, name: str, records: Iterable[uuid.UUID]) -> HttpResponse:
    """The sheet as a file `NAME-REFERENCE.pdf`. It is made in memory and kept nowhere. Raises `NotAsPdf`."""
    try:
        pdf = as_pdf(sheet)
    except CannotBeTypeset:
        raise NotAsPdf from None
    page.note("paper.fetched", records, {"paper": name})
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}-{page.reference}.pdf")
    response["Content-Security-Policy"] = SANDBOX
    return response
