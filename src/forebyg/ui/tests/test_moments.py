from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from forebyg.ui import moments

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MOMENT = datetime.datetime(2026, 11, 23, 4, 40, tzinfo=datetime.UTC)
NOW = datetime.datetime(2026, 11, 23, 9, 40, tzinfo=COPENHAGEN)


def test_a_moment_is_written_in_local_time_and_in_the_language_of_the_page() -> None:
    with translation.override("da"):
        assert moments.date_and_time(MOMENT) == "23. november 2026 kl. 05.40"
        assert moments.short_date_and_time(MOMENT) == "23. nov. 2026 kl. 05.40"
        assert moments.clock_time(MOMENT) == "05.40"
    with translation.override("en"):
        assert moments.date_and_time(MOMENT) == "23 November 2026 at 05:40"


def test_a_plain_date_never_shows_a_clock_time() -> None:
    with translation.override("da"):
        assert moments.date_and_time(datetime.date(2026, 11, 3)) == "3. november 2026"


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [(23, 7, "I dag kl. 07.00"), (24, 5, "I morgen kl. 05.00"), (22, 5, "I går kl. 05.00"), (25, 13, "Onsdag kl. 13.00")],
)
def test_a_near_moment_is_said_by_its_day(day: int, hour: int, said: str) -> None:
    with translation.override("da"):
        assert moments.near(datetime.datetime(2026, 11, day, hour, tzinfo=COPENHAGEN), NOW) == said


def test_a_moment_far_off_is_said_by_its_date() -> None:
    with translation.override("da"):
        assert moments.near(datetime.datetime(2026, 12, 1, 9, tzinfo=COPENHAGEN), NOW) == "1. dec. 2026 kl. 09.00"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (7_800, "2 t 10 min"),
        (169_200, "1 dag 23 t"),
        (529_200, "6 dage"),
        (45 * 60, "45 min"),
        (-7_800, "2 t 10 min"),
        (20, "under 1 min"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(seconds: int, said: str) -> None:
    with translation.override("da"):
        assert moments.duration(seconds) == said
        assert moments.duration(datetime.timedelta(seconds=seconds)) == said


def test_a_time_element_carries_the_moment_for_machines_and_escapes_its_words() -> None:
    with translation.override("da"):
        assert moments.time_tag(MOMENT, text="<b>") == '<time datetime="2026-11-23T05:40+01:00">&lt;b&gt;</time>'
