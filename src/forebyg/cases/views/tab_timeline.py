"""The timeline of a case, of one person, and what other tabs show of it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext

from forebyg.cases import wording
from forebyg.cases.models import TimelineEntry
from forebyg.cases.page import CasePage
from forebyg.cases.paging import Stream, page_of
from forebyg.cases.tabs import ASSESSMENTS, ITEMS, MEASURES, PEOPLE, PLAN, SHARING, Tab
from forebyg.core.errors import NotVisible
from forebyg.store.sealed import open_sealed

LINES_ON_A_PAGE = 30

TOLD_ON: dict[str, Tab] = {
    "people_participant": PEOPLE,
    "people_consent": PEOPLE,
    "cases_item": ITEMS,
    "cases_document": ITEMS,
    "cases_meeting": ITEMS,
    "cases_alarm": ITEMS,
    "cases_alarmend": ITEMS,
    "cases_qualification": ASSESSMENTS,
    "cases_assessment": ASSESSMENTS,
    "cases_decision": ASSESSMENTS,
    "cases_noticeanswer": ASSESSMENTS,
    "cases_offer": MEASURES,
    "cases_answer": MEASURES,
    "cases_course": MEASURES,
    "cases_courseevent": MEASURES,
    "cases_agreement": PLAN,
    "cases_agreementkept": PLAN,
    "cases_contact": PLAN,
    "cases_journallink": SHARING,
}
"""The tab on which a record of a table is told; rooms above add theirs in `AppConfig.ready()`."""
_DECISIVE = frozenset({TimelineEntry.Kind.DECISION, TimelineEntry.Kind.ASSESSMENT, TimelineEntry.Kind.MEASURE})


@dataclass(frozen=True)
class Line:
    """One line of the timeline as it is read."""

    moment: datetime.datetime
    title: str
    who: str
    about: str
    sharing: str
    text: str | None
    is_decision: bool
    is_retracted: bool
    marks: list[str]
    url: str | None
    entry: TimelineEntry
    readers: list[uuid.UUID]
    """The agencies that the worker may know to read it: of what others told us, the owner and we."""


@dataclass(frozen=True)
class Lines:
    """A page of the timeline, newest first, and where the newer and the older ones are."""

    lines: list[Line]
    newer_url: str | None
    older_url: str | None

    @property
    def roots(self) -> list[uuid.UUID]:
        """The records that the lines tell of."""
        return [line.entry.record_root for line in self.lines]


@dataclass(frozen=True)
class Filter:
    """Which lines: those about one person, those of one kind."""

    person: uuid.UUID | None = None
    kind: str = ""


EVERYTHING = Filter()


def timeline(page: CasePage) -> HttpResponse:
    """The timeline of the case, by person and kind where asked for."""
    asked = page.request.GET
    chosen = Filter(_person(page, asked), _kind(asked))
    lines = read_lines(page, chosen, keep={"person": asked.get("person", ""), "type": chosen.kind})
    return page.answer(
        "cases/case/timeline.html", records=lines.roots, lines=lines, chosen=chosen, kinds=TimelineEntry.Kind.choices
    )


def read_lines(
    page: CasePage, chosen: Filter = EVERYTHING, *, keep: dict[str, str] | None = None, size: int = LINES_ON_A_PAGE
) -> Lines:
    """A page of lines from where `?efter=` or `?foer=` points; `keep` is what else stands in the address."""
    entries = TimelineEntry.objects.visible_to(page.worker).filter(matter=page.case.matter_id)
    if chosen.person is not None:
        entries = entries.filter(about__contains=[chosen.person])
    if chosen.kind:
        entries = entries.filter(kind=chosen.kind)
    asked = page.request.GET
    stream = Stream(entries, ("happened_at", "id"), is_descending=True)
    found = page_of([[stream]], after=asked.get("efter", ""), before=asked.get("foer", ""), size=size)
    open_sealed(found.rows)
    kept = {name: value for name, value in (keep or {}).items() if value}
    newer = f"?{urlencode(kept | {'foer': found.previous})}" if found.previous else None
    older = f"?{urlencode(kept | {'efter': found.next})}" if found.next else None
    return Lines(lines_of(page, found.rows), newer, older)


def lines_of(page: CasePage, entries: Iterable[TimelineEntry]) -> list[Line]:
    """Opened entries as they are read."""
    entries = list(entries)
    page.know(entries)
    return [_line(page, entry) for entry in entries]


def _line(page: CasePage, entry: TimelineEntry) -> Line:
    is_retracted = bool(entry.codes.get("retraction"))
    title = wording.entry_title(entry.kind, entry.codes, page.pack)
    if entry.kind == TimelineEntry.Kind.PARTICIPANT and entry.version > 1:
        title = gettext("Oplysninger om en person ændret")
    return Line(
        moment=entry.happened_at,
        title=title,
        who=page.author(entry),
        about=page.labels(entry.about),
        sharing=page.sharing(entry),
        text="" if is_retracted else entry.text,
        is_decision=entry.kind in _DECISIVE,
        is_retracted=is_retracted,
        marks=page.marks(entry.record_root),
        url=_where(page, entry),
        entry=entry,
        readers=entry.readers if page.is_own(entry) else [entry.owner_id, page.worker.agency_id],
    )


def _where(page: CasePage, entry: TimelineEntry) -> str | None:
    tab = TOLD_ON.get(entry.record_table)
    if tab is None or (tab.needs_whole and not page.is_whole):
        return None
    return f"{page.url(tab)}#r-{entry.record_root}"


def _person(page: CasePage, asked: QueryDict) -> uuid.UUID | None:
    if not asked.get("person"):
        return None
    found = [person.root for person in page.people if str(person.root) == asked["person"]]
    if not found:
        raise NotVisible
    return found[0]


def _kind(asked: QueryDict) -> str:
    kind = asked.get("type", "")
    if kind and kind not in TimelineEntry.Kind.values:
        raise NotVisible
    return kind
