"""What every page needs around its content: the menu, who is signed in, when the session ends. Asks the database nothing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.backends.utils import csrf_input
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.views.own_page import SHORTCUTS_OFF
from forebyg.ui.addresses import path_of


@dataclass(frozen=True)
class _Entry:
    """A line of the menu. `leads_room`: it stands as current for every page of its room that has no line of its own."""

    label: Promise
    view: str
    permission: Permission
    leads_room: bool = False

    @property
    def room(self) -> str:
        return self.view.partition(":")[0]


_MENU = (
    _Entry(_("Min indbakke"), "cases:inbox", Permission.SEE_CASES),
    _Entry(_("Tavlen"), "cases:board", Permission.SEE_BOARD),
    _Entry(_("Overskredne frister"), "cases:breaches", Permission.SEE_BREACHES),
    _Entry(_("Sager"), "cases:list", Permission.SEE_CASES, leads_room=True),
    _Entry(_("Anmodninger"), "requests:inbox", Permission.DISCLOSE),
    _Entry(_("Ny henvendelse"), "intake:new", Permission.TAKE_IN_CONCERN, leads_room=True),
    _Entry(_("Tilsyn"), "oversight:overview", Permission.OVERSEE, leads_room=True),
    _Entry(_("Log"), "oversight:log", Permission.OVERSEE),
    _Entry(_("Adgange"), "oversight:accesses", Permission.OVERSEE),
    _Entry(_("Nødadgang"), "oversight:break-glass", Permission.BREAK_GLASS),
    _Entry(_("Indsatser"), "strategy:interventions", Permission.READ_STRATEGY, leads_room=True),
    _Entry(_("Mål"), "strategy:goals", Permission.READ_STRATEGY),
    _Entry(_("Jura"), "sharing:law", Permission.REVIEW_LAW, leads_room=True),
    _Entry(_("Prøv loven"), "sharing:try", Permission.READ_STRATEGY),
    _Entry(_("Myndigheder"), "agencies:list", Permission.SEE_LEGAL_STANDING, leads_room=True),
    _Entry(_("Medarbejdere"), "accounts:list", Permission.ADMINISTER, leads_room=True),
)


@dataclass(frozen=True)
class MenuItem:
    """What `ui/base.html` draws."""

    label: str
    url: str
    current: Literal["page", True, False]
    count: int | None = None


def front(request: WorkerRequest) -> HttpResponse:
    """Where the day begins: the inbox, the desk of the officer or of the legal reviewer, or the strategy for all others."""
    worker = request.worker
    if worker.may(Permission.SEE_CASES):
        return redirect("cases:inbox")
    if worker.may(Permission.REVIEW_LAW):
        return redirect("sharing:law")
    return redirect("oversight:overview" if worker.may(Permission.OVERSEE) else "strategy:interventions")


def page_context(request: HttpRequest) -> dict[str, object]:
    """The names that `ui/document.html` lists, as far as they are known for this request."""
    context: dict[str, object] = {
        "home_url": path_of("front"),
        "language_url": path_of("language"),
        "demo_notice": settings.FOREBYG.demo,
        "demo_differs": _("To-trinsbekræftelse er slået fra.") if settings.FOREBYG.second_factor == "skipped" else None,
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),  # masked once a page, not once a form
    }
    worker: Worker | None = getattr(request, "worker", None)  # a request may fail before anyone is known
    if worker is None:
        return context
    now = timezone.now()
    return context | {
        "unit_name": worker.unit.name,
        "worker_name": worker.name,
        "agency_name": worker.agency.name,
        "navigation": _menu(request, worker),
        "search_url": path_of("cases:search") if worker.may(Permission.SEE_CASES) else None,
        "sign_out_url": path_of("account_logout"),
        "account_url": path_of("account"),
        "shortcuts_url": path_of("account"),
        "shortcuts": SHORTCUTS_OFF not in getattr(request, "session", {}),
        "session_now": now,
        "session_ends": now + datetime.timedelta(minutes=settings.FOREBYG.session_minutes),
        "session_extend_url": path_of("session"),
    }


def _menu(request: HttpRequest, worker: Worker) -> list[MenuItem]:
    match = request.resolver_match
    here, room = (match.view_name, match.namespace) if match else ("", "")
    entries = [entry for entry in _MENU if worker.may(entry.permission)]
    own_line = any(entry.view == here for entry in entries)
    items = []
    for entry in entries:
        current: Literal["page", True, False] = not own_line and entry.leads_room and entry.room == room
        items.append(MenuItem(str(entry.label), path_of(entry.view), "page" if entry.view == here else current))
    return items
