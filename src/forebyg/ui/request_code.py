"""A code for each request. It stands on error pages, in the answer's headers and in every log line of the request, so that
support finds the lines of what a worker met. It says nothing about anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
SIGNS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so it makes no words, and nothing that looks like something else when read aloud."""
_GROUP = 4

_current: ContextVar[str] = ContextVar("forebyg_request_code", default="")


def current_code() -> str:
    """The code of the request that this thread serves, such as K7PQ-X2MD; empty outside a request."""
    return _current.get()


def new_code() -> str:
    """Two groups of four signs: 38 random bits."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(_GROUP)) for _ in range(2))


class RequestCode:
    """Gives the request its code. A code that the browser or a proxy sends counts for nothing: it could hold anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = new_code()
        request.code = code  # type: ignore[attr-defined]  # Django logs an answer of 400 or more after the middleware
        before = _current.set(code)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(before)
        response[HEADER] = code
        return response
