"""The lists: inbox, board, case list, and the search. Each page is one event in the ledger with all matters shown (R-217)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases.board import BoardFilters, about_as_many, board_page, radicalisation_cases, re_offers, step_counts
from forebyg.cases.inbox import InboxFilters, inbox_page, tiles
from forebyg.cases.lists import STEP_WORK, CaseFilters, Due, Filters, Sort, State, case_page
from forebyg.cases.models import Case
from forebyg.cases.paging import Amount, Page
from forebyg.cases.queries import require, unit_agencies
from forebyg.cases.saved_views import views_of
from forebyg.cases.search import find
from forebyg.cases.states import Outcome, Step
from forebyg.strategy.queries import pack_of
from forebyg.strategy.wording import say
from forebyg.ui.addresses import path_of
from forebyg.ui.moments import clock_time, date


@dataclass(frozen=True)
class Link:
    """A tab or a chip."""

    label: str | Promise
    url: str
    current: bool = False
    count: Amount | None = None


Options = list[tuple[str, str | Promise, bool]]


@dataclass(frozen=True)
class _Address:
    """The address of a list with its filters; none of it is about a person."""

    view: str
    filters: Filters

    @property
    def bare(self) -> str:
        return path_of(self.view)

    def of(self, query: Mapping[str, str]) -> str:
        """The address with other filters."""
        return f"{self.bare}?{urlencode(query)}" if query else self.bare

    def chip(self, label: str | Promise, name: str) -> Link:
        """A filter in use, with the address without it."""
        return Link(label, self.of(self.filters.without(name)))

    def turned(self, page: Page) -> tuple[str | None, str | None]:
        """The addresses of the pages before and after."""
        query = self.filters.as_query()
        before = self.of(query | {"foer": page.previous}) if page.previous else None
        return before, self.of(query | {"efter": page.next}) if page.next else None


COUNTED = "radikaliseringssag"
"""The id of the pack's definition of what the board counts (R-035, R-176)."""


@require_safe
def inbox(request: WorkerRequest) -> HttpResponse:
    """What waits for the worker across cases, the next deadline first (B-012)."""
    worker, now = request.worker, request.moment
    require(worker, Permission.SEE_CASES)
    filters = InboxFilters.read(request.GET)
    rows, page = inbox_page(worker, filters, now=now, **_cursors(request))
    shown = tiles(worker, filters, now=now)
    record("inbox.seen", actor=worker, at=now, matters=_matters(row.case for row in rows))
    address = _Address("cases:inbox", filters)
    scope = {"vis": "myndighed"} if filters.whole_agency else {}
    context = {
        "rows": rows,
        "pages": address.turned(page),
        "today": _today(now),
        "deadlines": [(tile, address.of({**scope, "frist": tile.due.value})) for tile in shown],
        "views": [
            Link(_("Mine"), address.of({}), current=not filters.whole_agency),
            Link(_("Hele min myndighed"), address.of({"vis": "myndighed"}), current=filters.whole_agency),
        ],
        "scope": scope,
        "due_options": _options(Due.choices, filters.due, _("Alle")),
        "step_options": _step_options(filters.step),
        "chips": _chips(address),
        "clear_url": address.of(scope),
        "new_url": path_of("intake:new") if worker.may(Permission.TAKE_IN_CONCERN) else None,
    }
    return render(request, "cases/inbox.html", context)


@require_safe
def board(request: WorkerRequest) -> HttpResponse:
    """Every open matter of the unit by step and triage clock, the frame only (R-213)."""
    worker, now = request.worker, request.moment
    filters = BoardFilters.read(request.GET)
    rows, page = board_page(worker, filters, now=now, **_cursors(request))
    counts = step_counts(worker)
    refused = re_offers(worker)
    record("board.seen", actor=worker, at=now, matters=_matters(row.case for row in rows))
    address = _Address("cases:board", filters)
    sort = {"sort": Sort.DUE.value} if filters.is_by_due else {}
    context = {
        "rows": rows,
        "pages": address.turned(page),
        "today": _today(now),
        "year": timezone.localtime(now).year,
        "confirmed": radicalisation_cases(worker, timezone.localtime(now).year),
        "waiting": about_as_many(refused.waiting),
        "not_asked": about_as_many(refused.not_asked),
        "definition": next((say(one.summary) for one in pack_of(worker).definitions if one.id == COUNTED), None),
        "steps": [
            Link(_("Alle trin"), address.of(sort), current=filters.step is None),
            *(
                Link(f"{step} · {Step(step).label}", address.of({**sort, "trin": str(step)}), step == filters.step, amount)
                for step, amount in counts
            ),
        ],
        "is_by_due": filters.is_by_due or filters.due in (Due.OVER, Due.IN_24, Due.IN_72),
        "kept": {name: value for name, value in filters.as_query().items() if name != "frist"},
        "by_step_url": address.of(filters.without("sort")),
        "by_due_url": address.of({**filters.as_query(), "sort": Sort.DUE.value}),
        "due_options": _options(Due.choices, filters.due, _("Alle")),
        "chips": _chips(address),
        "clear_url": address.of(sort),
    }
    return render(request, "cases/board.html", context)


