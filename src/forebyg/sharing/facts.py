"""What the database knows, as the facts that the law asks for. What is not known stays missing: the law says what it needs."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from forebyg.access.models import Agency, AgencyKind, Worker
from forebyg.cases.models import Case, Qualification
from forebyg.cases.models.record import Classification
from forebyg.cases.queries import asked_records
from forebyg.law import Consent, Party, Subject
from forebyg.people.age import ADULT_AT, StatedAge
from forebyg.people.consents import ConsentGiven, consents_of, on_sharing_with, on_taking_part
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import age_of, guardians_of
from forebyg.store.sealed import open_sealed
from forebyg.store.together import Question
from forebyg.strategy.queries import pack_of

_KIND = {AgencyKind.MENTORS: "mentor", AgencyKind.COACHES: "coach", AgencyKind.OTHER: "other-authority"}
"""Where an agency's kind is another word than the law's."""
_KIND_OF_ACTOR = {
    "housing": "housing-company",
    "civil-society": "association",
    "forum": "forum-member",
    "state-security": "pet",
}
"""What an agency of no other kind is before the law, by the kind of its actor in the strategy."""
_STANDING = {
    Classification.RADICALISED: "radicalised",
    Classification.AT_RISK: "at-risk",
    Classification.NEITHER: "none",
}


def party_of(agency: Agency, worker: Worker) -> Party:
    """An agency as the law sees it."""
    return Party(
        kind=_kind_of(agency, worker),
        controller=str(agency.controller_id),
        forums=tuple(agency.forums),
        public_task=agency.has_public_task,
    )


def _kind_of(agency: Agency, worker: Worker) -> str:
    kind = AgencyKind(agency.kind)
    if kind == AgencyKind.OTHER and agency.actor:
        actor = next((one for one in pack_of(worker).actors if one.id == agency.actor), None)
        if actor is not None and actor.kind in _KIND_OF_ACTOR:
            return _KIND_OF_ACTOR[actor.kind]
    return _KIND.get(kind, kind.value)


@dataclass(frozen=True)
class People:
    """The participants of a case, their relations and how they were classified, as far as the worker sees them."""

    participants: list[Participant]
    relations: list[Relation]
    classified: list[Qualification]

    def person(self, root: uuid.UUID) -> Participant | None:
        """A participant that the worker sees."""
        return next((one for one in self.participants if one.root == root), None)

    @property
    def subjects(self) -> list[uuid.UUID]:
        """Those whom the concern is about."""
        return [one.root for one in self.participants if one.is_subject]

    def guardians(self, person: uuid.UUID) -> list[uuid.UUID]:
        """Those who have the custody, always in the same order."""
        return sorted(guardians_of(person, self.participants, self.relations))

    def subject(self, root: uuid.UUID | None, now: datetime.datetime) -> Subject:
        """A person as the law sees it at a moment; one whom the worker does not see is nobody known."""
        person = self.person(root) if root else None
        if person is None:
            return Subject()
        return Subject(
            age=_age(person, timezone.localdate(now)),
            custody=person.custody_status or None,
            standing=self._standing(person.root),
            exposed=person.exposed,
            guardians=min(len(self.guardians(person.root)), 2),
        )

    def _standing(self, person: uuid.UUID) -> str | None:
        newest = next((one for one in reversed(self.classified) if person in one.about), None)
        return _STANDING[Classification(newest.value)] if newest else None


def _age(person: Participant, day: datetime.date) -> int | None:
    """Whole years. Of someone who is known to be of age only, 18: above that the law makes no difference."""
    known = age_of(person, day)
    return ADULT_AT if known is None and person.stated_age == StatedAge.ADULT else known


def asked_people(
    worker: Worker, case: Case
) -> Sequence[Question[list[Participant]] | Question[list[Relation]] | Question[list[Qualification]]]:
    """The questions behind `people_from`, to be asked with others."""
    return (
        asked_records(worker, case, Participant),
        asked_records(worker, case, Relation),
        asked_records(worker, case, Qualification, only="kind = 'classification'", order="happened_at, recorded_at, id"),
    )


def people_from(participants: list[Participant], relations: list[Relation], classified: list[Qualification]) -> People:
    """The answers to `asked_people`, opened."""
    open_sealed(participants)
    return People(participants, relations, classified)


def share_consents(
    worker: Worker, case: Case, people: People, person: uuid.UUID, recipient: uuid.UUID, at: datetime.datetime
) -> tuple[Consent, ...]:
    """The answers that stood at a moment to sharing what is about a person with an agency, as the law names who gave them. What
    was answered later does not carry what was said before."""
    given = on_sharing_with(consents_of(worker, case.matter_id, person, at=at), recipient)
    return _as_consents("share", given, people, person)


def take_part_consents(
    worker: Worker,
    case: Case,
    people: People,
    asked: Iterable[uuid.UUID],
    *,
    of: uuid.UUID,
    intervention: str,
    by: datetime.date,
) -> tuple[Consent, ...]:
    """The answers to taking part in a measure that were given by a day, recorded for the persons asked; who gave them is named
    as seen from the person `of` whom the measure is."""
    given = [one for person in asked for one in on_taking_part(consents_of(worker, case.matter_id, person), intervention)]
    return _as_consents("take-part", [one for one in given if one.on <= by], people, of)


def _as_consents(kind: str, given: Iterable[ConsentGiven], people: People, person: uuid.UUID) -> tuple[Consent, ...]:
    named: dict[uuid.UUID, str] = {
        person: "citizen",
        **{one: f"guardian-{place}" for place, one in enumerate(people.guardians(person)[:2], 1)},
    }
    return tuple(
        Consent(kind=kind, by=named[one.answered_by], answer=one.answer)
        for one in _oldest_first(given)
        if one.answered_by in named
    )


def _oldest_first(given: Iterable[ConsentGiven]) -> list[ConsentGiven]:
    return sorted(given, key=lambda one: one.on)
