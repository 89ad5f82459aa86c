"""Tasks and deadlines: what waits and for whom, and what was done or kept."""

from __future__ import annotations

import uuid

from django.http import HttpResponse

from forebyg.cases import wording
from forebyg.cases.models import Clock, Course, Offer, Task
from forebyg.cases.page import CasePage
from forebyg.cases.queries import clocks_in_reach
from forebyg.store.sealed import open_sealed


def tasks(page: CasePage) -> HttpResponse:
    """Open tasks and running deadlines first; what is over stands folded away."""
    done = list(
        Task.objects.visible_to(page.worker)
        .filter(matter=page.case.matter_id, done_at__isnull=False)
        .order_by("-done_at", "id")
    )
    open_sealed(done)
    stopped = list(
        clocks_in_reach(page.worker).filter(matter=page.case.matter_id, stopped_at__isnull=False).order_by("-stopped_at", "id")
    )
    page.know(page.open_tasks, done, workers=[task.done_by_id for task in done])
    clocks = [*page.clocks, *stopped]
    return page.answer(
        "cases/case/tasks.html",
        records=[row.root for row in [*page.open_tasks, *done, *clocks]],
        done=done,
        stopped=stopped,
        concerns=_what_clocks_are_for(page, clocks),
    )


def _what_clocks_are_for(page: CasePage, clocks: list[Clock]) -> dict[uuid.UUID, str]:
    """By the clock's root: the person and the measure that a follow-up clock waits for."""
    roots = [clock.concerns for clock in clocks if clock.concerns]
    measures: dict[uuid.UUID | None, str] = {}
    for model in (Offer, Course):
        found = model.objects.visible_to(page.worker).filter(root__in=roots)
        measures |= dict(found.values_list("root", "intervention"))
    said = {}
    for clock in clocks:
        measure = measures.get(clock.concerns)
        parts = [wording.in_pack(page.pack.intervention, measure) if measure else "", page.labels(clock.about)]
        said[clock.root] = ", ".join(filter(None, parts))
    return said
