"""The pages about the strategy: interventions by level, one intervention, goals and targets."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.strategy import wording
from forebyg.strategy.glossary import Glossary
from forebyg.strategy.queries import pack_of
from forebyg.strategy.schema import Pack


def interventions(request: WorkerRequest) -> HttpResponse:
    """Every intervention under its levels, annex-only measures apart (R-111 to R-113, R-174)."""
    pack = _pack_for(request)
    apart = [one for one in pack.interventions if one.kind == "annex-measure"]
    return _page(request, pack, "strategy/interventions.html", annex_measures=apart)


def intervention(request: WorkerRequest, intervention_id: str) -> HttpResponse:
    """One intervention (R-111, R-173)."""
    pack = _pack_for(request)
    try:
        one = pack.intervention(intervention_id)
    except KeyError:
        raise NotVisible from None
    return _page(request, pack, "strategy/intervention.html", one=one)


def goals(request: WorkerRequest) -> HttpResponse:
    """Goals with their indicators and caveats, then targets with thresholds."""
    pack = _pack_for(request)
    other = {kind: [target for target in pack.other_targets if target.kind == kind] for kind in wording.TARGET_KIND}
    return _page(request, pack, "strategy/goals.html", other_targets=other)


def _pack_for(request: WorkerRequest) -> Pack:
    if not request.worker.may(Permission.READ_STRATEGY):
        raise NotPermitted
    return pack_of(request.worker)


def _page(request: WorkerRequest, pack: Pack, template: str, **context: object) -> HttpResponse:
    glossary = Glossary(pack, get_language() or "da")
    return render(request, template, {"pack": pack, "glossary": glossary, "wording": wording, "say": wording.say, **context})
