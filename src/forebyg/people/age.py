"""Age at a moment: the under-18 rules follow the date of birth, also when someone turns 18 during a case (R-053)."""

from __future__ import annotations

import datetime

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


def is_under_18(born_on: datetime.date | None, stated: str, day: datetime.date) -> bool | None:
    """Whether the person is under 18 on that day; None when nothing is known."""
    if born_on is not None:
        return age_on(born_on, day) < ADULT_AT
    return {StatedAge.MINOR: True, StatedAge.ADULT: False}.get(StatedAge(stated))
