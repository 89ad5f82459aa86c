"""Asking again who it is, before a sensitive deed."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode


def ask_again(request: HttpRequest, *, back: str | None = None, app: str = "") -> HttpResponse | None:
    """The way to confirm who one is, and from there back; nothing when that was done in the last five minutes.

    What was sent is not kept meanwhile: it may hold a secret. `app` is allauth's room, for its exceptions.
    """
    if not is_reauthentication_required(request, app=app):
        return None
    way = get_adapter(request).get_reauthentication_methods(request.user)[0]
    return redirect(f"{way['url']}?{urlencode({'next': back or request.path})}")
