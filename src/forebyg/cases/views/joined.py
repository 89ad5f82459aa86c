"""The old address of a matter that joined another leads to that one's own (B-001)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from forebyg.access.middleware import WorkerRequest
from forebyg.audit.record import record
from forebyg.cases.models import Case


def to_own_address(request: WorkerRequest, case: Case, reference: str) -> HttpResponse | None:
    """Lead on to the same page of the case under its own reference, with an event; None when it was asked for by that."""
    if case.matter.reference == reference or request.method not in ("GET", "HEAD"):
        return None
    record("case.led-on", actor=request.worker, at=request.moment, matters=[case.matter_id], codes={"asked_for": reference})
    match = request.resolver_match
    assert match is not None
    own = reverse(match.view_name, kwargs={**match.kwargs, "reference": case.matter.reference})
    query = request.META.get("QUERY_STRING")
    return redirect(f"{own}?{query}" if query else own)
