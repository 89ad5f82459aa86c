"""Who takes part, what was told to whom and why, who knows what, who of one's own agency has access, and the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext

from forebyg.access.models import Admission, Grant
from forebyg.cases import rules, wording
from forebyg.cases.models import Disclosure, JournalLink, TimelineEntry
from forebyg.cases.page import CasePage
from forebyg.cases.queries import records_of
from forebyg.cases.views.tab_timeline import Line, Lines, read_lines
from forebyg.ui.moments import short_date


@dataclass(frozen=True)
class Told:
    """What was told at once to one agency for one reason: its first disclosure, and each with what it told."""

    row: Disclosure
    basis: str
    forum: str
    parts: list[tuple[str, Disclosure]]


@dataclass(frozen=True)
class Cell:
    """What an agency has to do with a record: owner, reader, not a reader, or untold here; of a reader also since when, on
    which basis and for what."""

    state: str
    why: str = ""


@dataclass(frozen=True)
class Known:
    """A record with a cell for each agency that takes part."""

    line: Line
    by: list[Cell]


def sharing(page: CasePage) -> HttpResponse:
    """See the module. Of what others told us, only the owner and we are known here."""
    admissions = list(
        Admission.objects.filter(matter=page.case.matter_id, ended_at=None)
        .select_related("agency")
        .order_by("admitted_at", "id")
    )
    told = records_of(page.worker, page.case, Disclosure)[::-1]
    grants = list(
        Grant.objects.filter(
            matter=page.case.matter_id, worker__agency=page.worker.agency_id, ended_at=None, ends_at__gt=page.now
        )
        .select_related("worker", "given_by")
        .order_by("ends_at", "id")
    )
    journal = records_of(page.worker, page.case, JournalLink)[::-1]
    lines = read_lines(page)
    page.know(told, journal, workers=[one.admitted_by_id for one in admissions])
    return page.answer(
        "cases/case/sharing.html",
        records=[*lines.roots, *(row.root for row in [*told, *journal])],
        admissions=admissions,
        told=_told(page, told),
        lines=lines,
        known=_known(page, lines, admissions, told),
        grants=grants,
        journal=journal,
        mismatch=_mismatch(page, journal),
    )


def _told(page: CasePage, rows: Iterable[Disclosure]) -> list[Told]:
    """What was told is named by its line on the timeline; where that is no longer seen, by its kind alone."""
    rows = list(rows)
    entries = TimelineEntry.objects.visible_to(page.worker).filter(record_root__in=[row.record_root for row in rows])
    by_root = {entry.record_root: entry for entry in entries}
    together: dict[tuple[object, ...], list[Disclosure]] = {}
    for row in rows:
        key = (row.owner_id, row.recipient_id, row.recorded_at, row.necessity, *row.finding["by"], *row.finding["marks"])
        together.setdefault(key, []).insert(0, row)
    return [
        Told(
            rows[0],
            wording.basis(rows[0].finding, page.pack),
            wording.forum(rows[0].finding),
            [(_what(page, row, by_root.get(row.record_root)), row) for row in rows],
        )
        for rows in together.values()
    ]


def _what(page: CasePage, row: Disclosure, entry: TimelineEntry | None) -> str:
    if entry is not None:
        what = wording.entry_title(entry.kind, entry.codes, page.pack)
    else:
        what = str(wording.RECORD.get(row.record_table, gettext("Oplysning")))
    about = page.labels(row.about)
    return f"{what} – {about}" if about else what


def _known(page: CasePage, lines: Lines, admissions: Iterable[Admission], told: Iterable[Disclosure]) -> list[Known]:
    agencies = [one.agency_id for one in admissions]
    live = {(one.record_root, one.recipient_id): one for one in told if one.withdrawn_at is None}
    return [Known(line, [_cell(page, line, agency, live) for agency in agencies]) for line in lines.lines]


def _cell(page: CasePage, line: Line, agency: uuid.UUID, live: dict[tuple[uuid.UUID, uuid.UUID], Disclosure]) -> Cell:
    if line.entry.owner_id == agency:
        return Cell("owner")
    if agency not in line.readers:
        return Cell("not" if page.is_own(line.entry) else "untold")
    row = live.get((line.entry.record_root, agency))
    return Cell("reader", _why(page, row) if row else "")


def _why(page: CasePage, row: Disclosure) -> str:
    """`23. november 2026 · Retsplejelovens § 115, stk. 2 · SSP-samarbejdet · Forebygge kriminalitet`."""
    said = (wording.basis(row.finding, page.pack), wording.forum(row.finding), wording.purpose(row.finding))
    return " · ".join(filter(None, (short_date(row.happened_at), *said)))


def _mismatch(page: CasePage, journal: list[JournalLink]) -> str:
    """By the own agency's last entry; without one there is nothing to compare."""
    own = next((link for link in journal if page.is_own(link)), None)
    if own is None:
        return ""
    return rules.journal_mismatch(ended_here=page.case.is_ended, closed_there=own.closed_there_on is not None)
