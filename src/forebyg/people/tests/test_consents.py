"""Who consents by age, which answers stand, and who has still to answer."""

import datetime
import uuid

import pytest

from forebyg.people.consents import (
    Asked,
    asked_on,
    on_sharing_with,
    on_taking_part,
    standing,
    still_to_answer,
    who_consents,
    whose_answer_counts,
)
from forebyg.people.models import Consent, Participant

CHILD, MOTHER, FATHER, AGENCY, OTHER_AGENCY = (uuid.uuid4() for _ in range(5))
DAY = datetime.date(2016, 5, 1)


def _answer(by: uuid.UUID, answer: str, *, day: int, kind: str = "share", recipient: uuid.UUID | None = AGENCY) -> Consent:
    at = datetime.datetime(2016, 4, day, 12, tzinfo=datetime.UTC)
    intervention, recipient = ("mentorstoette", None) if kind == "take-part" else ("", recipient)
    return Consent(
        kind=kind,
        person=CHILD,
        answered_by=by,
        answer=answer,
        intervention=intervention,
        recipient=recipient,
        text="",
        happened_at=at,
    )


@pytest.mark.req("A-32", "R-223", part="whose consent it takes at each age")
@pytest.mark.parametrize(
    ("age", "person", "guardians"),
    [(0, False, True), (14, False, True), (15, True, True), (17, True, True), (18, True, False), (40, True, False)],
)
def test_whose_consent_it_takes_follows_the_age(age: int, person: bool, guardians: bool) -> None:
    assert who_consents(age) == Asked(person, guardians)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("adult", Asked(person=True, guardians=False)),
        ("minor", Asked(person=True, guardians=True, is_certain=False)),
        ("unknown", Asked(person=True, guardians=True, is_certain=False)),
    ],
)
def test_without_a_date_of_birth_all_who_might_be_asked_are_asked(stated: str, expected: Asked) -> None:
    assert who_consents(None, stated) == expected


@pytest.mark.req("R-053", "R-104", part="on the 18th birthday the guardians' consent is no longer asked for")
@pytest.mark.parametrize(
    ("day", "guardians"), [(datetime.date(2016, 4, 30), True), (datetime.date(2016, 5, 1), False)], ids=["before", "birthday"]
)
def test_guardians_are_asked_until_the_birthday(day: datetime.date, guardians: bool) -> None:
    child = Participant(root=CHILD, born_on="1998-05-01")
    assert asked_on(child, day).guardians is guardians
    assert whose_answer_counts(child, [MOTHER], day) == ({CHILD, MOTHER} if guardians else {CHILD})


def test_the_newest_answer_of_each_stands() -> None:
    found = standing(
        [_answer(MOTHER, "refused", day=1), _answer(FATHER, "given", day=2), _answer(MOTHER, "given", day=3)],
        counting={MOTHER, FATHER},
    )
    assert {one.answered_by: (one.answer, one.on.day) for one in found} == {MOTHER: ("given", 3), FATHER: ("given", 2)}


def test_the_answer_of_somebody_who_is_not_asked_does_not_stand() -> None:
    assert standing([_answer(MOTHER, "given", day=1)], counting={CHILD}) == []


@pytest.mark.req("B-031", part="a yes to taking part is none to sharing, nor the other way")
def test_the_two_questions_are_kept_apart() -> None:
    found = standing([_answer(CHILD, "given", day=1), _answer(CHILD, "refused", day=2, kind="take-part")], counting={CHILD})
    assert [one.answer for one in on_sharing_with(found, AGENCY)] == ["given"]
    assert [one.answer for one in on_taking_part(found, "mentorstoette")] == ["refused"]
    assert on_taking_part(found, "exit") == []


def test_a_consent_to_share_is_for_its_recipient() -> None:
    found = standing([_answer(CHILD, "given", day=1)], counting={CHILD})
    assert on_sharing_with(found, OTHER_AGENCY) == []


def test_an_answer_for_all_named_gives_way_to_one_for_this_recipient() -> None:
    general, special = _answer(CHILD, "given", day=2, recipient=None), _answer(CHILD, "refused", day=1)
    found = standing([special, general], counting={CHILD})
    assert [one.answer for one in on_sharing_with(found, AGENCY)] == ["refused"]
    assert [one.answer for one in on_sharing_with(found, OTHER_AGENCY)] == ["given"]


@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_a_later_no_to_all_ends_an_earlier_yes_to_one(answer: str) -> None:
    found = standing(
        [
            _answer(CHILD, "given", day=1),
            _answer(MOTHER, "given", day=1),
            _answer(CHILD, "given", day=1, kind="take-part"),
            _answer(CHILD, answer, day=2, recipient=None),
        ],
        counting={CHILD, MOTHER},
    )
    assert {one.answered_by: one.answer for one in on_sharing_with(found, AGENCY)} == {CHILD: answer, MOTHER: "given"}
    assert [one.answer for one in on_taking_part(found, "mentorstoette")] == ["given"]


@pytest.mark.parametrize(
    ("age", "answered", "missing"),
    [
        (10, set(), {MOTHER, FATHER}),
        (10, {MOTHER}, {FATHER}),
        (16, {MOTHER}, {CHILD, FATHER}),
        (16, {CHILD, MOTHER, FATHER}, set()),
        (18, {MOTHER}, {CHILD}),
        (18, {CHILD}, set()),
    ],
)
def test_who_has_still_to_answer(age: int, answered: set[uuid.UUID], missing: set[uuid.UUID]) -> None:
    assert set(still_to_answer(CHILD, who_consents(age), [MOTHER, FATHER], answered)) == missing
