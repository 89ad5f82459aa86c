"""What holds for a child of a case, and each of somebody's parents by that parent's own record (R-104, R-105, R-106, R-223)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from forebyg.cases.page import CasePage
from forebyg.people.age import turns_18_on
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import birth_date, is_minor
from forebyg.ui.moments import date


@dataclass(frozen=True)
class ShownParent:
    """One parent: custody of this child, how that parent works with us, and whether the two are met together."""

    parent: Participant
    custody: str
    cooperation: str
    meetings: str


def shown_parents(page: CasePage, child: Participant, relations: Iterable[Relation]) -> list[ShownParent]:
    """The parents of a person, each apart; the newest word of the custody stands."""
    newest: dict[uuid.UUID, Relation] = {
        one.from_participant: one for one in relations if one.to_participant == child.root and one.kind == Relation.Kind.PARENT
    }
    return [_parent(person, newest[person.root]) for person in page.people if person.root in newest]


def _parent(person: Participant, relation: Relation) -> ShownParent:
    custody = {True: gettext("Ja"), False: gettext("Nej"), None: gettext("Ikke kendt")}[relation.has_custody]
    cooperation = person.get_cooperation_display() if person.cooperation else gettext("Ikke angivet")
    meetings = gettext("Mødes uden barnet") if person.meets_apart else gettext("Mødes sammen med barnet")
    return ShownParent(person, custody, str(cooperation), meetings)


def protection_of(page: CasePage, one: Participant) -> list[str]:
    """What is different because the person is under 18, in sentences; nothing for someone of age."""
    if not is_minor(one, timezone.localdate(page.now)):
        return []
    born = birth_date(one)
    until = gettext("Den dag personen fylder 18 år, gælder det ikke mere. Skriv fødselsdatoen, så I får besked i tide.")
    if born is not None:
        until = gettext("Det gælder, til personen fylder 18 år %(day)s. I får en opgave en måned før og på dagen.") % {
            "day": date(turns_18_on(born))
        }
    return [
        gettext("En forælder eller værge er med til møder og aftaler, eller I skriver hvorfor ikke."),
        gettext("Et forløb begynder først, når både barnet og en forælder har sagt ja."),
        gettext(
            "Oplysninger om barnet deles efter de regler, der gælder for børn, og forældrene får kun det at vide, som loven tillader."
        ),
        gettext(
            "Er en forælders påvirkning bekymringen, så mød forælderen for sig, og hold det, barnet fortæller, fra forælderen."
        ),
        until,
    ]
