"""The page of the report of breaches: numbers only, for who leads the unit's work (B-010)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.audit.record import record
from forebyg.cases.breaches import breaches, causes

YEARS = 5
"""How far back one can choose."""


@require_safe
def report(request: WorkerRequest) -> HttpResponse:
    """The year that is asked for; this year where none, or one that there is no report of, is."""
    this_year = timezone.localtime(request.moment).year
    years = [this_year - back for back in range(YEARS)]
    year = next((one for one in years if str(one) == request.GET.get("aar")), this_year)
    rows = breaches(request.worker, year)
    record("breaches.seen", actor=request.worker, at=request.moment, codes={"year": year})
    options = [(str(one), str(one), one == year) for one in years]
    return render(request, "cases/breaches.html", {"rows": rows, "causes": causes(), "year": year, "year_options": options})
