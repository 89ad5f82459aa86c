"""Unit meetings on a case: what was and will be taken up, what may be used at an item, and minutes to be printed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases import wording
from forebyg.cases.finding import FORUM_MARK
from forebyg.cases.models import Document, Item
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.queries import asked_records, fetch_record
from forebyg.cases.tabs import Tab
from forebyg.cases.views.case_page import show_tab
from forebyg.core.errors import NotVisible
from forebyg.law.words import COOPERATIONS, NOT_FOR_INVESTIGATION
from forebyg.meetings.models import AgendaItem, Minutes
from forebyg.meetings.queries import of_other_forums
from forebyg.sharing.wording import FORUM
from forebyg.store.sealed import open_sealed

MEETINGS = Tab("meetings", _("Enhedsmøder"), needs_whole=True, room="meetings")


@dataclass(frozen=True)
class Shown:
    """An item as it is read: its forum in words, where it leads, and its minutes where the worker may read them."""

    row: AgendaItem
    forum: str
    url: str
    minutes: Minutes | None
    minutes_url: str


@require_safe
def meetings(request: WorkerRequest, reference: str) -> HttpResponse:
    """The items that the worker's agency attends or attended, the newest meeting first."""
    return show_tab(request, reference, MEETINGS, _show)


def _show(page: CasePage) -> HttpResponse:
    items, written = page.together(
        asked_records(page.worker, page.case, AgendaItem, order="meets_at DESC, id DESC"),
        asked_records(page.worker, page.case, Minutes),
    )
    open_sealed(written)
    page.know(items, written)
    by_item = {one.item: one for one in written}
    return page.answer(
        "meetings/case.html",
        records=[row.root for row in [*items, *written]],
        shown=[_shown(page, row, by_item.get(row.root)) for row in items],
        marks_of=marks_of,
    )


@require_safe
def item(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """One item with the information that may be used at it: of one's own, and what came under its forum (R-043)."""
    page = _open(request, reference)
    row = fetch_record(worker=page.worker, model=AgendaItem, case=page.case, root=root)
    barred = of_other_forums(page.worker, page.case, row.forum)
    items, documents = page.together(
        asked_records(page.worker, page.case, Item, only="retraction = ''", order="happened_at DESC, id DESC"),
        asked_records(page.worker, page.case, Document, order="happened_at DESC, id DESC"),
    )
    usable = [one for one in items if one.root not in barred]
    papers = [one for one in documents if one.root not in barred]
    open_sealed(usable, papers)
    page.know([row], usable, papers)
    return page.answer(
        "meetings/item.html",
        records=[row.root, *(one.root for one in [*usable, *papers])],
        one=_shown(page, row, None),
        usable=usable,
        documents=papers,
        left_out=len(items) + len(documents) - len(usable) - len(papers),
    )


@require_safe
def minutes(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """Minutes as they are printed, with the marks that follow them (R-048, R-082)."""
    page = _open(request, reference)
    row = fetch_record(worker=page.worker, model=Minutes, case=page.case, root=root)
    page.know([row])
    return page.answer("meetings/minutes.html", records=[row.root], row=row, forum=str(FORUM[row.forum]), marks=marks_of(row))


def marks_of(row: Minutes) -> list[str]:
    """What follows the minutes wherever they are shown."""
    marks = [NOT_FOR_INVESTIGATION] if row.not_for_investigation else []
    marks += [f"{FORUM_MARK}{row.forum}"] if row.forum in COOPERATIONS else []
    return [wording.mark(one) for one in marks]


def _open(request: WorkerRequest, reference: str) -> CasePage:
    page = open_page(request, reference, MEETINGS)
    if not page.is_whole:
        raise NotVisible
    return page


def _shown(page: CasePage, row: AgendaItem, written: Minutes | None) -> Shown:
    return Shown(
        row=row,
        forum=str(FORUM[row.forum]),
        url=reverse("meetings:item", args=[page.reference, row.root]),
        minutes=written,
        minutes_url=reverse("meetings:minutes", args=[page.reference, written.root]) if written else "",
    )
