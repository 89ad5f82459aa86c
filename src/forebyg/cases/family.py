"""The persons of a case with the parents who have a part in what is agreed, as far as the worker knows them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.models import Agreement, Case
from forebyg.cases.queries import asked_records
from forebyg.core.errors import NotVisible
from forebyg.people.consents import asked_on, standing, whose_answer_counts
from forebyg.people.involvement import parents_with_a_part
from forebyg.people.models import Consent, Participant, Relation
from forebyg.people.participants import guardians_of
from forebyg.store.sealed import open_sealed
from forebyg.store.together import ask


@dataclass(frozen=True)
class Family:
    """`guardians`: all who answer for the person, or did before 18; `parents`: those of them with a part in what is agreed;
    `is_child`: the rules for children hold, because the person is under 18 or the age is not known."""

    person: Participant
    guardians: frozenset[uuid.UUID]
    parents: frozenset[uuid.UUID]
    is_child: bool


Families = dict[uuid.UUID, Family]


def families_in(worker: Worker, case: Case, *, now: datetime.datetime) -> Families:
    """Those of everyone in a case whom the worker sees."""
    people, relations, consents = ask(
        asked_records(worker, case, Participant),
        asked_records(worker, case, Relation),
        asked_records(worker, case, Consent, order="happened_at, recorded_at, id"),
    )
    open_sealed(people, consents)
    return families_of(people, relations, consents, timezone.localdate(now))


def family_of(worker: Worker, case: Case, root: uuid.UUID, *, now: datetime.datetime) -> Family:
    """One person's. Raises `NotVisible`."""
    families = families_in(worker, case, now=now)
    if root not in families:
        raise NotVisible
    return families[root]


def families_of(
    people: Iterable[Participant], relations: Iterable[Relation], consents: Iterable[Consent], day: datetime.date
) -> Families:
    """Each person's, by root; persons and consents come opened, the oldest first."""
    people, relations, consents = list(people), list(relations), list(consents)
    return {person.root: _family(person, people, relations, consents, day) for person in people}


def _family(
    person: Participant, people: list[Participant], relations: list[Relation], consents: list[Consent], day: datetime.date
) -> Family:
    guardians = frozenset(guardians_of(person.root, people, relations))
    own = [one for one in consents if one.person == person.root]
    stands = standing(own, counting=whose_answer_counts(person, guardians, day))
    parents = parents_with_a_part(person, guardians, stands, day)
    return Family(person, guardians, parents, is_child=asked_on(person, day).guardians)


def left_out(families: Families) -> frozenset[uuid.UUID]:
    """The guardians who have no part in anybody's plan: parents of those who are 18 or more and did not ask for them (R-104)."""
    guardians = {one for family in families.values() for one in family.guardians}
    return frozenset(guardians - {one for family in families.values() for one in family.parents})


@dataclass
class Readable:
    """What one person may have on paper of what was agreed: what is the person's own or was agreed with the person, and what
    only the law can let a parent know."""

    own: list[Agreement] = field(default_factory=list)
    if_lawful: list[Agreement] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to give."""
        return not (self.own or self.if_lawful)


def readable_by(reader: Participant, agreements: Iterable[Agreement], families: Families) -> Readable:
    """Nothing that is kept from the reader, and nothing about a child that a parent who is met apart from it did not take part
    in (R-106); nothing of somebody of age who did not want that parent there (R-104)."""
    found = Readable()
    for one in agreements:
        [whose] = one.about
        if whose == reader.root:
            found.own.append(one)
        elif reader.root not in families[whose].parents or reader.root in one.apart_from:
            continue
        elif reader.root in one.taking_part:
            found.own.append(one)
        elif not reader.meets_apart:
            found.if_lawful.append(one)
    return found
