"""Files come in before the request's transaction begins: they take as long as the sender's line does, and a transaction may not.

Who sends is asked first, so that nobody who may not write in the case is listened to. All is asked again, as ever, by the request
itself. What the form did not keep is removed when the request is over.
"""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from forebyg.access.models import Worker
from forebyg.cases.acts import ACTS
from forebyg.cases.documents.incoming import FIELD, Sealing
from forebyg.cases.queries import fetch_case
from forebyg.core.errors import ForebygError
from forebyg.store.identity import act_as

_PIECE = 1 << 16  # bytes
Handler = Callable[[HttpRequest], HttpResponse]


class Uploads:
    """For a form with a file: takes the file in, sealed, before anything else is done. All other forms get no files."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_upload(request) or not _may_send(request):
            return self.get_response(request)
        sealing = Sealing(request)
        request.upload_handlers = [sealing]
        try:
            _take_in(request, sealing)
            return self.get_response(request)
        finally:
            if sealing.incoming is not None:
                sealing.incoming.draft.discard()


def _take_in(request: HttpRequest, sealing: Sealing) -> None:
    files = request.FILES
    incoming = sealing.incoming
    if incoming is None:
        return
    if incoming.refusal is not None and int(request.META["CONTENT_LENGTH"]) <= sealing.worth_hearing:
        while request.read(_PIECE):
            pass
    if incoming.refusal is None:
        incoming.look()
    if FIELD not in files:
        files.appendlist(FIELD, incoming)


def _is_upload(request: HttpRequest) -> bool:
    if request.method != "POST" or request.content_type != "multipart/form-data":
        return False
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    act = ACTS.get(match.kwargs.get("slug", ""))
    return (
        act is not None
        and match.view_name == f"cases:act-{act.slug}"
        and isinstance(act.form.base_fields.get(FIELD), forms.FileField)
    )


def _may_send(request: HttpRequest) -> bool:
    match = resolve(request.path_info)
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    with transaction.atomic():
        worker = get_user(request)
        if not isinstance(worker, Worker):
            return False
        act_as(worker.id)
        try:
            fetch_case(worker=worker, reference=match.kwargs["reference"], permission=ACTS[match.kwargs["slug"]].permission)
        except ForebygError:
            return False
        finally:
            act_as(None)
    return True
