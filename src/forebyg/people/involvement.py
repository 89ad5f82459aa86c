"""Which parents take part in what is agreed with somebody: under 18 those who answer for the person, from 18 those whom the
person wants there (R-103, R-104)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from forebyg.people.consents import ConsentGiven, asked_on
from forebyg.people.models import Consent, Participant


def parents_with_a_part(
    person: Participant, guardians: Iterable[uuid.UUID], consents: Iterable[ConsentGiven], day: datetime.date
) -> frozenset[uuid.UUID]:
    """Of those who answer for the person, or did before the person was 18. From 18 it takes the person's own consent that
    something is shared with just that parent; where the age is not known the rules for children hold."""
    if asked_on(person, day).guardians:
        return frozenset(guardians)
    wanted = {one.recipient for one in consents if one.kind == Consent.Kind.SHARE and one.is_citizens and one.is_given}
    return frozenset(guardians) & frozenset(one for one in wanted if one is not None)
