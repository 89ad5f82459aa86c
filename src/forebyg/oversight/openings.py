"""The emergency openings of the own controller's workers: which wait for somebody to look at them, and what was found (B-025)."""

from __future__ import annotations

import datetime
import json
import uuid
from collections import Counter
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from forebyg.access.models import BreakGlass, Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.record import record
from forebyg.cases.paging import Page, Stream, page_of
from forebyg.cases.rules import NotAChoice, check_text
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.oversight.accesses import AlreadyReviewed
from forebyg.oversight.events import EventFilters, LoggedEvent, every_event
from forebyg.oversight.models import BreakGlassReview, OverseenBreakGlass
from forebyg.store.sealed import open_sealed

MOST_EVENTS = 1_000_000
"""More than one worker can cause in the hours that an opening lasts."""


class OwnOpening(RuleBroken):
    """Nobody reviews what the same person opened."""

    code = "break-glass-own-opening"

    def __init__(self) -> None:
        super().__init__(_("Du kan ikke gennemgå din egen nødadgang. En anden databeskyttelsesrådgiver hos jer skal gøre det."))


class StillOpen(RuleBroken):
    """What is still going on can't be judged whole."""

    code = "break-glass-still-open"

    def __init__(self) -> None:
        super().__init__(_("Nødadgangen er stadig åben. Luk den, eller vent, til den er lukket, og gennemgå den så."))


@dataclass(frozen=True)
class Waiting:
    """How many openings run now, wait for a review, and have waited too long."""

    running: int
    waiting: int
    overdue: int


def openings(worker: Worker, *, are_reviewed: bool) -> QuerySet[OverseenBreakGlass]:
    """The openings of the own controller's workers. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    return OverseenBreakGlass.objects.filter(reviewed_at__isnull=not are_reviewed)


def page_of_openings(rows: QuerySet[OverseenBreakGlass], *, newest_first: bool, after: str = "", before: str = "") -> Page:
    """A page of openings: those that wait the oldest first, those that were reviewed the newest first."""
    named = rows.select_related("worker", "agency", "reviewed_by")
    return page_of([[Stream(named, ("broken_at", "id"), is_descending=newest_first)]], after=after, before=before)


def waiting(worker: Worker, *, now: datetime.datetime) -> Waiting:
    """What the desk says first. Raises `NotPermitted`."""
    counted = openings(worker, are_reviewed=False).aggregate(
        running=Count("id", filter=Q(is_over=False)), waiting=Count("id"), overdue=Count("id", filter=Q(review_due_at__lt=now))
    )
    return Waiting(**counted)


def fetch_opening(worker: Worker, glass_id: uuid.UUID) -> OverseenBreakGlass:
    """One opening. Raises `NotPermitted`, `NotVisible`."""
    require(worker, Permission.OVERSEE)
    found = OverseenBreakGlass.objects.filter(id=glass_id).select_related("worker", "agency", "reviewed_by").first()
    if found is None:
        raise NotVisible
    return found


def reason_and_note(worker: Worker, opening: OverseenBreakGlass) -> tuple[str | None, str | None]:
    """Why the glass was broken, and what was found; None where there is none or its key is gone. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    glass = BreakGlass.objects.get(id=opening.id)
    review = BreakGlassReview.objects.filter(glass=opening.id).first()
    open_sealed([glass])
    open_sealed([review] if review else [])
    return glass.reason, review.note if review else None


@dataclass(frozen=True)
class _DuringOpening(EventFilters):
    """The log of one worker in one matter from one moment until another."""

    from_at: datetime.datetime | None = None
    until_at: datetime.datetime | None = None

    @property
    def since(self) -> datetime.datetime | None:
        return self.from_at

    @property
    def until(self) -> datetime.datetime | None:
        return self.until_at


@dataclass(frozen=True)
class Done:
    """What was done, when last, and how many times the very same."""

    event: LoggedEvent
    times: int


def done_in(worker: Worker, opening: OverseenBreakGlass) -> list[Done]:
    """What was seen and done under this opening, by the ledger's own mark, each thing once, the newest first: who looks at one
    page a thousand times hides nothing. Raises `NotPermitted`."""
    filters = _DuringOpening(
        reference=opening.reference,
        worker=opening.worker_id,
        from_at=opening.broken_at,
        until_at=opening.closes_at + datetime.timedelta(seconds=1),
    )
    mark = str(opening.grant_id)
    events = every_event(worker, filters, most=MOST_EVENTS)
    newest: dict[str, LoggedEvent] = {}
    times: Counter[str] = Counter()
    for event in events:
        if mark in _marks(event):
            what = json.dumps([event.action, event.kinds, event.codes], sort_keys=True)
            newest.setdefault(what, event)
            times[what] += 1
    return [Done(event, times[what]) for what, event in newest.items()]


def _marks(event: LoggedEvent) -> list[str]:
    marks = event.codes.get("glass", [])
    return marks if isinstance(marks, list) else []


def review_opening(*, worker: Worker, glass_id: uuid.UUID, outcome: str, note: str, now: datetime.datetime) -> BreakGlassReview:
    """Keep what another person found, once, after it closed.

    Raises `NotPermitted`, `NotVisible`, `OwnOpening`, `StillOpen`, `AlreadyReviewed`, `NotAChoice`, `TextMissing`, `TextTooLong`.
    """
    opening = fetch_opening(worker, glass_id)
    if opening.worker_id == worker.id:
        raise OwnOpening
    if opening.reviewed_at is not None:
        raise _reviewed()
    if not opening.is_over:
        raise StillOpen
    if outcome not in BreakGlassReview.Outcome.values:
        raise NotAChoice
    check_text(note, what=_("hvad du har set"))
    review = BreakGlassReview(glass_id=glass_id, reviewed_by=worker, reviewed_at=now, outcome=outcome, note=note)
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        raise _reviewed() from None
    record(
        "glass.reviewed",
        actor=worker,
        at=now,
        matters=[opening.matter_id],
        records=[glass_id],
        codes={"worker": str(opening.worker_id), "outcome": outcome},
    )
    return review


def _reviewed() -> AlreadyReviewed:
    return AlreadyReviewed(_("Nødadgangen er allerede gennemgået."))
