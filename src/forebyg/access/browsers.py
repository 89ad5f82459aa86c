"""Browsers that a worker has signed in from: a signed cookie that lasts holds the ids of its rows, and nothing else is known."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from forebyg.access.models import KnownBrowser, Worker

_LASTS = datetime.timedelta(days=400)
_MOST = 20
"""Workers who share a browser; the cookie of one more forgets the first."""
_SALT = "forebyg.access.browsers"


def cookie_name() -> str:
    """Bound to https where there is https."""
    return "__Secure-forebyg_browser" if settings.FOREBYG.https else "forebyg_browser"


def recognise(request: HttpRequest, response: HttpResponse, worker: Worker, at: datetime.datetime) -> bool:
    """Whether the worker has signed in from this browser before; from now on it is known."""
    carried = _ids(request.COOKIES.get(cookie_name(), ""))
    if KnownBrowser.objects.filter(worker=worker, id__in=carried).update(last_seen_at=at):
        return True
    browser = KnownBrowser.objects.create(worker=worker, first_seen_at=at, last_seen_at=at)
    response.set_cookie(
        cookie_name(),
        signing.dumps([str(one) for one in [*carried, browser.id][-_MOST:]], salt=_SALT),
        max_age=_LASTS,
        path="/konto/",
        secure=settings.FOREBYG.https,
        httponly=True,
        samesite="Lax",
    )
    return False


def new_browsers(worker: Worker, *, since: datetime.datetime) -> list[datetime.datetime]:
    """When the worker signed in from a browser not seen before, newest first."""
    found = KnownBrowser.objects.filter(worker=worker, first_seen_at__gte=since).order_by("-first_seen_at")
    return list(found.values_list("first_seen_at", flat=True))


def _ids(cookie: str) -> list[uuid.UUID]:
    """What the cookie holds; nothing when it was tampered with or is too old."""
    try:
        return [uuid.UUID(one) for one in signing.loads(cookie, salt=_SALT, max_age=_LASTS)]
    except signing.BadSignature:
        return []
