"""Who saw and changed one matter, when, and why they could."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.audit.record import record
from forebyg.oversight.dealings import MOST_DAYS, dealings_with, lock_of
from forebyg.oversight.events import matters_of
from forebyg.oversight.names import Names
from forebyg.oversight.wording import GRANT_REASON


@require_safe
def matter(request: WorkerRequest, reference: str) -> HttpResponse:
    """By worker, who was there last first."""
    dealings, is_cut = dealings_with(request.worker, reference)
    record("oversight.matter-seen", actor=request.worker, at=request.moment, matters=matters_of(reference))
    givers = (grant.given_by_id for dealt in dealings for grant in dealt.grants)
    context = {
        "reference": reference,
        "dealings": dealings,
        "is_cut": is_cut,
        "most_days": MOST_DAYS,
        "names": Names([*(dealt.worker_id for dealt in dealings), *givers]),
        "grant_reason": GRANT_REASON,
        "lock": lock_of(request.worker, reference),
        "now": request.moment,
        "log_url": f"{reverse('oversight:log')}?sag={reference}",
    }
    return render(request, "oversight/matter.html", context)
