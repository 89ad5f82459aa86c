"""The page of a case: one address for each tab. What a tab shows is read in the module of its name beside this one."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases import tabs
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.tabs import Tab
from forebyg.cases.views import (
    tab_assessments,
    tab_items,
    tab_measures,
    tab_overview,
    tab_people,
    tab_plan,
    tab_sharing,
    tab_tasks,
    tab_timeline,
)
from forebyg.cases.views.documents import document_page
from forebyg.cases.views.joined import to_own_address
from forebyg.core.errors import NotVisible


@require_safe
def overview(request: WorkerRequest, reference: str) -> HttpResponse:
    """What waits, what happened last, who it is about and what is being done."""
    return show_tab(request, reference, tabs.OVERVIEW, tab_overview.overview)


@require_safe
def people(request: WorkerRequest, reference: str) -> HttpResponse:
    """The persons of the case and how they are related (R-011)."""
    return show_tab(request, reference, tabs.PEOPLE, tab_people.people)


@require_safe
def person(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """One person, with what happened concerning that person (R-066)."""
    return show_tab(request, reference, tabs.PEOPLE, lambda page: tab_people.person(page, root))


@require_POST
def cpr(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """The person's page with the CPR number in full: a look that is asked for, and recorded as one."""
    return show_tab(request, reference, tabs.PEOPLE, lambda page: tab_people.person(page, root, reveal=True))


@require_safe
def consent_letter(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """What a person is asked to consent to, to be printed for the person (R-107, B-031)."""
    return show_tab(request, reference, tabs.PEOPLE, lambda page: tab_people.consent_letter(page, root))


@require_safe
def timeline(request: WorkerRequest, reference: str) -> HttpResponse:
    """All that happened, newest first (R-066)."""
    return show_tab(request, reference, tabs.TIMELINE, tab_timeline.timeline)


@require_safe
def tasks(request: WorkerRequest, reference: str) -> HttpResponse:
    """Tasks and deadlines (B-010)."""
    return show_tab(request, reference, tabs.TASKS, tab_tasks.tasks)


@require_safe
def assessments(request: WorkerRequest, reference: str) -> HttpResponse:
    """Choices over time, the unit's discussion, assessments, decisions and the procedure (R-020 to R-030)."""
    return show_tab(request, reference, tabs.ASSESSMENTS, tab_assessments.assessments)


@require_safe
def items(request: WorkerRequest, reference: str) -> HttpResponse:
    """Pieces of information, risk and protection side by side; meetings and alarms (R-014, R-065)."""
    return show_tab(request, reference, tabs.ITEMS, tab_items.items)


@require_safe
def document(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """One document, with a look at it."""
    return show_tab(request, reference, tabs.ITEMS, lambda page: document_page(page, root))


@require_safe
def measures(request: WorkerRequest, reference: str) -> HttpResponse:
    """Offers, answers and courses (R-101, R-102)."""
    return show_tab(request, reference, tabs.MEASURES, tab_measures.measures)


@require_safe
def plan(request: WorkerRequest, reference: str) -> HttpResponse:
    """What is agreed with the citizen and the parents, whether it was kept, and follow-up in two tracks (R-055, R-103, R-108)."""
    return show_tab(request, reference, tabs.PLAN, tab_plan.plan)


@require_safe
def sharing(request: WorkerRequest, reference: str) -> HttpResponse:
    """Who takes part, what was disclosed, who knows what, and who has access (R-098)."""
    return show_tab(request, reference, tabs.SHARING, tab_sharing.sharing)


def show_tab(request: WorkerRequest, reference: str, tab: Tab, show: Callable[[CasePage], HttpResponse]) -> HttpResponse:
    """The answer to a tab's address; rooms above use it for theirs. Raises `NotVisible`, also for a tab that is not for a
    worker who knows one participant only."""
    page = open_page(request, reference, tab)
    elsewhere = to_own_address(request, page.case, reference)
    if elsewhere is not None:
        return elsewhere
    if page.is_frame:
        return page.answer("cases/case/frame.html")
    if tab.needs_whole and not page.is_whole:
        raise NotVisible
    return show(page)
