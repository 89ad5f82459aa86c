"""The product's side of a deed: the worker who acts, the moment, and the book of actions under the oracle's names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from tests.stateful.oracle.facts import Matter, Record, World
from tests.stateful.oracle.may import AGENCY

from forebyg.access.models import Worker
from forebyg.access.reach import forget_reach
from forebyg.people.models import Participant
from forebyg.store.identity import act_as

Acting = dict[str, Any]
WORDS = "Opdigtet tekst til prøven."
HANDS: dict[str, Callable[..., None]] = {}


def hand(function: Callable[..., None]) -> Callable[..., None]:
    """Put what the product does for a deed into the book, under the deed's name."""
    HANDS[function.__name__] = function
    return function


def roots(records: Iterable[Record]) -> list[uuid.UUID]:
    """The ids of records."""
    return [record.root for record in records]


def a_participant(facts: dict[str, Any]) -> Participant:
    """A person with the facts that the oracle goes by."""
    born_on = facts.get("born_on")
    return Participant(
        label="Opdigtet person",
        name="",
        cpr="",
        born_on=born_on.isoformat() if born_on else "",
        stated_age=facts.get("stated", "unknown"),
        involved_because="",
        is_subject=facts.get("is_subject", False),
        is_guardian=facts.get("is_guardian", False),
        is_involved=True,
    )


class Hands:
    """Does in the product what the oracle does in its world; the two share ids and time."""

    def __init__(self, cast: dict[str, Worker], world: World) -> None:
        self.cast = cast
        self.world = world
        self.agencies = {AGENCY[key]: worker.agency for key, worker in cast.items()}

    def set_time(self) -> None:
        """Let the database live at the world's moment."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SET SESSION AUTHORIZATION forebyg_owner;"
                'UPDATE store_clock_offset SET "offset" = %s::timestamptz - pg_catalog.now();'
                "SET SESSION AUTHORIZATION forebyg_web",
                [self.world.now],
            )

    def become(self, who: str) -> Worker:
        """Let a worker act, as at the beginning of a request."""
        worker = self.cast[who]
        forget_reach(worker)
        assert act_as(worker.id) == self.world.now, "the database lives at another moment than the oracle"
        return worker

    def do(self, name: str, who: str, matter: Matter | None, **given: Any) -> None:
        """The deed of that name. Raises what the action raises."""
        acting: Acting = {"worker": self.become(who), "now": self.world.now}
        if matter is not None:
            acting["case_id"] = matter.case_id
        HANDS[name](self, acting, **given)

    def agency(self, key: str) -> uuid.UUID:
        """The id of an agency."""
        return self.agencies[key].id

    def matter(self, acting: Acting) -> uuid.UUID | None:
        """The id of the matter of a deed."""
        return next(matter.id for matter in self.world.matters if matter.case_id == acting["case_id"])
