"""The persons of a case, and one of them with the timeline that concerns that person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from forebyg.audit.record import record
from forebyg.cases import wording
from forebyg.cases.models import Decision, Qualification
from forebyg.cases.page import CasePage
from forebyg.cases.queries import records_of
from forebyg.cases.views.shown_consents import shown_consents
from forebyg.cases.views.shown_family import protection_of, shown_parents
from forebyg.cases.views.shown_merges import shown_merges
from forebyg.cases.views.tab_timeline import Filter, read_lines
from forebyg.core import cpr
from forebyg.core.errors import NotVisible
from forebyg.people.age import ComingOfAge, coming_of_age, turns_18_on
from forebyg.people.consents import asked_on
from forebyg.people.models import Consent, Information, Participant, Relation
from forebyg.people.participants import birth_date
from forebyg.ui.moments import date, short_date

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """One person on the list."""

    person: Participant
    facts: Facts


def people(page: CasePage) -> HttpResponse:
    """Each person with roles, age, relations and the contact who is responsible."""
    relations, contacts = records_of(page.worker, page.case, Relation), _responsibilities(page)
    consents, told = records_of(page.worker, page.case, Consent), records_of(page.worker, page.case, Information)
    page.know(page.people, workers=[one.responsible_id for one in contacts])
    cards = [
        Card(
            person,
            _short_facts(page, person, relations, contacts)
            + _informed(page, person, told)
            + _consents(page, person, relations, consents),
        )
        for person in page.people
    ]
    seen = [one.root for one in [*relations, *contacts, *consents, *told]]
    return page.answer("cases/case/people.html", records=seen, cards=cards)


def person(page: CasePage, root: uuid.UUID, *, reveal: bool = False) -> HttpResponse:
    """One person: identity, relations, consents, classification over time, and the timeline. The CPR number is masked; to
    `reveal` it is an event of its own. Raises `NotVisible`."""
    one = _of(page, root)
    if reveal:
        record("cpr.shown", actor=page.worker, at=page.now, matters=[page.case.matter_id], records=[root])
    relations, contacts = records_of(page.worker, page.case, Relation), _responsibilities(page)
    classified = [
        choice
        for choice in records_of(page.worker, page.case, Qualification)
        if choice.kind == Qualification.Kind.CLASSIFICATION and root in choice.about
    ]
    consents = [consent for consent in records_of(page.worker, page.case, Consent) if consent.person == root]
    told = [one for one in records_of(page.worker, page.case, Information) if one.person == root]
    lines = read_lines(page, Filter(person=root))
    elsewhere, merges = shown_merges(page, one)
    others = [*elsewhere, *(merge.other for merge in merges)]
    page.know(page.people, classified, consents, told, workers=[contact.responsible_id for contact in contacts])
    shown = [row.root for row in [*relations, *contacts, *classified, *consents, *told]]
    return page.answer(
        "cases/case/person.html",
        records=[*lines.roots, *shown, *(other.root for other in others)],
        matters=[other.matter_id for other in others],
        person=one,
        is_revealed=reveal,
        coming_of_age=_coming_of_age(page, one),
        protection=protection_of(page, one),
        parents=shown_parents(page, one, relations),
        facts=_identity(page, one, reveal=reveal) + _short_facts(page, one, relations, contacts) + _working(one),
        classified=classified[::-1],
        consents=shown_consents(page, one, relations, consents),
        told=told[::-1],
        elsewhere=elsewhere,
        merges=merges,
        lines=lines,
    )


def consent_letter(page: CasePage, root: uuid.UUID) -> HttpResponse:
    """What a person is asked, in plain language and in the language of one's choice, to be printed (R-107, B-031). Raises
    `NotVisible`."""
    one = _of(page, root)
    language = page.request.GET.get("sprog", get_language() or "da")
    if language not in dict(settings.LANGUAGES):
        raise NotVisible
    relations, consents = records_of(page.worker, page.case, Relation), records_of(page.worker, page.case, Consent)
    of_person = [consent for consent in consents if consent.person == root]
    with override(language):
        return page.answer(
            "cases/case/consent_letter.html",
            records=[row.root for row in [*relations, *of_person]],
            person=one,
            asked=asked_on(one, timezone.localdate(page.now)),
            consents=shown_consents(page, one, relations, of_person),
        )


def _of(page: CasePage, root: uuid.UUID) -> Participant:
    one = next((person for person in page.people if person.root == root), None)
    if one is None:
        raise NotVisible
    return one


def _short_facts(page: CasePage, one: Participant, relations: Iterable[Relation], contacts: Iterable[Decision]) -> Facts:
    contact = next((page.name(made.responsible_id) for made in contacts if one.root in made.about), "")
    facts = [
        (gettext("Rolle i sagen"), ", ".join(one.roles)),
        (gettext("Alder"), page.age(one)),
        (gettext("Relationer"), "; ".join(filter(None, (_relation(page, one, relation) for relation in relations)))),
        (gettext("Ansvarlig kontakt"), contact),
    ]
    return [(label, value) for label, value in facts if value]


def _informed(page: CasePage, one: Participant, told: Iterable[Information]) -> Facts:
    """What stands of one's own agency's duty to tell the person (B-004)."""
    own = [row for row in told if row.person == one.root and page.is_own(row)]
    if not own:
        return [(gettext("Orienteret"), _not_yet(page, one))]
    last = own[-1]
    if last.until is None:
        return [(gettext("Orienteret"), gettext("Ja, %(day)s") % {"day": short_date(last.happened_at)})]
    why = wording.uncapitalised(last.get_why_display())
    return [
        (gettext("Orienteret"), gettext("Nej: %(why)s. Tages op igen %(day)s") % {"why": why, "day": short_date(last.until)})
    ]


def _not_yet(page: CasePage, one: Participant) -> str:
    """The limit of the duty, where one's own agency recorded the person: a month (GDPR article 14, 3)."""
    if not page.is_own(one):
        return gettext("Ikke registreret")
    day = timezone.localtime(one.happened_at) + relativedelta(months=1)
    return gettext("Ikke registreret. Skal ske senest %(day)s") % {"day": short_date(day)}


