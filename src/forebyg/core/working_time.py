"""Which hours a deadline counts: all of them, those of working days, or the working hours of those (B-010).

A working day is Monday to Friday and no Danish public holiday. The public holidays are those of the Danish national church's
year with New Year's Day and the two days of Christmas; Great Prayer Day (store bededag) was one until 2023 (Act no. 214 of
6 March 2023).
"""

from __future__ import annotations

import datetime
import enum
import functools

from dateutil.easter import easter
from django.utils import timezone

_SATURDAY = 5
_LAST_GREAT_PRAYER_DAY = 2023
_AFTER_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday, in days after Easter Sunday."""
_PRAYER_DAY_AFTER_EASTER = 26

OPENS, CLOSES = datetime.time(8), datetime.time(16)
"""The working hours of a working day."""
_DAY = datetime.timedelta(days=1)
_NOTHING = datetime.timedelta()


class Calendar(enum.StrEnum):
    """Which hours count. The values stand in packs and in the database."""

    ELAPSED = "elapsed-hours"
    WEEKDAYS = "weekdays"
    WORKING = "working-hours"


@functools.lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[datetime.date]:
    """The Danish public holidays of a year."""
    sunday = easter(year)
    after = _AFTER_EASTER if year > _LAST_GREAT_PRAYER_DAY else (*_AFTER_EASTER, _PRAYER_DAY_AFTER_EASTER)
    fixed = (datetime.date(year, month, day) for month, day in ((1, 1), (12, 25), (12, 26)))
    return frozenset([*fixed, *(sunday + days * _DAY for days in after)])


def is_working_day(day: datetime.date) -> bool:
    """Monday to Friday, and no public holiday."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def working_days_after(day: datetime.date, days: int) -> datetime.date:
    """The day so many working days later."""
    while days:
        day += _DAY
        days -= is_working_day(day)
    return day


def moved(moment: datetime.datetime, by: datetime.timedelta, calendar: Calendar) -> datetime.datetime:
    """The moment from which, or since which when `by` is negative, so much time of the calendar lies between it and `moment`."""
    if calendar == Calendar.ELAPSED or not by:
        return moment + by
    at = timezone.localtime(moment)
    return _later(at, by, calendar) if by > _NOTHING else _earlier(at, -by, calendar)


def counted(start: datetime.datetime, end: datetime.datetime, calendar: Calendar) -> datetime.timedelta:
    """How much time of the calendar lies between two moments, the first of them first."""
    if calendar == Calendar.ELAPSED:
        return end - start
    first, last = timezone.localtime(start), timezone.localtime(end)
    total, day = _NOTHING, first.date()
    while day <= last.date():
        opens, closes = _open(day, calendar, first.tzinfo)
        total += max(min(closes, last) - max(opens, first), _NOTHING)
        day += _DAY
    return total


def _later(at: datetime.datetime, left: datetime.timedelta, calendar: Calendar) -> datetime.datetime:
    day = at.date()
    while True:
        opens, closes = _open(day, calendar, at.tzinfo)
        begins = max(opens, at)
        if left <= closes - begins:
            return begins + left
        left -= max(closes - begins, _NOTHING)
        day += _DAY


def _earlier(at: datetime.datetime, left: datetime.timedelta, calendar: Calendar) -> datetime.datetime:
    day = at.date()
    while True:
        opens, closes = _open(day, calendar, at.tzinfo)
        ends = min(closes, at)
        if left <= ends - opens:
            return ends - left
        left -= max(ends - opens, _NOTHING)
        day -= _DAY


def _open(day: datetime.date, calendar: Calendar, zone: datetime.tzinfo | None) -> tuple[datetime.datetime, datetime.datetime]:
    """From when until when time counts on a day, on the clock on the wall; a day on which none does has no length."""
    midnight = datetime.datetime.combine(day, datetime.time(), zone)
    if not is_working_day(day):
        return midnight, midnight
    if calendar == Calendar.WEEKDAYS:
        return midnight, midnight + _DAY
    return datetime.datetime.combine(day, OPENS, zone), datetime.datetime.combine(day, CLOSES, zone)
