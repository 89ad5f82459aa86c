"""The first page: how the seal stands, what happened this month, and look-ups to take a look at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.audit.record import record
from forebyg.audit.state import seal_state
from forebyg.oversight.accesses import to_review
from forebyg.oversight.names import Names
from forebyg.oversight.openings import waiting
from forebyg.oversight.overview import COUNTED, days_of_month, rules, unusual_lookups


@require_safe
def overview(request: WorkerRequest) -> HttpResponse:
    """Seal, days and unusual look-ups of the officer's own controller."""
    worker, now = request.worker, request.moment
    days = days_of_month(worker, now=now)
    unusual = unusual_lookups(worker, now=now)
    record("oversight.overview-seen", actor=worker, at=now)
    context = {
        "controller": worker.agency.controller.name,
        "seal": seal_state(),
        "openings": waiting(worker, now=now),
        "accesses": to_review(worker, now=now),
        "days": days,
        "month": timezone.localdate(now),
        "unusual": unusual,
        "rules": rules(),
        "counted": COUNTED,
        "names": Names(line.worker_id for line in unusual.lines),
    }
    return render(request, "oversight/overview.html", context)
