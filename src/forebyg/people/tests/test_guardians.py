"""Who answers for a minor."""

import uuid

import pytest

from forebyg.core.ids import new_id
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import guardians_of

CHILD, ADULT = new_id(), new_id()


def _person(root: uuid.UUID = ADULT, *, is_guardian: bool = True) -> Participant:
    return Participant(root=root, is_guardian=is_guardian, is_involved=True)


def _relation(kind: str = "parent", *, custody: bool | None = None, to: uuid.UUID = CHILD, of: uuid.UUID = ADULT) -> Relation:
    return Relation(from_participant=of, to_participant=to, kind=kind, has_custody=custody)


@pytest.mark.req("A-32")
@pytest.mark.req("R-105", part="a parent who is known to be without custody does not answer for the child")
@pytest.mark.parametrize(
    ("relations", "answers"),
    [
        ([], False),
        ([_relation()], True),
        ([_relation(custody=True)], True),
        ([_relation(custody=False)], False),
        ([_relation("other", custody=True)], True),
        ([_relation("other")], False),
        ([_relation("influence")], False),
        ([_relation("sibling")], False),
        ([_relation(to=new_id())], False),
        ([_relation(to=ADULT, of=CHILD)], False),
        ([_relation(), _relation(custody=False)], False),
        ([_relation(custody=False), _relation(custody=True)], True),
        ([_relation(custody=True), _relation("influence")], True),
    ],
)
def test_a_guardian_answers_for_the_own_child(relations: list[Relation], answers: bool) -> None:
    assert guardians_of(CHILD, [_person(), _person(CHILD, is_guardian=False)], relations) == ({ADULT} if answers else set())


def test_a_parent_who_is_no_guardian_of_the_matter_answers_for_nobody() -> None:
    assert guardians_of(CHILD, [_person(is_guardian=False)], [_relation(custody=True)]) == set()
