"""Persons, items, decisions and alarms, by the actions."""

from __future__ import annotations

from typing import Any

from tests.stateful.oracle.facts import Matter, Person, Record
from tests.stateful.product.hands import WORDS, Acting, Hands, a_participant, hand, roots

from forebyg.cases.actions import ending, noting, wrong_case
from forebyg.cases.models import Decision
from forebyg.cases.tests.cast import an_item

PROCEDURE = "arbejdsgang-boern"


@hand
def add_person(hands: Hands, acting: Acting, *, facts: dict[str, Any]) -> None:
    noting.add_participant(**acting, person=a_participant(facts))


@hand
def change_person(hands: Hands, acting: Acting, *, person: Person, is_subject: bool) -> None:
    noting.change_participant(**acting, root=person.root, changes={"is_subject": is_subject, "is_involved": True})


@hand
def relate(hands: Hands, acting: Acting, *, one: Person, to: Person, kind: str, custody: bool | None) -> None:
    noting.relate(**acting, from_participant=one.root, to_participant=to.root, kind=kind, has_custody=custody)


@hand
def write(hands: Hands, acting: Acting, *, what: str, about: list[Person]) -> None:
    whom = {"about": roots(about), "happened_at": hands.world.now}
    if what == "item":
        noting.write_item(**acting, item=an_item(), **whom)
    elif what == "decision":
        noting.write_decision(**acting, decision=Decision(kind="other", text=WORDS), **whom)
    else:
        noting.raise_alarm(**acting, kind="other", text=WORDS, **whom)


@hand
def end_alarm(hands: Hands, acting: Acting, *, alarm: Record) -> None:
    noting.end_alarm(**acting, alarm=alarm.root, text=WORDS, happened_at=hands.world.now)


@hand
def correct(hands: Hands, acting: Acting, *, item: Record) -> None:
    noting.correct_item(**acting, root=item.root, text=WORDS, reason=WORDS)


@hand
def correct_person(hands: Hands, acting: Acting, *, item: Record, about: list[Person]) -> None:
    noting.correct_wrong_person(**acting, root=item.root, about=roots(about), reason=WORDS)


@hand
def correct_matter(hands: Hands, acting: Acting, *, item: Record, to: Matter) -> None:
    assert to.case_id
    wrong_case.correct_wrong_case(**acting, root=item.root, to_case_id=to.case_id, reason=WORDS)


@hand
def journal(hands: Hands, acting: Acting) -> None:
    ending.record_journal(**acting, number="2016-000001", closed_there_on=None)


@hand
def tick(hands: Hands, acting: Acting, *, point: int) -> None:
    noting.tick_point(**acting, procedure=PROCEDURE, point=point)
