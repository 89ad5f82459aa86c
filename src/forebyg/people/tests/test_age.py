"""Age at a moment, and what follows from it."""

import datetime

import pytest

from forebyg.people.age import StatedAge, age_on, is_under_18
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import age_of, birth_date, is_minor

date = datetime.date


def a_participant(**values: object) -> Participant:
    return Participant(**{"label": "Søn", "born_on": "", "stated_age": "unknown", "is_subject": True} | values)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1998, 3, 15), date(2016, 3, 14), 17),
        (date(1998, 3, 15), date(2016, 3, 15), 18),
        (date(1998, 3, 15), date(2016, 3, 16), 18),
        (date(1998, 12, 31), date(2016, 1, 1), 17),
        (date(1998, 1, 1), date(2016, 1, 1), 18),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 2, 29), date(2020, 2, 28), 19),
        (date(2000, 2, 29), date(2020, 2, 29), 20),
        (date(1998, 2, 28), date(2016, 2, 28), 18),
        (date(2016, 3, 15), date(2016, 3, 15), 0),
    ],
)
def test_a_year_is_added_on_the_birthday_and_for_29_february_on_1_march(
    born: datetime.date, day: datetime.date, age: int
) -> None:
    assert age_on(born, day) == age


@pytest.mark.req("R-053", part="the under-18 rule follows the date of birth to the day")
@pytest.mark.parametrize(
    ("born", "stated", "minor"),
    [
        (date(1998, 3, 15), StatedAge.UNKNOWN, False),
        (date(1998, 3, 16), StatedAge.UNKNOWN, True),
        (date(1998, 3, 16), StatedAge.ADULT, True),
        (date(1998, 3, 15), StatedAge.MINOR, False),
        (None, StatedAge.MINOR, True),
        (None, StatedAge.ADULT, False),
        (None, StatedAge.UNKNOWN, None),
    ],
)
def test_a_known_date_of_birth_decides_and_what_is_stated_only_without_one(
    born: datetime.date | None, stated: str, minor: bool | None
) -> None:
    assert is_under_18(born, stated, date(2016, 3, 15)) is minor


@pytest.mark.req("R-053", part="the same person is a minor one day and an adult the next")
def test_a_participant_turns_18_between_two_days() -> None:
    son = a_participant(born_on="1998-03-15")
    assert is_minor(son, date(2016, 3, 14)) is True
    assert is_minor(son, date(2016, 3, 15)) is False
    assert age_of(son, date(2016, 3, 15)) == 18


def test_an_age_is_not_guessed() -> None:
    assert birth_date(a_participant()) is None
    assert age_of(a_participant(stated_age="minor"), date(2016, 3, 15)) is None
    assert is_minor(a_participant(), date(2016, 3, 15)) is None


@pytest.mark.req("R-012", part="one participant is subject and guardian at once")
def test_a_participant_may_hold_several_roles() -> None:
    father = a_participant(is_guardian=True)
    assert father.roles == ["Bekymringen gælder", "Forælder eller værge"]
    assert a_participant(is_subject=False, is_involved=True).roles == ["Involveret"]


def test_a_relation_is_read_from_both_ends() -> None:
    relation = Relation(from_participant="far", to_participant="soen", kind="parent")
    assert (relation.other("far"), relation.other("soen")) == ("soen", "far")
