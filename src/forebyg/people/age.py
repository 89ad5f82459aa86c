"""Age at a moment: the under-18 rules follow the date of birth, also when someone turns 18 during a case (R-053)."""

from __future__ import annotations

import datetime
import enum

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils.translation import gettext_lazy as _

ADULT_AT = 18


class StatedAge(models.TextChoices):
    """What is known of a person's age when the date of birth is not."""

    UNKNOWN = "unknown", _("Ukendt alder")
    MINOR = "minor", _("Under 18 år")
    ADULT = "adult", _("18 år eller derover")


def age_on(born_on: datetime.date, day: datetime.date) -> int:
    """Whole years lived on a day. Who is born on 29 February has a birthday on 1 March in common years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def turns_18_on(born_on: datetime.date) -> datetime.date:
    """The 18th birthday; of who is born on 29 February, 1 March in common years."""
    try:
        return born_on.replace(year=born_on.year + ADULT_AT)
    except ValueError:
        return datetime.date(born_on.year + ADULT_AT, 3, 1)


class ComingOfAge(enum.Enum):
    """What there is to do because of an 18th birthday: the words of the tasks."""

    SOON = "turns-18-soon"
    DONE = "turned-18"


def coming_of_age(born_on: datetime.date, day: datetime.date) -> ComingOfAge | None:
    """Whether the 18th birthday lies within the month that comes, or within the one that went (R-053, R-223)."""
    birthday = turns_18_on(born_on)
    if birthday - relativedelta(months=1) <= day < birthday:
        return ComingOfAge.SOON
    return ComingOfAge.DONE if birthday <= day < birthday + relativedelta(months=1) else None


def is_under_18(born_on: datetime.date | None, stated: str, day: datetime.date) -> bool | None:
    """Whether the person is under 18 on that day; None when nothing is known."""
    if born_on is not None:
        return age_on(born_on, day) < ADULT_AT
    return {StatedAge.MINOR: True, StatedAge.ADULT: False}.get(StatedAge(stated))
