"""The 18th birthday: when it is, and when there is something to do about it."""

import datetime

import pytest

from forebyg.people.age import ADULT_AT, ComingOfAge, age_on, coming_of_age, turns_18_on

BORN = datetime.date(1998, 5, 31)


@pytest.mark.parametrize(
    ("born", "birthday"),
    [
        (BORN, datetime.date(2016, 5, 31)),
        (datetime.date(2000, 2, 29), datetime.date(2018, 3, 1)),
        (datetime.date(2002, 2, 28), datetime.date(2020, 2, 28)),
    ],
)
def test_the_birthday_is_the_first_day_on_which_one_is_18(born: datetime.date, birthday: datetime.date) -> None:
    assert turns_18_on(born) == birthday
    assert age_on(born, birthday) == ADULT_AT
    assert age_on(born, birthday - datetime.timedelta(days=1)) == ADULT_AT - 1


@pytest.mark.req("R-053", part="a month before the 18th birthday and on the day there is something to do")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2016, 4, 29), None),
        (datetime.date(2016, 4, 30), ComingOfAge.SOON),
        (datetime.date(2016, 5, 30), ComingOfAge.SOON),
        (datetime.date(2016, 5, 31), ComingOfAge.DONE),
        (datetime.date(2016, 6, 29), ComingOfAge.DONE),
        (datetime.date(2016, 6, 30), None),
        (datetime.date(2030, 1, 1), None),
    ],
)
def test_there_is_something_to_do_a_month_before_and_from_the_day(day: datetime.date, expected: ComingOfAge | None) -> None:
    assert coming_of_age(BORN, day) is expected
