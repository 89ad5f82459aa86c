"""Which parents take part in what is agreed with somebody: under 18 those who answer for the person, from 18 those whom the
person wants there (R-103, R-104)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from forebyg.people.consents import ConsentGiven, asked_on
from forebyg.people.models import Consent, Participant, Relation
from forebyg.people.participants import guardians_of, is_minor


def parents_with_a_part(
    person: Participant, guardians: Iterable[uuid.UUID], consents: Iterable[ConsentGiven], day: datetime.date
) -> frozenset[uuid.UUID]:
    """Of those who answer for the person, or did before the person was 18. From 18 it takes the person's own consent that
    something is shared with just that parent; where the age is not known the rules for children hold."""
    if asked_on(person, day).guardians:
        return frozenset(guardians)
    wanted = {one.recipient for one in consents if one.kind == Consent.Kind.SHARE and one.is_citizens and one.is_given}
    return frozenset(guardians) & frozenset(one for one in wanted if one is not None)


def parents_of_grown_ups(
    people: Iterable[Participant], relations: Iterable[Relation], day: datetime.date
) -> frozenset[uuid.UUID]:
    """The guardians of a matter whose children there are all known to be 18 or more: a form does not lead to them."""
    people, relations = list(people), list(relations)
    still_asked: set[uuid.UUID] = set()
    of_grown_ups: set[uuid.UUID] = set()
    for child in people:
        parents = guardians_of(child.root, people, relations)
        (of_grown_ups if is_minor(child, day) is False else still_asked).update(parents)
    return frozenset(of_grown_ups - still_asked)
