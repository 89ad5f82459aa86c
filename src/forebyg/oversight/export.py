"""The log as a file for a spreadsheet: UTF-8 with a byte order mark, semicolons, and no cell that a spreadsheet would calculate.
Each line says what it may be used for, for a spreadsheet is sorted and cut (R-215)."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forebyg.access.models import Worker
from forebyg.audit.record import record
from forebyg.cases.rules import check_text
from forebyg.core.errors import RuleBroken
from forebyg.oversight.events import EventFilters, LoggedEvent, every_event
from forebyg.oversight.names import Names
from forebyg.oversight.sentences import sentence_of
from forebyg.oversight.wording import codes_in_words, kinds_in_words, named_in

MOST_EVENTS = 20_000
_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n")


class TooManyEvents(RuleBroken):
    """More events than a file takes."""

    code = "too-many-events"

    def __init__(self) -> None:
        super().__init__(
            ngettext(
                "Der er mere end %(most)s hændelse. Vælg en kortere periode.",
                "Der er mere end %(most)s hændelser. Vælg en kortere periode.",
                MOST_EVENTS,
            )
            % {"most": MOST_EVENTS}
        )


def export_log(*, worker: Worker, filters: EventFilters, reason: str, now: datetime.datetime) -> str:
    """The log, newest first, as the text of a file; the ledger keeps why. Raises `NotPermitted`, `TextMissing`, `TooManyEvents`."""
    found = list(every_event(worker, filters, most=MOST_EVENTS + 1))
    check_text(reason, what=_("hvad filen skal bruges til"))
    if len(found) > MOST_EVENTS:
        raise TooManyEvents
    codes = {name: value for name, value in filters.as_query().items() if name != "sag"}
    record(
        "oversight.log-exported",
        actor=worker,
        at=now,
        matters=filters.matters if found else [],
        codes={**codes, "events": len(found)},
        reason=reason,
    )
    return as_csv(found)


def as_csv(events: Sequence[LoggedEvent]) -> str:
    """A heading and a line for each event."""
    names = Names(named_in(events))
    written = io.StringIO()
    written.write("\ufeff")
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerow(
        [
            _("Tidspunkt"),
            _("Medarbejder"),
            _("Myndighed"),
            _("Hændelse"),
            _("Sager"),
            _("Oplysninger"),
            _("Nærmere"),
            _("Forseglet begrundelse"),
            _("Hændelsens id"),
            _("Må bruges til"),
        ]
    )
    lines.writerows(_cells(event, names) for event in events)
    return written.getvalue()


def _cells(event: LoggedEvent, names: Names) -> Iterable[str]:
    said = [
        timezone.localtime(event.at).isoformat(sep=" ", timespec="seconds"),
        names.worker(event.worker_id),
        names.agency(event.agency_id),
        sentence_of(event.action),
        " ".join(event.references),
        kinds_in_words(event),
        ", ".join(codes_in_words(event, names)),
        _("Ja") if event.has_reason else _("Nej"),
        str(event.id),
        _("Kun tilsyn med, hvem der har set og gjort hvad"),
    ]
    return [harmless(cell) for cell in said]


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_CALCULATED) else cell
