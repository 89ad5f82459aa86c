"""CPR numbers, and the replacement numbers of those who have none."""

import pytest

from forebyg.core import cpr

REAL, REPLACEMENT = "0101991234", "6101991234"


@pytest.mark.parametrize("typed", ["010199-1234", "0101991234", " 010199-1234 ", "010199 1234"])
def test_a_number_is_read_as_people_write_it(typed: str) -> None:
    assert cpr.normalised(typed) == REAL


def test_a_replacement_number_has_six_more_on_the_day() -> None:
    assert cpr.normalised("610199-1234") == REPLACEMENT
    assert cpr.is_replacement(REPLACEMENT)
    assert not cpr.is_replacement(REAL)


@pytest.mark.parametrize(
    "typed", ["", "010199", "0101991", "320199-1234", "920199-1234", "600199-1234", "010199-12a4", "311199-1234"]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert cpr.normalised(typed) is None


def test_a_number_is_masked_until_it_is_asked_for() -> None:
    assert cpr.masked(REAL) == "010199-xxxx"
    assert cpr.spelled(REAL) == "010199-1234"
