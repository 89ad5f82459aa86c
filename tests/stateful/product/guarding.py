"""The special lock and broken glass, by the actions."""

from __future__ import annotations

from conftest import as_owner
from tests.stateful.oracle.facts import Grant
from tests.stateful.product.hands import WORDS, Acting, Hands, hand

from forebyg.access.models import BreakGlass
from forebyg.cases.actions import locking
from forebyg.matters.models import Matter
from forebyg.oversight import breaking


@hand
def lock(hands: Hands, acting: Acting, *, keep: list[str]) -> None:
    locking.lock_specially(**acting, keep=[hands.cast[one].id for one in keep], reason=WORDS)


@hand
def lift(hands: Hands, acting: Acting) -> None:
    locking.lift_lock(**acting, reason=WORDS)


@hand
def break_glass(hands: Hands, acting: Acting) -> None:
    with as_owner():
        reference = Matter.objects.get(id=hands.matter(acting)).reference
    breaking.break_glass(worker=acting["worker"], reference=reference, emergency="other", reason=WORDS, now=acting["now"])


@hand
def close_glass(hands: Hands, acting: Acting, *, opening: Grant) -> None:
    with as_owner():
        glass = BreakGlass.objects.get(grant=opening.id).id
    breaking.close_glass(worker=acting["worker"], glass_id=glass, now=acting["now"])
