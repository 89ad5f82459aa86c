"""The consents of one person as they are read: what stands, who has still to answer, and all answers over time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from forebyg.cases import wording
from forebyg.cases.page import CasePage
from forebyg.people.consents import Asked, ConsentGiven, asked_on, standing, still_to_answer, whose_answer_counts
from forebyg.people.models import Consent, Participant, Relation
from forebyg.people.participants import guardians_of

Question = tuple[str, str, uuid.UUID | None]


@dataclass(frozen=True)
class ShownAnswer:
    """One answer: whose, and whether it is the newest that counts."""

    consent: Consent
    who: str
    stands: bool

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it is a yes that stands."""
        return self.stands and self.consent.answer == Consent.Answer.GIVEN


@dataclass(frozen=True)
class ShownQuestion:
    """One thing that was asked: what stands in words, who is missing, and every answer, newest first."""

    title: str
    missing: str
    answers: list[ShownAnswer]


@dataclass(frozen=True)
class ShownConsents:
    """All that was asked for one person, and in a sentence whose consent it takes now."""

    rule: str
    questions: list[ShownQuestion]

    @property
    def in_short(self) -> str:
        """`Samtykke til at deltage: mentor (mangler svar fra Far)`, for the list of persons."""
        waiting = [f"{one.title} ({wording.uncapitalised(one.missing)})" for one in self.questions if one.missing]
        return "; ".join(waiting)


def shown_consents(
    page: CasePage, person: Participant, relations: Iterable[Relation], consents: Iterable[Consent]
) -> ShownConsents:
    """The consents of a person of the case; opened, oldest first."""
    today = timezone.localdate(page.now)
    guardians = guardians_of(person.root, page.people, relations)
    asked = asked_on(person, today)
    of_person = [one for one in consents if one.person == person.root]
    stands = {one.root: one for one in standing(of_person, counting=whose_answer_counts(person, guardians, today))}
    questions: dict[Question, list[Consent]] = {}
    for one in of_person[::-1]:
        questions.setdefault((one.kind, one.intervention, one.recipient), []).append(one)
    return ShownConsents(
        whose_consent(page, asked, person, guardians),
        [
            _question(
                page, question, answers, stands, still_to_answer(person.root, asked, guardians, _answered(answers, stands))
            )
            for question, answers in questions.items()
        ],
    )


def whose_consent(page: CasePage, asked: Asked, person: Participant, guardians: Iterable[uuid.UUID]) -> str:
    """Whose consent it takes, in a sentence."""
    parents = page.labels(sorted(guardians))
    if not asked.is_certain:
        return gettext(
            "Fødselsdatoen mangler, så det er ikke sikkert, hvem der skal give samtykke. Skriv den under »Ret en person«."
        )
    if not asked.guardians:
        return gettext("Personen er fyldt 18 år og giver selv samtykke. Forældrene svarer ikke længere og inddrages mindre.")
    if not parents:
        return gettext("Forældrene skal give samtykke. Skriv under »Tilføj en relation«, hvem der har forældremyndigheden.")
    if asked.person:
        return gettext("Personen er mellem 15 og 17 år: både personen selv og %(parents)s skal give samtykke.") % {
            "parents": parents
        }
    return gettext("Personen er under 15 år: %(parents)s skal give samtykke. Lyt også til, hvad barnet selv siger.") % {
        "parents": parents
    }


def _answered(answers: Iterable[Consent], stands: dict[uuid.UUID, ConsentGiven]) -> set[uuid.UUID]:
    return {one.answered_by for one in answers if one.root in stands}


def _question(
    page: CasePage, question: Question, answers: list[Consent], stands: dict[uuid.UUID, ConsentGiven], missing: list[uuid.UUID]
) -> ShownQuestion:
    kind, intervention, recipient = question
    whom = (page.labels([recipient]) or page.agency(recipient)) if recipient else ""
    title = wording.consent_to(kind, intervention, page.pack, recipient=whom)
    who = page.labels(missing)
    return ShownQuestion(
        title,
        gettext("Mangler svar fra %(who)s") % {"who": who} if who else "",
        [ShownAnswer(one, page.labels([one.answered_by]), one.root in stands) for one in answers],
    )
