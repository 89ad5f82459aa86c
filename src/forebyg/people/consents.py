"""Who consents, what was answered, and who has still to answer. Two consents are kept apart: to take part, and to share (B-031)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.records import seen_in_matter
from forebyg.people.age import ADULT_AT, StatedAge, age_on
from forebyg.people.models import Consent, Participant, Relation
from forebyg.people.participants import birth_date, guardians_of
from forebyg.store.rows import Rows
from forebyg.store.sealed import open_sealed
from forebyg.store.together import Question, ask

ASKED_AT = 15
"""From this age a young person is asked, beside those who have the custody (A-32)."""


@dataclass(frozen=True)
class Asked:
    """Whose consent it takes. `is_certain` is False where the age or the guardians are not known well enough to tell."""

    person: bool
    guardians: bool
    is_certain: bool = True


def who_consents(age: int | None, stated: str = StatedAge.UNKNOWN) -> Asked:
    """Whose consent it takes by age: under 15 those who have the custody, from 15 to 17 they and the young person, from 18
    the citizen alone (A-32). Where only "under 18" is known both are asked, until the date of birth says more."""
    if age is None:
        if stated == StatedAge.ADULT:
            return Asked(person=True, guardians=False)
        return Asked(person=True, guardians=True, is_certain=False)
    if age >= ADULT_AT:
        return Asked(person=True, guardians=False)
    return Asked(person=age >= ASKED_AT, guardians=True)


def asked_on(person: Participant, day: datetime.date) -> Asked:
    """Whose consent it takes for this participant on a day: it changes on birthdays (R-053, R-104)."""
    born = birth_date(person)
    return who_consents(age_on(born, day) if born else None, person.stated_age)


@dataclass(frozen=True)
class ConsentGiven:
    """What one person answered last to one question, said for one participant. `recipient` is None where the consent goes for
    all who are named in its text; `intervention` is empty where it is about sharing."""

    root: uuid.UUID
    kind: str
    person: uuid.UUID
    answered_by: uuid.UUID
    answer: str
    on: datetime.date
    intervention: str
    recipient: uuid.UUID | None
    text: str | None

    @property
    def is_citizens(self) -> bool:
        """Whether the person answered in person, and no guardian."""
        return self.person == self.answered_by

    @property
    def is_given(self) -> bool:
        """Whether the answer that stands is a yes."""
        return self.answer == Consent.Answer.GIVEN

    @property
    def question(self) -> tuple[str, str, uuid.UUID | None]:
        """What was asked: answers to the same question replace one another."""
        return self.kind, self.intervention, self.recipient


def consents_of(
    worker: Worker, matter_id: uuid.UUID, person: uuid.UUID, *, at: datetime.datetime | None = None
) -> list[ConsentGiven]:
    """The answers that stand for a participant, or that stood at an earlier moment, as far as the worker sees them: the newest
    of each who answered, to each question. A guardian's answer stands only while the person is under 18 and the guardian has
    the custody (R-104, R-223). Empty when the worker does not see the person.

    An answer of the citizen's own is there at any age; `who_consents` says whether it is asked for.
    """
    seen, given = seen_in_matter(worker, matter_id)
    questions: list[
        Question[list[Participant]] | Question[list[Relation]] | Question[list[Consent]] | Question[datetime.date]
    ] = [
        Rows(Participant, seen, given).asked(order="happened_at, id"),
        Rows(Relation, seen, given).asked(order="happened_at, id"),
        Rows(Consent, seen, given).where("person = %s", person).asked(order="happened_at, recorded_at, id"),
        Question("SELECT store.now()", [], lambda rows: timezone.localdate(rows[0][0])),
    ]
    people, relations, consents, today = ask(*questions)
    known = next((one for one in people if one.root == person), None)
    if known is None:
        return []
    if at is not None:
        today = timezone.localdate(at)
        consents = [one for one in consents if one.happened_at <= at]
    open_sealed([known], consents)
    return standing(consents, counting=whose_answer_counts(known, guardians_of(person, people, relations), today))


def whose_answer_counts(person: Participant, guardians: Iterable[uuid.UUID], day: datetime.date) -> frozenset[uuid.UUID]:
    """The person's own answer, and for someone who is not of age those of the guardians."""
    return frozenset({person.root, *(guardians if asked_on(person, day).guardians else ())})


def standing(consents: Iterable[Consent], *, counting: Collection[uuid.UUID]) -> list[ConsentGiven]:
    """The newest answer of each of these persons to each question; the consents come opened, the oldest first. A later no to
    sharing with all who are named also ends an earlier yes to one recipient: a consent is never stretched."""
    newest: dict[tuple[object, ...], ConsentGiven] = {}
    for one in consents:
        if one.answered_by not in counting:
            continue
        said = _said(one)
        newest[(*said.question, said.answered_by)] = said
        if said.kind == Consent.Kind.SHARE and said.recipient is None and not said.is_given:
            newest = {
                key: kept for key, kept in newest.items() if kept is said or not _is_yes_to_sharing(kept, said.answered_by)
            }
    return list(newest.values())


def _is_yes_to_sharing(kept: ConsentGiven, answered_by: uuid.UUID) -> bool:
    return kept.kind == Consent.Kind.SHARE and kept.is_given and kept.answered_by == answered_by


def on_sharing_with(consents: Iterable[ConsentGiven], recipient: uuid.UUID) -> list[ConsentGiven]:
    """The answer of each to sharing with this agency: to just that, or else to sharing with all who are named in a text. Whether
    the text names the agency is for a person to read."""
    share = [one for one in consents if one.kind == Consent.Kind.SHARE and one.recipient in (recipient, None)]
    to_this = {one.answered_by for one in share if one.recipient == recipient}
    return [one for one in share if one.recipient == recipient or one.answered_by not in to_this]


def on_taking_part(consents: Iterable[ConsentGiven], intervention: str) -> list[ConsentGiven]:
    """The answer of each to taking part in this measure."""
    return [one for one in consents if one.kind == Consent.Kind.TAKE_PART and one.intervention == intervention]


def _said(one: Consent) -> ConsentGiven:
    return ConsentGiven(
        root=one.root,
        kind=one.kind,
        person=one.person,
        answered_by=one.answered_by,
        answer=one.answer,
        on=timezone.localdate(one.happened_at),
        intervention=one.intervention,
        recipient=one.recipient,
        text=one.text,
    )


def still_to_answer(
    person: uuid.UUID, asked: Asked, guardians: Iterable[uuid.UUID], answered: Collection[uuid.UUID]
) -> list[uuid.UUID]:
    """Those whose consent it takes and who have not answered a question yet, the person first."""
    wanted = [*([person] if asked.person else []), *(sorted(guardians) if asked.guardians else [])]
    return [one for one in wanted if one not in answered]
