"""Which hours a deadline counts: table-driven, without a database (B-010)."""

import datetime

import pytest
from django.utils import timezone

from forebyg.cases import rules
from forebyg.core.working_time import Calendar, counted, is_working_day, moved, public_holidays


def _local(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def _hours(number: float) -> datetime.timedelta:
    return datetime.timedelta(hours=number)


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        ("2026-01-01", True),
        ("2026-04-02", True),  # Maundy Thursday
        ("2026-04-03", True),  # Good Friday
        ("2026-04-06", True),  # Easter Monday
        ("2026-05-14", True),  # Ascension Day
        ("2026-05-25", True),  # Whit Monday
        ("2026-12-25", True),
        ("2026-12-26", True),
        ("2023-05-05", True),  # Great Prayer Day, the last time
        ("2024-04-26", False),
        ("2026-05-01", False),
        ("2026-06-05", False),
        ("2026-12-24", False),
        ("2026-12-31", False),
    ],
)
def test_the_public_holidays_are_those_of_the_law(day: str, is_holiday: bool) -> None:
    date = datetime.date.fromisoformat(day)
    assert (date in public_holidays(date.year)) == is_holiday
    assert is_working_day(date) == (not is_holiday and date.weekday() < 5)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "end"),
    [
        (Calendar.ELAPSED, "2026-12-24 12:00", 48, "2026-12-26 12:00"),
        (Calendar.WEEKDAYS, "2026-12-24 12:00", 24, "2026-12-28 12:00"),
        (Calendar.WORKING, "2026-11-23 09:00", 4, "2026-11-23 13:00"),
        (Calendar.WORKING, "2026-11-23 14:00", 4, "2026-11-24 10:00"),
        (Calendar.WORKING, "2026-11-23 05:00", 8, "2026-11-23 16:00"),
        (Calendar.WORKING, "2026-11-27 15:00", 2, "2026-11-30 09:00"),  # over a weekend
        (Calendar.WORKING, "2026-04-01 15:00", 2, "2026-04-07 09:00"),  # over Easter
        (Calendar.WORKING, "2026-11-28 12:00", 1, "2026-11-30 09:00"),  # begun on a Saturday
        (Calendar.WORKING, "2026-10-23 15:00", 2, "2026-10-26 09:00"),  # over the end of summer time
    ],
)
def test_a_deadline_lies_so_much_of_its_own_time_later_and_back_again(
    calendar: Calendar, start: str, hours: int, end: str
) -> None:
    assert moved(_local(start), _hours(hours), calendar) == _local(end)
    assert counted(_local(start), _local(end), calendar) == _hours(hours)
    back = moved(_local(end), -_hours(hours), calendar)
    assert counted(back, _local(end), calendar) == _hours(hours) and counted(back, _local(start), calendar) <= _hours(0)


@pytest.mark.parametrize(
    ("calendar", "paused", "resumed", "due"),
    [
        (Calendar.ELAPSED, "2026-11-27 12:00", "2026-11-30 12:00", "2026-12-03 12:00"),
        (Calendar.WORKING, "2026-11-27 12:00", "2026-11-30 12:00", "2026-12-01 12:00"),  # eight hours went by meanwhile
        (Calendar.WORKING, "2026-11-28 12:00", "2026-11-29 12:00", "2026-11-30 12:00"),  # none did
    ],
)
def test_a_pause_moves_the_deadline_by_its_own_time(calendar: str, paused: str, resumed: str, due: str) -> None:
    given = {"due_at": _local("2026-11-30 12:00"), "paused_at": _local(paused), "now": _local(resumed)}
    assert rules.resumed_due(**given, calendar=calendar) == _local(due)
