"""What a deed is to the oracle: a generator that asks everything before its `yield` and changes facts after it.

So the same few lines say whether a deed is possible (`is_possible`), how it is refused, and what it does (`do`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from tests.stateful.oracle.facts import ENDED, Matter, World
from tests.stateful.oracle.may import IN_EMERGENCY, MAY

HIDDEN, FORBIDDEN, NOT_NOW = "hidden", "forbidden", "not now"
"""Looks as if it were missing (R-216); seen, but not this worker's to do; not possible now or not with this input."""

Asking = Generator[None, None, None]
Deed = Callable[..., Asking]
DEEDS: dict[str, Deed] = {}


class Refused(Exception):
    """The oracle says no: `how` is one of the three."""

    def __init__(self, how: str = NOT_NOW) -> None:
        super().__init__(how)
        self.how = how


def deed(function: Deed) -> Deed:
    """Put a deed into the book under its name."""
    DEEDS[function.__name__] = function
    return function


def is_possible(world: World, name: str, who: str, matter: Matter | None, **given: Any) -> bool:
    """Whether the oracle would accept it now; changes nothing."""
    asking = DEEDS[name](world, who, matter, **given)
    try:
        next(asking)
    except Refused:
        return False
    asking.close()
    return True


def do(world: World, name: str, who: str, matter: Matter | None, **given: Any) -> None:
    """Do it in the world; what it must have made is then in `world.births`. Raises `Refused`."""
    world.births = []
    for _ in DEEDS[name](world, who, matter, **given):
        pass


def demand(condition: object, how: str = NOT_NOW) -> None:
    """Refuse unless it holds."""
    if not condition:
        raise Refused(how)


def begin(world: World, who: str, matter: Matter, permission: str, *, after_end: bool = False) -> None:
    """The worker sees the frame, may do this, and has the whole matter; after the police took over, nobody else goes on.
    An ended case takes nothing more but what comes after the end."""
    reach = world.reach(who, matter)
    demand(reach.frame, HIDDEN)
    demand(permission in MAY[who], FORBIDDEN)
    demand(reach.whole, NOT_NOW if matter.outcome == "handed-to-pet" else FORBIDDEN)
    demand(permission in IN_EMERGENCY or not world.only_in_emergency(who, matter))
    demand(after_end or matter.step != ENDED)
