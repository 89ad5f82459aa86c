"""The authorities' decisions, on the case's tab of measures."""

from __future__ import annotations

from typing import Any

from forebyg.cases.page import CasePage
from forebyg.cases.queries import records_of
from forebyg.sharing.measures import wording
from forebyg.sharing.measures.models import MeasureDecision


def decisions(page: CasePage) -> dict[str, Any]:
    """Those that the worker may see, the newest first; one query and one of the keys."""
    found = records_of(page.worker, page.case, MeasureDecision)[::-1]
    page.know(found)
    shown = [(one, [wording.ground(ground) for ground in one.grounds]) for one in found]
    return {"decisions": shown, "records": [one.root for one in found]}
