"""One transaction a request, so that a change, its ledger event and the session stand or fall together."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


class OneTransaction:
    """Opens the transaction and rolls back on every response of 500 or more.

    `ATOMIC_REQUESTS` wraps only the view and would commit a row after a handled error.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