def _consents(page: CasePage, one: Participant, relations: Iterable[Relation], consents: Iterable[Consent]) -> Facts:
    """What is asked and not answered by all; said on the list, so that nobody overlooks it."""
    waiting = shown_consents(page, one, relations, consents).in_short
    return [(gettext("Mangler svar"), waiting)] if waiting else []


def _relation(page: CasePage, one: Participant, relation: Relation) -> str:
    """The relation as seen from this person; empty when it is not this person's, or the other one is not visible."""
    if one.root not in (relation.from_participant, relation.to_participant):
        return ""
    other = page.labels([relation.other(one.root)])
    return wording.relation(relation, other, is_from=relation.from_participant == one.root) if other else ""


def _identity(page: CasePage, one: Participant, *, reveal: bool) -> Facts:
    born = birth_date(one)
    facts = [
        (gettext("Navn"), one.name),
        (gettext("Beskyttelse"), gettext("Navne- og adressebeskyttet") if one.protected_address else ""),
        (_number_is(one), cpr.spelled(one.cpr) if one.cpr and reveal else cpr.masked(one.cpr) if one.cpr else ""),
        (gettext("Født"), date(born) if born else ""),
        # Where a protected person lives is the owner's to know, and nobody is told it with the person.
        (gettext("Kommune"), one.municipality if page.is_own(one) or not one.protected_address else ""),
        (gettext("Tolk"), one.interpreter or ""),
    ]
    return [(label, value) for label, value in facts if value]


def _coming_of_age(page: CasePage, one: Participant) -> tuple[str, str] | None:
    """What changes because of an 18th birthday, near it: a heading and a text (R-053, R-104, R-223)."""
    born = birth_date(one)
    near = coming_of_age(born, timezone.localdate(page.now)) if born else None
    if born is None or near is None:
        return None
    day = {"day": date(turns_18_on(born))}
    if near is ComingOfAge.SOON:
        return gettext("Fylder 18 år %(day)s") % day, gettext(
            "Fra den dag giver personen selv samtykke, og forældrenes svar gælder ikke længere. Tal med personen om, hvad der skal fortsætte, og om forældrene fortsat skal inddrages. Reglerne for børn gælder ikke mere; find en anden hjemmel, før dagen kommer."
        )
    return gettext("Er fyldt 18 år %(day)s") % day, gettext(
        "Personen giver nu selv samtykke, og forældrenes svar gælder ikke længere. Spørg personen, om det, der er i gang, skal fortsætte, og om forældrene skal inddrages. Reglerne for børn gælder ikke mere."
    )


def _number_is(one: Participant) -> str:
    return gettext("Erstatningsnummer") if one.cpr and cpr.is_replacement(one.cpr) else gettext("CPR-nummer")


def _working(one: Participant) -> Facts:
    facts = [
        (gettext("Samarbejde"), one.get_cooperation_display() if one.cooperation else ""),
        (gettext("Fængsling og løsladelse"), one.get_custody_status_display() if one.custody_status else ""),
        (gettext("Socialt udsat"), "" if one.exposed is None else gettext("Ja") if one.exposed else gettext("Nej")),
        (gettext("Møder"), gettext("Mødes uden barnet, fordi det er påvirkningen, der bekymrer") if one.meets_apart else ""),
        (gettext("Berøres, fordi"), one.involved_because),
    ]
    return [(label, value) for label, value in facts if value]


def _responsibilities(page: CasePage) -> list[Decision]:
    """Who took responsibility, the last one first: the contact who coordinates for the citizen (R-067)."""
    made = [one for one in records_of(page.worker, page.case, Decision) if one.kind == Decision.Kind.RESPONSIBILITY]
    return made[::-1]
