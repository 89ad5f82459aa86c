"""The ledger as a data protection officer reads it: filters, and pages of events of the own controller."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.models import Event
from forebyg.audit.record import Codes
from forebyg.cases.paging import Key, Page, Stream, page_of
from forebyg.core.errors import NotVisible
from forebyg.oversight.sentences import Group, actions_of
from forebyg.store.sealed import Sealed, open_sealed
from forebyg.store.together import Question, ask

_READ_AT_ONCE = 1000


@dataclass(frozen=True)
class LoggedEvent:
    """One event. `kinds`: how many records of each table it names. Of another controller's event (`is_own` is false) only
    one's own records and matters, and no codes or reason."""

    id: uuid.UUID
    at: datetime.datetime
    worker_id: uuid.UUID | None
    agency_id: uuid.UUID | None
    action: str
    references: list[str]
    kinds: dict[str, int]
    codes: Codes
    has_reason: bool
    is_own: bool


@dataclass(frozen=True)
class EventFilters:
    """What narrows the log down. Days are local, both included. A field that is empty narrows nothing."""

    reference: str = ""
    worker: uuid.UUID | None = None
    agency: uuid.UUID | None = None
    group: Group | None = None
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> EventFilters:
        """The filters of an address; what can't be read is left out."""
        return cls(
            reference=_reference(query.get("sag")),
            worker=_id(query.get("medarbejder")),
            agency=_id(query.get("myndighed")),
            group=next((group for group in Group if group.value == query.get("type")), None),
            first_day=_day(query.get("fra")),
            last_day=_day(query.get("til")),
        )

    def as_query(self) -> dict[str, str]:
        """These filters as they stand in an address, and in the ledger: ids, numbers and fixed words."""
        given = {
            "sag": self.reference,
            "medarbejder": str(self.worker or ""),
            "myndighed": str(self.agency or ""),
            "type": self.group.value if self.group else "",
            "fra": self.first_day.isoformat() if self.first_day else "",
            "til": self.last_day.isoformat() if self.last_day else "",
        }
        return {name: value for name, value in given.items() if value}

    def without(self, name: str) -> dict[str, str]:
        """The address without one of them."""
        return {one: value for one, value in self.as_query().items() if one != name}

    @property
    def since(self) -> datetime.datetime | None:
        """The first moment of the period."""
        return start_of(self.first_day) if self.first_day else None

    @property
    def until(self) -> datetime.datetime | None:
        """The first moment after the period."""
        return start_of(self.last_day + datetime.timedelta(days=1)) if self.last_day else None

    @property
    def matters(self) -> list[uuid.UUID]:
        """The matter that is asked for, and those joined into it; none when there is no such matter."""
        return matters_of(self.reference) if self.reference else []


def matters_of(reference: str) -> list[uuid.UUID]:
    """The matter of a reference and those joined into it, for an officer; for anyone else none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oversight_matters(%s)", [reference])
        found: list[uuid.UUID] = cursor.fetchone()[0]
    return found


def start_of(day: datetime.date) -> datetime.datetime:
    """Midnight, local time, that the day begins with."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def event_page(worker: Worker, filters: EventFilters, *, after: str = "", before: str = "") -> Page:
    """A page of the log, newest first. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    return page_of(
        [[_Log(Event.objects.none(), ("at", "id"), is_descending=True, filters=filters)]], after=after, before=before
    )


def every_event(worker: Worker, filters: EventFilters, *, most: int) -> Iterator[LoggedEvent]:
    """The log from the newest on, up to `most` events, read by the thousand. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    beyond: Key | None = None
    while most > 0:
        (found,) = ask(_question(filters, beyond=beyond, is_newer=False, count=min(most, _READ_AT_ONCE)))
        yield from found
        if len(found) < _READ_AT_ONCE:
            return
        most -= len(found)
        beyond = (found[-1].at, found[-1].id)


def open_reason(worker: Worker, event_id: uuid.UUID) -> tuple[str | None, list[uuid.UUID]]:
    """The reason that an own worker gave, None when its key was destroyed, and the matters of the event.

    Raises `NotPermitted`, and `NotVisible` for what is not an own worker's.
    """
    require(worker, Permission.OVERSEE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, key_id, matter_ids FROM oversight_sealed_reason(%s)", [event_id])
        row = cursor.fetchone()
    if row is None:
        raise NotVisible
    event = Event(id=event_id, reason=Sealed(row[0]), key_id=row[1])
    open_sealed([event])
    return event.reason, row[2]


@dataclass(frozen=True)
class _Log(Stream):
    """The log as a stream. Its `rows` only name the fields of the keys: the web role may not read the table."""

    filters: EventFilters = EventFilters()

    def asked(self, count: int, *, is_forward: bool, beyond: Key | None) -> Question[list[Any]]:
        """The next events beyond a key, or the newest ones."""
        return _question(self.filters, beyond=beyond, is_newer=not is_forward, count=count)


def _question(filters: EventFilters, *, beyond: Key | None, is_newer: bool, count: int) -> Question[list[Any]]:
    given = [
        filters.reference or None,
        filters.worker,
        filters.agency,
        actions_of(filters.group) if filters.group else None,
        filters.since,
        filters.until,
        *(beyond or (None, None)),
        is_newer,
        count,
    ]
    columns = "id, at, worker_id, agency_id, action, refs, kinds, codes, has_reason, is_own"
    return Question(
        f"SELECT {columns} FROM oversight_events(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608 - fixed words
        given,
        lambda found: [LoggedEvent(*map(_loaded, row)) for row in found],
    )


def _loaded(value: Any) -> Any:
    """The value of a column: Django's cursor hands jsonb over as text, and an object is the only text that begins so."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _reference(text: str | None) -> str:
    found = re.fullmatch(r"\d{4}-\d{1,7}", (text or "").strip(), re.ASCII)
    return found[0] if found else ""


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
