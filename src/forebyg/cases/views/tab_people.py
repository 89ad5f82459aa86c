"""The persons of a case, and one of them with the timeline that concerns that person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext

from forebyg.cases import wording
from forebyg.cases.models import Decision, Qualification
from forebyg.cases.page import CasePage
from forebyg.cases.queries import records_of
from forebyg.cases.views.tab_timeline import Filter, read_lines
from forebyg.core.errors import NotVisible
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import birth_date
from forebyg.ui.moments import date

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """One person on the list."""

    person: Participant
    facts: Facts


def people(page: CasePage) -> HttpResponse:
    """Each person with roles, age, relations and the contact who is responsible."""
    relations, contacts = records_of(page.worker, page.case, Relation), _responsibilities(page)
    page.know(page.people, workers=[one.responsible_id for one in contacts])
    cards = [Card(person, _short_facts(page, person, relations, contacts)) for person in page.people]
    return page.answer("cases/case/people.html", records=[one.root for one in [*relations, *contacts]], cards=cards)


def person(page: CasePage, root: uuid.UUID) -> HttpResponse:
    """One person: identity, relations, classification over time, and the timeline. Raises `NotVisible`."""
    one = next((person for person in page.people if person.root == root), None)
    if one is None:
        raise NotVisible
    relations, contacts = records_of(page.worker, page.case, Relation), _responsibilities(page)
    classified = [
        choice
        for choice in records_of(page.worker, page.case, Qualification)
        if choice.kind == Qualification.Kind.CLASSIFICATION and root in choice.about
    ]
    lines = read_lines(page, Filter(person=root))
    page.know(page.people, classified, workers=[contact.responsible_id for contact in contacts])
    return page.answer(
        "cases/case/person.html",
        records=[*lines.roots, *(row.root for row in [*relations, *contacts, *classified])],
        person=one,
        facts=_identity(one) + _short_facts(page, one, relations, contacts) + _working(one),
        classified=classified[::-1],
        lines=lines,
    )


def _short_facts(page: CasePage, one: Participant, relations: Iterable[Relation], contacts: Iterable[Decision]) -> Facts:
    contact = next((page.name(made.responsible_id) for made in contacts if one.root in made.about), "")
    facts = [
        (gettext("Rolle i sagen"), ", ".join(one.roles)),
        (gettext("Alder"), page.age(one)),
        (gettext("Relationer"), "; ".join(filter(None, (_relation(page, one, relation) for relation in relations)))),
        (gettext("Ansvarlig kontakt"), contact),
    ]
    return [(label, value) for label, value in facts if value]


def _relation(page: CasePage, one: Participant, relation: Relation) -> str:
    """The relation as seen from this person; empty when it is not this person's, or the other one is not visible."""
    if one.root not in (relation.from_participant, relation.to_participant):
        return ""
    other = page.labels([relation.other(one.root)])
    return wording.relation(relation, other, is_from=relation.from_participant == one.root) if other else ""


def _identity(one: Participant) -> Facts:
    born = birth_date(one)
    facts = [
        (gettext("Navn"), one.name),
        (gettext("CPR-nummer"), f"{one.cpr[:6]}-{one.cpr[6:]}" if one.cpr else ""),
        (gettext("Født"), date(born) if born else ""),
        (gettext("Kommune"), one.municipality),
    ]
    return [(label, value) for label, value in facts if value]


def _working(one: Participant) -> Facts:
    facts = [
        (gettext("Samarbejde"), one.get_cooperation_display() if one.cooperation else ""),
        (gettext("Møder"), gettext("Mødes uden barnet, fordi det er påvirkningen, der bekymrer") if one.meets_apart else ""),
        (gettext("Berøres, fordi"), one.involved_because),
    ]
    return [(label, value) for label, value in facts if value]


def _responsibilities(page: CasePage) -> list[Decision]:
    """Who took responsibility, the last one first: the contact who coordinates for the citizen (R-067)."""
    made = [one for one in records_of(page.worker, page.case, Decision) if one.kind == Decision.Kind.RESPONSIBILITY]
    return made[::-1]
