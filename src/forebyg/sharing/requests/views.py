"""The inbox of requests across matters. Each page is one event in the ledger with all matters shown (R-217)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases.queries import require
from forebyg.cases.views.lists import Link
from forebyg.sharing import wording
from forebyg.sharing.requests.case_tab import BADGE
from forebyg.sharing.requests.inbox import RequestFilters, Side, Stage, open_amounts, request_page


@require_safe
def inbox(request: WorkerRequest) -> HttpResponse:
    """To us or from us, waiting or ended."""
    worker, now = request.worker, request.moment
    require(worker, Permission.SEE_CASES)
    filters = RequestFilters.read(request.GET)
    rows, page = request_page(worker, filters, now=now, after=request.GET.get("efter", ""), before=request.GET.get("foer", ""))
    waiting = open_amounts(worker)
    matters = list(dict.fromkeys(row.case.matter_id for row in rows))
    record("requests.seen", actor=worker, at=now, matters=matters)
    context = {
        "rows": rows,
        "filters": filters,
        "is_open": filters.stage == Stage.OPEN,
        "is_to_us": filters.side == Side.TO_US,
        "sides": [
            Link(
                side.label,
                _address(RequestFilters(side.value, filters.stage)),
                side == filters.side,
                waiting[side.value],
            )
            for side in Side
        ],
        "stages": [
            Link(stage.label, _address(RequestFilters(filters.side, stage.value)), stage == filters.stage) for stage in Stage
        ],
        "pages": (
            _address(filters, foer=page.previous) if page.previous else None,
            _address(filters, efter=page.next) if page.next else None,
        ),
        "forum": wording.FORUM,
        "purpose": wording.PURPOSE,
        "kinds": BADGE,
    }
    return render(request, "sharing/requests/inbox.html", context)


def _address(filters: RequestFilters, **cursor: str) -> str:
    query = filters.as_query() | cursor
    return reverse("requests:inbox") + (f"?{urlencode(query)}" if query else "")
