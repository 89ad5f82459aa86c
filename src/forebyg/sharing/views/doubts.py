"""The legal doubts of a case, on its tab of what is told."""

from __future__ import annotations

from dataclasses import dataclass

from forebyg.cases.page import CasePage
from forebyg.sharing.models import Doubt, DoubtClarified
from forebyg.store.sealed import open_sealed


@dataclass(frozen=True)
class ShownDoubt:
    """A doubt with what was answered, oldest first; `url` leads to the form of an answer while it stops what would be told, for
    others than who raised it."""

    doubt: Doubt
    answers: list[DoubtClarified]
    is_open: bool
    is_own: bool
    url: str | None


def open_doubts(page: CasePage) -> dict[str, object]:
    """Every doubt that was raised in the case, the newest first; two queries."""
    doubts = list(Doubt.objects.filter(matter=page.case.matter_id).select_related("agency", "worker").order_by("-at", "-id"))
    said = list(DoubtClarified.objects.filter(matter=page.case.matter_id).order_by("at", "id"))
    open_sealed(doubts)
    open_sealed(said)
    return {"doubts": [_shown(page, one, [each for each in said if each.doubt_id == one.id]) for one in doubts]}


def _shown(page: CasePage, doubt: Doubt, answers: list[DoubtClarified]) -> ShownDoubt:
    is_open = not any(one.is_in_favour for one in answers)
    is_own = doubt.worker_id == page.worker.id
    return ShownDoubt(doubt, answers, is_open, is_own, page.act("tvivl-afklaret", doubt.id) if is_open and not is_own else None)
