"""A document's own page, its content as a download, and what of it is shown without running anything."""

from __future__ import annotations

import uuid
from typing import Literal, TypeVar

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Worker
from forebyg.audit.record import record
from forebyg.cases import wording
from forebyg.cases.actions.documents import fetch_document, fetch_version, open_document
from forebyg.cases.documents.preview import IMAGES, CannotShow, can_preview, picture_of
from forebyg.cases.marks import asked_marks
from forebyg.cases.models import Case, Document, Item
from forebyg.cases.page import CasePage
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cases.versions import earlier_versions
from forebyg.core.errors import NotVisible
from forebyg.law.words import NOT_FOR_INVESTIGATION
from forebyg.store.chunks import SealedFile
from forebyg.store.together import ask
from forebyg.ui.moments import short_date_and_time

# Should a browser ever take it for a page, it is one without an origin, in which nothing runs and nothing is loaded.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
_AS_A_FILE = "application/octet-stream"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def document_page(page: CasePage, root: uuid.UUID) -> HttpResponse:
    """What is known of the document, and a look at it."""
    document = fetch_document(worker=page.worker, case=page.case, root=root)
    items = [one for one in records_of(page.worker, page.case, Item) if one.root == document.item]
    shown = _page_number(page.request, document)
    earlier = earlier_versions(page.worker, page.case, [document])
    page.know([document], earlier)
    return page.answer(
        "cases/case/document.html",
        records=[document.root, *(one.root for one in items)],
        document=document,
        item=items[0] if items else None,
        earlier=earlier,
        told=_facts(page, document),
        can_preview=can_preview(document),
        shown=shown,
    )


def _facts(page: CasePage, document: Document) -> list[tuple[str, str]]:
    scanned = (
        gettext("Undersøgt, intet fundet") if document.is_scanned else gettext("Ikke undersøgt: ingen virusscanner var sat op")
    )
    facts = [
        (gettext("Handler om"), page.labels(document.about)),
        (gettext("Fra"), short_date_and_time(document.happened_at)),
        (gettext("Forum"), document.get_forum_display()),
        (gettext("Størrelse"), wording.file_size(document.size)),
        (gettext("Virus"), scanned),
    ]
    return [(label, value) for label, value in facts if value]


@require_safe
def download(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    """The content as a file. Raises before the first byte when it is not the worker's to see, or cannot be opened."""
    case = fetch_case(worker=request.worker, reference=reference)
    document = fetch_document(worker=request.worker, case=case, root=root)
    return _as_a_file(request, case, document)


@require_safe
def download_version(
    request: WorkerRequest, reference: str, root: uuid.UUID, number: int
) -> HttpResponse | StreamingHttpResponse:
    """The content of one version as a file, for whoever may fetch the newest. Raises as `download`."""
    case = fetch_case(worker=request.worker, reference=reference)
    return _as_a_file(request, case, fetch_version(worker=request.worker, case=case, root=root, number=number))


def _as_a_file(request: WorkerRequest, case: Case, document: Document) -> StreamingHttpResponse:
    content = open_document(document)
    _note(request, case, document, "download")
    response = _sent(request, content, _AS_A_FILE)
    response["Content-Length"] = document.size
    response["Content-Disposition"] = content_disposition_header(True, _name_with_mark(request.worker, case, document))
    return response


def _name_with_mark(worker: Worker, case: Case, document: Document) -> str:
    """The file is given out as it came in, so it carries its purpose mark in its name (B-022)."""
    (marks,) = ask(asked_marks(worker, case))
    is_marked = NOT_FOR_INVESTIGATION in marks.get(document.root, ())
    return f"{wording.mark(NOT_FOR_INVESTIGATION)} - {document.name}" if is_marked else document.name


@require_safe
def preview(request: WorkerRequest, reference: str, root: uuid.UUID, number: int) -> HttpResponse | StreamingHttpResponse:
    """An image as it is, or a page of a PDF as a picture. Raises `NotVisible` where there is nothing to show."""
    case = fetch_case(worker=request.worker, reference=reference)
    document = fetch_document(worker=request.worker, case=case, root=root)
    if not can_preview(document) or not 1 <= number <= max(1, document.pages):
        raise NotVisible
    content = open_document(document)
    _note(request, case, document, "preview")
    if document.kind in IMAGES:
        return _sent(request, content, IMAGES[document.kind])
    try:
        with content:
            return _sealed_off(HttpResponse(picture_of(content, number), content_type="image/png"))
    except CannotShow:
        raise NotVisible from None


def _sent(request: WorkerRequest, content: SealedFile, kind: str) -> StreamingHttpResponse:
    """A chunk at a time, after the transaction; what is asked of the database and the key store was asked before."""
    if request.method == "HEAD":
        content.close()
        return _sealed_off(StreamingHttpResponse((), content_type=kind))
    return _sealed_off(StreamingHttpResponse(content, content_type=kind))


def _sealed_off(response: Answer) -> Answer:
    response["Content-Security-Policy"] = SANDBOX
    return response


def _note(request: WorkerRequest, case: Case, document: Document, how: Literal["download", "preview"]) -> None:
    record(
        "document.seen",
        actor=request.worker,
        at=request.moment,
        matters=[case.matter_id],
        records=[document.root],
        codes={"how": how, "version": document.version},
    )


def _page_number(request: WorkerRequest, document: Document) -> int:
    asked = request.GET.get("side", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    if not 1 <= number <= max(1, document.pages):
        raise NotVisible
    return number
