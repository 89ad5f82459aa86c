"""Offers, answers and courses, by the actions."""

from __future__ import annotations

from tests.stateful.oracle.facts import Person, Record
from tests.stateful.product.hands import WORDS, Acting, Hands, hand

from forebyg.cases.actions import measures


@hand
def offer(hands: Hands, acting: Acting, *, to: Person, intervention: str) -> None:
    measures.make_offer(**acting, intervention=intervention, to=to.root, text=WORDS, happened_at=hands.world.now)


@hand
def answer(hands: Hands, acting: Acting, *, offer: Record, by: Person, kind: str) -> None:
    measures.answer_offer(**acting, offer=offer.root, kind=kind, answered_by=by.root, text=WORDS, happened_at=hands.world.now)


@hand
def start_course(hands: Hands, acting: Acting, *, offer: Record, holder: str | None) -> None:
    holder_id = hands.cast[holder].id if holder else None
    measures.start_course(**acting, offer=offer.root, holder_id=holder_id, happened_at=hands.world.now)


@hand
def log(hands: Hands, acting: Acting, *, course: Record, kind: str) -> None:
    measures.log_course(**acting, course=course.root, kind=kind, text=WORDS, happened_at=hands.world.now)


@hand
def change_course(hands: Hands, acting: Acting, *, course: Record, kind: str, counts: bool) -> None:
    measures.change_course(
        **acting, course=course.root, kind=kind, text=WORDS, happened_at=hands.world.now, counts_as_completed=counts
    )
