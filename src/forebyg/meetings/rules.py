"""The rules of a unit meeting: functions that take loaded facts and return nothing or raise."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from forebyg.access.models import Agency
from forebyg.core.errors import RuleBroken
from forebyg.law.words import COOPERATIONS

LONGEST_AHEAD = datetime.timedelta(days=366)


class NotInForum(RuleBroken):
    """An agency that takes no part in the forum of the item (R-043)."""

    code = "agency-not-in-forum"

    def __init__(self, agencies: str, forum: str, because: str = "") -> None:
        said = _(
            "%(agencies)s deltager ikke i %(forum)s og kan derfor ikke være med ved punktet. Vælg et andet samarbejde eller andre myndigheder."
        ) % {"agencies": agencies, "forum": forum}
        super().__init__(f"{said} {because}".strip())


class MayNotAttend(RuleBroken):
    """The law does not let this agency take part in the item."""

    code = "may-not-attend"

    def __init__(self, agency: str, because: str) -> None:
        super().__init__(_("%(agency)s kan ikke være med ved punktet. %(because)s") % {"agency": agency, "because": because})


class MeetingTooFar(RuleBroken):
    """A date that is no meeting of the unit's."""

    code = "meeting-too-far"

    def __init__(self) -> None:
        super().__init__(_("Mødet ligger mere end et år herfra. Kontrollér datoen."))


class MeetingNotHeld(RuleBroken):
    """Minutes of what has not been said."""

    code = "meeting-not-held"

    def __init__(self) -> None:
        super().__init__(_("Mødet er ikke holdt endnu. Skriv referatet, når det er."))


class NotTheMinuteTaker(RuleBroken):
    """The minutes are the secretariat's to write."""

    code = "not-the-minute-taker"

    def __init__(self, agency: str) -> None:
        super().__init__(_("Referatet skrives af %(agency)s. Send jeres rettelser dertil.") % {"agency": agency})


class AlreadyWritten(RuleBroken):
    """An item has one set of minutes."""

    code = "minutes-already-written"

    def __init__(self) -> None:
        super().__init__(_("Der er allerede et referat af punktet. Ret det, der er skrevet."))


class NotAttending(RuleBroken):
    """Somebody who had no right to take part in the item (R-048)."""

    code = "not-attending"

    def __init__(self) -> None:
        super().__init__(_("Kun myndigheder, der skulle være med ved punktet, kan have deltaget i det. Vælg blandt dem."))


def check_meets_at(meets_at: datetime.datetime, *, now: datetime.datetime) -> None:
    """A meeting lies within a year, before or after."""
    if abs(meets_at - now) > LONGEST_AHEAD:
        raise MeetingTooFar


def outside(forum: str, agencies: Iterable[Agency]) -> list[Agency]:
    """Those who take no part in the forum; outside of every cooperation there is nobody who does not."""
    return [one for one in agencies if forum in COOPERATIONS and forum not in one.forums]


def check_held(meets_at: datetime.datetime, *, now: datetime.datetime) -> None:
    """The meeting has begun."""
    if meets_at > now:
        raise MeetingNotHeld


def check_took_part(taking_part: Collection[uuid.UUID], *, attending: Collection[uuid.UUID], own: uuid.UUID) -> None:
    """Whoever took part was to attend; the one who writes did."""
    if not set(taking_part) <= set(attending) or own not in taking_part:
        raise NotAttending
