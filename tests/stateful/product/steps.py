"""The nine steps, by the actions."""

from __future__ import annotations

from typing import Any

from tests.stateful.oracle.facts import Person
from tests.stateful.product.hands import WORDS, Acting, Hands, a_participant, hand, roots

from forebyg.cases.actions import assessing, ending, following, measures, meeting, opening
from forebyg.cases.tests.cast import CHANNEL, a_meeting, an_item
from forebyg.intake.actions import Reporter, receive_concern
from forebyg.intake.actions import note_concern as note
from forebyg.intake.models import Concern


@hand
def note_concern(hands: Hands, acting: Acting, *, people: list[dict[str, Any]], reporter_named: bool) -> None:
    note(
        **acting,
        channel=CHANNEL,
        reporter=Reporter(Concern.Reporter.FRONT_STAFF, name="Anmelderens Navn" if reporter_named else ""),
        people=[a_participant(facts) for facts in people],
        observation=an_item(),
        happened_at=hands.world.now,
    )


@hand
def receive(hands: Hands, acting: Acting) -> None:
    receive_concern(**acting, received_at=hands.world.now)


@hand
def bring_to_unit(hands: Hands, acting: Acting) -> None:
    assessing.bring_to_unit(**acting)


@hand
def discussed(hands: Hands, acting: Acting, *, taking_part: list[str]) -> None:
    assessing.record_discussion(
        **acting, text=WORDS, taking_part=[hands.agency(one) for one in taking_part], happened_at=hands.world.now
    )


@hand
def assess(hands: Hands, acting: Acting, *, gate: str, results: dict[Person, str], ground: str, taking_part: list[str]) -> None:
    assessing.assess(
        **acting,
        gate=gate,
        results={person.root: result for person, result in results.items()},
        ground=ground,
        reason=WORDS,
        taking_part=[hands.agency(one) for one in taking_part],
        happened_at=hands.world.now,
    )


@hand
def meet(
    hands: Hands, acting: Acting, *, about: list[Person], held: bool, guardians: list[Person], excuse: str,
    taking_part: list[str], kind: str,
) -> None:  # fmt: skip
    held_so = a_meeting(
        kind=kind,
        result="held" if held else "missed",
        guardians_present=roots(guardians),
        no_guardian_reason=excuse,
        taking_part=[hands.agency(one) for one in taking_part],
    )
    meeting.record_meeting(**acting, meeting=held_so, about=roots(about), happened_at=hands.world.now)


@hand
def follow_up_in_unit(hands: Hands, acting: Acting, *, taking_part: list[str]) -> None:
    following.record_unit_follow_up(
        **acting, text=WORDS, taking_part=[hands.agency(one) for one in taking_part], happened_at=hands.world.now
    )


@hand
def met(hands: Hands, acting: Acting) -> None:
    meeting.conclude_meetings(**acting)


@hand
def measures_agreed(hands: Hands, acting: Acting, *, spoken_with: list[Person], taking_part: list[str]) -> None:
    measures.agree_measures(
        **acting,
        text=WORDS,
        spoken_with=roots(spoken_with),
        taking_part=[hands.agency(one) for one in taking_part],
        happened_at=hands.world.now,
    )


@hand
def new_measures(hands: Hands, acting: Acting) -> None:
    measures.renew_measures(**acting)


@hand
def close(hands: Hands, acting: Acting, *, hand_over: bool, journal: str) -> None:
    ending.close_case(
        **acting, hand_over=hand_over, text=WORDS, journal_number=journal, closed_there_on=None, happened_at=hands.world.now
    )


@hand
def hand_to_pet(hands: Hands, acting: Acting) -> None:
    ending.hand_to_pet(**acting, text=WORDS, happened_at=hands.world.now)


@hand
def reopen(hands: Hands, acting: Acting) -> None:
    opening.reopen_case(**acting, reason=WORDS)