@require_safe
def case_list(request: WorkerRequest) -> HttpResponse:
    """The cases in the worker's reach, with filters and saved views."""
    worker, now = request.worker, request.moment
    require(worker, Permission.SEE_CASES)
    agencies = unit_agencies(worker)
    filters = CaseFilters.read(request.GET, agencies)
    rows, page = case_page(worker, filters, now=now, **_cursors(request))
    record("cases.listed", actor=worker, at=now, matters=_matters(row.case for row in rows))
    address = _Address("cases:list", filters)
    chips = _chips(address)
    if filters.state != State.OPEN:
        chips.append(address.chip(State(filters.state).label, "tilstand"))
    if filters.lead is not None:
        name = next(one.name for one in agencies if one.id == filters.lead)
        chips.append(address.chip(gettext("Leder: %(agency)s") % {"agency": name}, "leder"))
    if filters.our_turn:
        chips.append(address.chip(_("Vores tur"), "tur"))
    own_views = views_of(worker)
    context = {
        "rows": rows,
        "pages": address.turned(page),
        "views": [
            Link(label, address.of(query), current=query in (filters.as_query(), filters.without("sort")))
            for label, query in [*_SAVED_VIEWS, *((one.name, one.query) for one in own_views)]
        ],
        "own_views": own_views,
        "save_url": f"{path_of('cases:save-view')}?{urlencode(filters.as_query())}" if filters.as_query() else None,
        "is_by_due": filters.is_by_due,
        "sort": {"sort": filters.sort} if filters.sort != Sort.MOVED else {},
        "by_moved_url": address.of(filters.without("sort")),
        "by_due_url": address.of({**filters.as_query(), "sort": Sort.DUE.value}),
        "due_options": _options(Due.choices, filters.due, _("Alle")),
        "step_options": _step_options(filters.step),
        "state_options": [(value, label, value == filters.state) for value, label in State.choices],
        "lead_options": _options([(str(one.id), one.name) for one in agencies], str(filters.lead or ""), _("Alle")),
        "turn_options": _options([("vores", _("Vores"))], "vores" if filters.our_turn else "", _("Alles")),
        "chips": chips,
        "clear_url": address.bare,
        "is_narrowed": bool(chips),
        "outcome": dict(Outcome.choices),
        "new_url": path_of("intake:new") if worker.may(Permission.TAKE_IN_CONCERN) else None,
    }
    return render(request, "cases/list.html", context)


@require_POST
def search(request: WorkerRequest) -> HttpResponse:
    """A case reference leads to the case, a CPR number to a list; what isn't there and what isn't one's own look the same.

    What was searched for stands in no address, and in the ledger as a keyed hash only.
    """
    worker, now = request.worker, request.moment
    found = find(worker, request.POST.get("q", ""))
    record("cases.searched", actor=worker, at=now, matters=_matters(found.cases), codes={"term": found.term_hash})
    if found.is_reference and found.cases:
        return redirect("cases:case", found.cases[0].matter.reference)
    return render(request, "cases/search.html", {"cases": found.cases})


_SAVED_VIEWS: list[tuple[Promise, dict[str, str]]] = [
    (_("Åbne sager"), {}),
    (_("Vores tur"), {"tur": "vores"}),
    (_("Overskredne"), {"frist": Due.OVER.value}),
    (_("Under opfølgning"), {"trin": str(Step.FOLLOW_UP.value)}),
    (_("Afsluttede"), {"tilstand": State.ENDED.value}),
]


def _cursors(request: WorkerRequest) -> dict[str, str]:
    return {"after": request.GET.get("efter", ""), "before": request.GET.get("foer", "")}


def _matters(cases: Iterable[Case]) -> list[uuid.UUID]:
    return list(dict.fromkeys(case.matter_id for case in cases))


def _today(now: datetime.datetime) -> str:
    """Mandag den 23. november 2026 · opdateret kl. 09.40"""
    weekday = formats.date_format(timezone.localtime(now), "l").capitalize()
    return gettext("%(weekday)s den %(date)s · opdateret kl. %(time)s") % {
        "weekday": weekday,
        "date": date(timezone.localdate(now)),
        "time": clock_time(now),
    }


def _options(choices: Iterable[tuple[str, str | Promise]], chosen: str, everything: str | Promise) -> Options:
    return [("", everything, not chosen), *((value, label, value == chosen) for value, label in choices)]


def _step_options(chosen: int | None) -> Options:
    steps = [(str(step), f"{int(step)} · {Step(step).label}") for step in STEP_WORK]
    return _options(steps, str(chosen or ""), _("Alle trin"))


def _chips(address: _Address) -> list[Link]:
    chips = []
    if address.filters.due:
        chips.append(address.chip(gettext("Frist: %(due)s") % {"due": Due(address.filters.due).label}, "frist"))
    if address.filters.step is not None:
        chips.append(address.chip(f"{address.filters.step} · {Step(address.filters.step).label}", "trin"))
    return chips
