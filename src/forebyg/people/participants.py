"""What follows from who a participant is."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from forebyg.people.age import age_on, is_under_18
from forebyg.people.models import Participant, Relation


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


def guardians_of(minor: uuid.UUID, people: Iterable[Participant], relations: Iterable[Relation]) -> set[uuid.UUID]:
    """Those who answer for a minor: the guardians of the matter who are the minor's parents or hold the custody. A parent who
    is known to be without custody does not (R-105). Relations come oldest first: the last of its kind stands."""
    standing = {(one.from_participant, one.kind): one for one in relations if one.to_participant == minor}
    answering = {
        guardian
        for (guardian, kind), one in standing.items()
        if one.has_custody or (kind == Relation.Kind.PARENT and one.has_custody is None)
    }
    return {person.root for person in people if person.is_guardian} & answering
