"""When a request can be made and answered: functions that take loaded facts and return nothing or raise."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.core.errors import RuleBroken
from forebyg.people.models import Participant
from forebyg.sharing.requests.models import RequestState

LONGEST_WAIT = datetime.timedelta(days=92)


class AskingOneself(RuleBroken):
    """An agency asks itself."""

    code = "asking-oneself"

    def __init__(self) -> None:
        super().__init__(_("Vælg en anden myndighed end jeres egen. Det, I selv ved, står i sagen."))


class NoSeat(RuleBroken):
    """The agency has no seat in the unit."""

    code = "no-seat"

    def __init__(self) -> None:
        super().__init__(_("Myndigheden har ikke plads i enheden og kan ikke spørges her. Vælg en af dem på listen."))


class NobodyNamed(RuleBroken):
    """A request that is about nobody."""

    code = "nobody-named"

    def __init__(self) -> None:
        super().__init__(_("Vælg mindst én person, som anmodningen handler om."))


class PersonOfAnother(RuleBroken):
    """To name a person is the right of the agency that recorded the person."""

    code = "person-of-another"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Personen er registreret af en anden myndighed. Kun den kan fortælle andre om personen. Spørg den, eller bed den om at spørge."
            )
        )


class DueNotAllowed(RuleBroken):
    """A deadline in the past, or so far away that nobody waits for it."""

    code = "due-not-allowed"

    def __init__(self) -> None:
        super().__init__(_("Vælg en svarfrist fra i morgen og højst tre måneder frem."))


class RequestEnded(RuleBroken):
    """The request was answered, declined or withdrawn before."""

    code = "request-ended"

    def __init__(self, state: str) -> None:
        said = {
            RequestState.ANSWERED: _("Anmodningen er allerede besvaret. Vil I fortælle mere, så videregiv oplysningen."),
            RequestState.DECLINED: _(
                "Anmodningen er allerede afslået. Vil I alligevel fortælle noget, så videregiv oplysningen."
            ),
            RequestState.WITHDRAWN: _("Anmodningen er trukket tilbage, så der er ikke noget at svare på."),
        }
        super().__init__(said[RequestState(state)])


class NotAskedOfUs(RuleBroken):
    """Only the agency asked answers, only the agency that asks withdraws."""

    code = "not-asked-of-us"

    def __init__(self) -> None:
        super().__init__(
            _("Kun den myndighed, der er spurgt, kan svare, og kun den, der spørger, kan trække anmodningen tilbage.")
        )


class NobodyThere(RuleBroken):
    """The agency that would be told has nobody left who may see the case."""

    code = "nobody-there"

    def __init__(self) -> None:
        super().__init__(
            _("Ingen hos modtageren har længere adgang til sagen, så intet er videregivet. Kontakt den, der leder sagen.")
        )


def check_asked(asked: uuid.UUID, *, own: uuid.UUID, seated: Iterable[uuid.UUID]) -> None:
    """Another agency, with a seat in the unit. Raises `AskingOneself`, `NoSeat`."""
    if asked == own:
        raise AskingOneself
    if asked not in set(seated):
        raise NoSeat


def check_named(persons: Iterable[Participant], *, own: uuid.UUID, asked: uuid.UUID) -> None:
    """Somebody is named, and nobody whom a third agency recorded: that one tells of them. Raises `NobodyNamed`,
    `PersonOfAnother`."""
    owners = {person.owner_id for person in persons}
    if not owners:
        raise NobodyNamed
    if not owners <= {own, asked}:
        raise PersonOfAnother


def check_due(due_at: datetime.datetime, *, now: datetime.datetime) -> None:
    """Raise `DueNotAllowed` unless the deadline lies ahead, within three months."""
    if not now < due_at <= now + LONGEST_WAIT:
        raise DueNotAllowed


def check_open(state: RequestState) -> None:
    """Raise `RequestEnded` unless the request waits for an answer."""
    if state != RequestState.OPEN:
        raise RequestEnded(state)


def end_of(day: datetime.date) -> datetime.datetime:
    """The last minute of a day, local time: until then an answer is in time."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59)))
