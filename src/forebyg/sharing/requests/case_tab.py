"""The requests of one case: what was asked, by whom and until when, and what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases import wording
from forebyg.cases.clocks import ClockFace
from forebyg.cases.models import Disclosure, TimelineEntry
from forebyg.cases.page import CasePage
from forebyg.cases.queries import asked_records
from forebyg.cases.tabs import Tab
from forebyg.cases.views.case_page import show_tab
from forebyg.sharing import wording as words_of_law
from forebyg.sharing.requests.inbox import face_of_request
from forebyg.sharing.requests.models import InformationRequest, RequestAnswer, RequestState
from forebyg.store.sealed import open_sealed

REQUESTS = Tab("requests", _("Anmodninger"), hidden_when_empty_in_part=True, room="requests")

BADGE: dict[str, str] = {
    RequestState.OPEN: "info",
    RequestState.ANSWERED: "success",
    RequestState.DECLINED: "quiet",
    RequestState.WITHDRAWN: "quiet",
}


@dataclass(frozen=True)
class Shown:
    """A request as it is read, with its answer as far as it still stands."""

    row: InformationRequest
    face: ClockFace
    terms: str
    basis: str
    answer: RequestAnswer | None
    given: list[str]
    is_ours: bool
    is_to_us: bool

    @property
    def badge(self) -> tuple[str, str]:
        """Words and kind."""
        return str(self.row.state.label), BADGE[self.row.state]


def summary_line(page: CasePage) -> tuple[str, str] | None:
    """How many requests wait for an answer, in the identity bar; nothing when none does."""
    count = page.known.counts[REQUESTS.code]
    if not count:
        return None
    return gettext("Anmodninger"), ngettext("%(n)d venter på svar", "%(n)d venter på svar", count) % {"n": count}


@require_safe
def case_requests(request: WorkerRequest, reference: str) -> HttpResponse:
    """The tab."""
    return show_tab(request, reference, REQUESTS, _show)


def _show(page: CasePage) -> HttpResponse:
    requests, answers, told, entries = page.together(
        asked_records(page.worker, page.case, InformationRequest, order="ended_at IS NOT NULL, due_at, id"),
        asked_records(page.worker, page.case, RequestAnswer),
        asked_records(page.worker, page.case, Disclosure, only="withdrawn_at IS NULL"),
        asked_records(page.worker, page.case, TimelineEntry, only="record_root IN (SELECT record_root FROM cases_disclosure)"),
    )
    open_sealed(requests, answers, page.known.people, page.known.tasks)
    page.know(requests, answers)
    by_request = {answer.request: answer for answer in answers}
    titles = {entry.record_root: wording.entry_title(entry.kind, entry.codes, page.pack) for entry in entries}
    standing = {row.root: row for row in told}
    shown = [_shown(page, row, by_request.get(row.root), standing, titles) for row in requests]
    return page.answer(
        "sharing/requests/case.html",
        records=[row.root for row in [*requests, *answers]],
        open_requests=[one for one in shown if one.row.is_open],
        ended=[one for one in reversed(shown) if not one.row.is_open],
    )


def _shown(
    page: CasePage,
    row: InformationRequest,
    answer: RequestAnswer | None,
    standing: dict[uuid.UUID, Disclosure],
    titles: dict[uuid.UUID, str],
) -> Shown:
    given = [standing[root] for root in (answer.disclosures if answer else []) if root in standing]
    return Shown(
        row=row,
        face=face_of_request(row, page.now),
        terms=" · ".join((str(words_of_law.PURPOSE[row.purpose]), str(words_of_law.FORUM[row.forum]))),
        basis=wording.basis(row.finding, page.pack),
        answer=answer,
        given=list(_named(given, titles)),
        is_ours=row.is_from(page.worker.agency_id),
        is_to_us=row.asked_id == page.worker.agency_id,
    )


def _named(given: Iterable[Disclosure], titles: dict[uuid.UUID, str]) -> Iterable[str]:
    """What was told, by its line on the timeline; else by its kind."""
    for told in given:
        yield titles.get(told.record_root) or str(wording.RECORD.get(told.record_table, gettext("Oplysning")))
