"""Who acts in a request, and what becomes of its errors."""

from __future__ import annotations

import datetime
import time
import uuid
from collections.abc import Callable
from typing import cast

from django.contrib.auth import SESSION_KEY, get_user, logout
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from forebyg.access.models import Worker
from forebyg.audit.record import Codes, record
from forebyg.core.errors import ForebygError, NotPermitted, NotVisible, RuleBroken
from forebyg.store.identity import act_as
from forebyg.ui.responses import problem

Handler = Callable[[HttpRequest], HttpResponse]
SESSION_GRACE = 60  # seconds
SESSION_LONGEST = 12 * 60 * 60  # seconds; a working day, however much the session is used
_PROLONGED = "prolonged"
_BEGAN = "began"


class PublicRequest(HttpRequest):
    """A request whose sender may be signed out. `moment` is `store.now()`, the same all through the request."""

    moment: datetime.datetime
    worker: Worker | None
    failure: Exception | None


class WorkerRequest(HttpRequest):
    """A request behind sign-in. The worker's agency, unit and roles are loaded."""

    moment: datetime.datetime
    worker: Worker


class ActingWorker:
    """Tells the transaction who acts, and gives the request its `worker` and `moment`.

    A worker whose account was closed since the sign-in is signed out.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast("PublicRequest", request)
        worker = request.worker = self._worker(request)
        request.moment = act_as(worker.id if worker else None)
        if worker is not None:
            prolong_session(request.session)
        return self.get_response(request)

    @staticmethod
    def _worker(request: HttpRequest) -> Worker | None:
        user = request.user = get_user(request)  # by `WorkerBackend`
        if isinstance(user, Worker) and time.time() - request.session.setdefault(_BEGAN, int(time.time())) < SESSION_LONGEST:
            return user
        if SESSION_KEY in request.session:
            logout(request)
        return None


def prolong_session(session: SessionBase) -> None:
    """Move the session's end on, at most once in `SESSION_GRACE` seconds: a page that is only read writes no session.

    The session itself lives so much longer than a page says, so that it never ends before that.
    """
    now = int(time.time())
    if now - session.get(_PROLONGED, 0) >= SESSION_GRACE:
        session[_PROLONGED] = now


class Errors:
    """Undoes what a failed view has changed, answers with a page, and keeps the refusal in the ledger (R-217).

    The view runs in a savepoint, so that its changes go while the event of the refusal is committed with the request.
    """

    # Django answers the last four itself; what the view did before it raised one is undone all the same.
    _UNDOING = (ForebygError, Http404, PermissionDenied, SuspiciousOperation, BadRequest)
    _STATUS: tuple[tuple[type[ForebygError], int], ...] = ((NotVisible, 404), (NotPermitted, 403), (RuleBroken, 409))

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            response = self.get_response(request)
            failure: Exception | None = getattr(request, "failure", None)
            if failure is not None or response.status_code >= 500:
                transaction.set_rollback(True)
        if isinstance(failure, ForebygError) and response.status_code < 500:
            return self._refuse(cast("PublicRequest", request), failure, response.status_code)
        if response.status_code == 405:
            return self._explain_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Note the failure. The page itself is made after the changes are undone, so this answer holds only the status."""
        if isinstance(exception, self._UNDOING):
            cast("PublicRequest", request).failure = exception
        for parent, status in self._STATUS:
            if isinstance(exception, parent):
                return HttpResponse(status=status)
        return None

    @staticmethod
    def _refuse(request: PublicRequest, error: ForebygError, status: int) -> HttpResponse:
        match = request.resolver_match
        asked_for = match.kwargs.values() if match else ()
        codes: Codes = {"error": error.code, "status": status, "route": match.view_name if match else ""}
        record(
            "refused",
            actor=request.worker,
            at=request.moment,
            records=[value for value in asked_for if isinstance(value, uuid.UUID)],
            codes=codes,
        )
        # A sentence would tell what is hidden from what is missing.
        return problem(request, status=status, sentence=None if status == 404 else error.sentence)

    @staticmethod
    def _explain_method(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
        """A page for who comes by GET to what can only be sent, such as after signing in again in the middle of a form."""
        response = render(request, "405.html", status=405)
        response["Allow"] = refused["Allow"]
        return response
