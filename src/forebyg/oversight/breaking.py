"""Breaking the glass (B-025): one matter opened in an emergency, seen at once by others, closed by itself or by hand.

PostgreSQL decides (`oversight_break_glass`): who may, which matter, how long, how often; it writes the grant, the ledger's event
and the lead agency's task in one transaction. Here the reason is sealed, and the alarms are sent.
"""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from forebyg.access.models import BreakGlass, Emergency, Worker
from forebyg.access.notices import Notice, tell_worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.access.reach import forget_reach
from forebyg.audit.models import Event
from forebyg.audit.record import record
from forebyg.cases.rules import NotAChoice, TextMissing, check_text
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.core.ids import new_id

SHORTEST_REASON = 20
"""Characters: a reason that somebody else can judge afterwards."""
LONGEST_REASON = 4000
LONGEST_REFERENCE = 20


class ReasonTooShort(RuleBroken):
    """A word is no reason that somebody can judge."""

    code = "break-glass-reason-too-short"

    def __init__(self) -> None:
        super().__init__(_("Skriv lidt mere om, hvorfor det haster. En anden skal kunne vurdere det bagefter."))


class NothingOpened(RuleBroken):
    """The same answer whether there is no such matter or the own agency takes no part in it (R-216)."""

    code = "break-glass-nothing-opened"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Der blev ikke åbnet nogen sag. Nødadgang gælder kun sager, som din egen myndighed er optaget i. Kontrollér nummeret, eller ring til den myndighed, der leder sagen. Forsøget er gemt."
            )
        )


class NobodyReviews(RuleBroken):
    """Without another overseer of the own controller nobody could look at it afterwards."""

    code = "break-glass-nobody-reviews"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nødadgang kan ikke bruges hos jer, for ingen anden kan gennemgå den bagefter. Ring til en kollega, der har adgang til sagen, eller til den myndighed, der leder den."
            )
        )


class TooManyOpen(RuleBroken):
    """A worker holds three openings at once at most."""

    code = "break-glass-too-many-open"

    def __init__(self) -> None:
        super().__init__(_("Du har allerede tre sager åbne med nødadgang. Luk en af dem først."))


class TooManyAttempts(RuleBroken):
    """Ten attempts without an opening in a day look like guessing."""

    code = "break-glass-too-many-attempts"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Du har forsøgt for mange gange uden at ramme en sag. Vent til i morgen, eller ring til den myndighed, der leder sagen."
            )
        )


class HasAccess(RuleBroken):
    """There is nothing to break."""

    code = "break-glass-has-access"

    def __init__(self) -> None:
        super().__init__(_("Du har allerede adgang til sagen. Find den under »Sager« eller nederst på denne side."))


class AlreadyClosed(RuleBroken):
    """It has closed since the page was opened."""

    code = "break-glass-already-closed"

    def __init__(self) -> None:
        super().__init__(_("Nødadgangen er allerede lukket."))


_REFUSALS: dict[str, type[RuleBroken]] = {
    "nothing": NothingOpened,
    "nobody-reviews": NobodyReviews,
    "too-many": TooManyOpen,
    "too-many-attempts": TooManyAttempts,
    "has-access": HasAccess,
}


def break_glass(*, worker: Worker, reference: str, emergency: str, reason: str, now: datetime.datetime) -> BreakGlass:
    """Open the matter of a reference to the worker for `FOREBYG_BREAK_GLASS_HOURS`, and alarm who is to know.

    What is refused is kept in the ledger, too: let the transaction commit. Raises `NotPermitted`, `NotAChoice`, `TextMissing`,
    `ReasonTooShort`, `TextTooLong`, and `NothingOpened`, `NobodyReviews`, `TooManyOpen`, `TooManyAttempts` or `HasAccess`.
    """
    require(worker, Permission.BREAK_GLASS)
    wanted = reference.strip()[:LONGEST_REFERENCE]
    if not wanted:
        raise TextMissing(_("sagens nummer"))
    if emergency not in Emergency.values:
        raise NotAChoice
    check_text(reason, what=_("hvorfor det haster"))
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    glass = BreakGlass(id=new_id(), reason=reason)
    event = Event(id=new_id())
    sealed = glass.seal("reason", reason)
    kept = event.seal("reason", f"{wanted}: {reason}")
    lasts = f"{settings.FOREBYG.break_glass_hours} hours"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, tell FROM oversight_break_glass(%s, %s, %s::interval, %s, %s, %s, %s, %s, %s, %s)",
            [wanted, emergency, lasts, glass.id, glass.key_id, sealed, new_id(), event.id, event.key_id, kept],
        )
        outcome, tell = cursor.fetchone()
    if outcome != "opened":
        raise _REFUSALS[outcome]
    forget_reach(worker)
    for one in Worker.objects.filter(id__in=tell):
        tell_worker(one, Notice.GLASS_BROKEN)
    return BreakGlass.objects.select_related("matter", "grant").get(id=glass.id)


def close_glass(*, worker: Worker, glass_id: uuid.UUID, now: datetime.datetime) -> None:
    """Close an opening that still runs: one's own, or one of the own controller's workers'. Raises `NotVisible`, `AlreadyClosed`."""
    if not BreakGlass.objects.filter(id=glass_id).exists():
        raise NotVisible
    with connection.cursor() as cursor:
        cursor.execute("SELECT oversight_close_glass(%s)", [glass_id])
        matter: uuid.UUID | None = cursor.fetchone()[0]
    if matter is None:
        raise AlreadyClosed
    forget_reach(worker)
    record("glass.closed", actor=worker, at=now, matters=[matter], records=[glass_id])


def own_openings(worker: Worker, *, now: datetime.datetime) -> list[BreakGlass]:
    """The worker's own openings that still run, the newest first. Raises `NotPermitted`."""
    require(worker, Permission.BREAK_GLASS)
    running = BreakGlass.objects.filter(worker=worker.id, grant__ended_at=None, grant__ends_at__gt=now)
    return list(running.select_related("matter", "grant").order_by("-broken_at"))
