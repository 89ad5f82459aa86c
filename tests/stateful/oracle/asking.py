"""Requests to another agency, as PostgreSQL lets the web role write them (B-020): asked, declined, withdrawn."""

from __future__ import annotations

from collections.abc import Collection

from tests.stateful.oracle.deeds import FORBIDDEN, HIDDEN, Asking, deed, demand
from tests.stateful.oracle.facts import Matter, Person, Record, World
from tests.stateful.oracle.may import AGENCY
from tests.stateful.oracle.sharing import ANSWER, REQUEST


@deed
def ask_by_sql(world: World, who: str, matter: Matter, *, asked: str, about: Collection[Person]) -> Asking:
    """Read by the two agencies and nobody else."""
    demand(world.reach(who, matter).covers(frozenset(about)), FORBIDDEN)
    demand(asked in matter.admitted and asked != AGENCY[who], FORBIDDEN)
    yield
    world.keep(matter, who, REQUEST, about, entry=False, reads_too=asked, says={"outcome": ""})


@deed
def decline_by_sql(world: World, who: str, matter: Matter, *, request: Record) -> Asking:
    """Once, by the agency asked; the answer is read by the two."""
    demand(world.reach(who, matter).covers(request.about), FORBIDDEN)
    demand(request.matter is matter and request.reads_too == AGENCY[who] and not request.says["outcome"], FORBIDDEN)
    yield
    request.says["outcome"] = "declined"
    world.keep(matter, who, ANSWER, request.about, entry=False, of=request, reads_too=request.owner)


@deed
def withdraw_by_sql(world: World, who: str, matter: Matter, *, request: Record) -> Asking:
    """By the agency that asked, before it is answered: whom it names does not stay with the other (B-023)."""
    demand(request.matter is matter and world.reach(who, matter).whole and request.owner == AGENCY[who], HIDDEN)
    demand(not request.says["outcome"], HIDDEN)
    yield
    request.says["outcome"], request.reads_too = "withdrawn", None
