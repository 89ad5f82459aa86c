"""What follows from who a participant is."""

from __future__ import annotations

import datetime

from forebyg.people.age import age_on, is_under_18
from forebyg.people.models import Participant


def birth_date(person: Participant) -> datetime.date | None:
    """The date of birth of an opened participant, when it is known."""
    return datetime.date.fromisoformat(person.born_on) if person.born_on else None


def is_minor(person: Participant, day: datetime.date) -> bool | None:
    """Whether the participant is under 18 on that day; None when nothing is known (R-053)."""
    return is_under_18(birth_date(person), person.stated_age, day)


def age_of(person: Participant, day: datetime.date) -> int | None:
    """Whole years on that day, when the date of birth is known."""
    born = birth_date(person)
    return age_on(born, day) if born else None
