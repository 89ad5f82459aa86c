"""The special lock (B-026) and broken glass (B-025): what narrows need to know, and what widens it for some hours."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from tests.stateful.oracle.deeds import FORBIDDEN, HIDDEN, Asking, begin, deed, demand
from tests.stateful.oracle.facts import Grant, Matter, World
from tests.stateful.oracle.may import AGENCY, BREAKS_GLASS, OUR_UNIT, OVERSEERS, SAME_CONTROLLER_AS_VINK

LASTS = datetime.timedelta(hours=4)
AT_ONCE = 3
"""Openings of one worker at once, at most."""


@deed
def lock(world: World, who: str, matter: Matter, *, keep: Collection[str]) -> Asking:
    """By the agency that leads: from now on only who locks it and those named see the matter, each as far and as long as before."""
    begin(world, who, matter, "lock-specially", after_end=True)
    demand(matter.lead == AGENCY[who], FORBIDDEN)
    live = [grant for grant in matter.grants if grant.runs(world.now)]
    named = {who, *keep}
    demand(not matter.is_locked and named <= {grant.worker for grant in live if AGENCY[grant.worker] in matter.admitted})
    yield
    matter.is_locked = True
    for grant in live:
        if grant.worker not in named:
            grant.ended = grant.is_named or grant.ended
        elif not grant.is_named:
            world.grant(matter, grant.worker, person=grant.person, ends=grant.ends)


@deed
def lift(world: World, who: str, matter: Matter) -> Asking:
    """Every grant counts again."""
    begin(world, who, matter, "lock-specially", after_end=True)
    demand(matter.lead == AGENCY[who], FORBIDDEN)
    demand(matter.is_locked)
    yield
    matter.is_locked = False


@deed
def break_glass(world: World, who: str, matter: Matter) -> Asking:
    """In an emergency a worker opens a matter in which the own agency takes part, for hours; who leads it is told. Never a locked
    one, and never where nobody else could review it."""
    demand(who in BREAKS_GLASS, FORBIDDEN)
    demand(AGENCY[who] in SAME_CONTROLLER_AS_VINK | (frozenset(AGENCY.values()) - OUR_UNIT))
    openings = [grant for one in world.matters for grant in one.grants if grant.worker == who and grant.is_emergency]
    demand(sum(grant.runs(world.now) for grant in openings) < AT_ONCE)
    demand(any(seat.agency == AGENCY[who] and not seat.frame_only for seat in matter.seats) and not matter.is_locked)
    demand(not world.reach(who, matter).whole)
    yield
    world.grant(matter, who, ends=world.now + LASTS, is_emergency=True)
    world.keep_task(matter, matter.lead, "break-glass", matter.lead)


@deed
def close_glass(world: World, who: str, _matter: None, *, opening: Grant) -> Asking:
    """Before its time, by the worker or an officer who oversees the worker."""
    demand(who == opening.worker or who in OVERSEERS, HIDDEN)
    demand(opening.runs(world.now))
    yield
    opening.ended = True
