"""Contact to a parent on signs in a young person: on a ground, when the law allows the parent to be told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import as_owner
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.actions import noting
from forebyg.cases.finding import NotLawful, Terms
from forebyg.cases.models import Disclosure
from forebyg.cases.queries import records_of
from forebyg.cases.rules import NotInThisCase, TextMissing
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.core.ids import new_id
from forebyg.people.models import Relation
from forebyg.sharing.contacting import NotAParent, record_contact
from forebyg.sharing.models import ParentContact
from forebyg.sharing.tests.pages import Page

SIGNS = "Den unge mødes hver fredag med to, der er dømt for vold."
SAID = "Faren vil tale med sin søn og ringer igen på mandag."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a son of 16 and his father."""
    return Play(cast).to(Step.RECEIVED)


def _contact(play: Play, key: str = "vink", parent: str = "father", about: str = "son", **values: Any) -> ParentContact:
    acting = play.by(key)
    given: dict[str, Any] = {"ground": SIGNS, "text": SAID, "terms": Terms(), "happened_at": acting["now"]} | values
    return record_contact(**acting, about=play.person(about), parent=play.person(parent), **given)


def _form(play: Play, **values: Any) -> dict[str, Any]:
    moment = timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M:%S")
    given = {"about": str(play.person("son")), "parent": str(play.person("father")), "ground": SIGNS, "happened_at": moment}
    return {**given, "forum": "none", "purpose": "crime-prevention", "categories": ["private"], "trigger": "", **values}


def _kept() -> list[ParentContact]:
    with as_owner():
        return list(ParentContact.objects.order_by("recorded_at"))


@pytest.mark.req("R-109")
def test_vink_contacts_a_parent_on_signs_in_a_young_person(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    page = Page(client, play, "foraeldrekontakt")
    assert "må kun politiet fortælle forældrene det uden samtykke (retsplejelovens § 115 a)" in page.text
    page.send(**_form(play, ground=" "))
    assert page.answer.status_code == 422, "on a ground"
    page.send(**_form(play))
    assert page.answer.status_code == 200 and "forældreansvarslovens § 2" in page.text and SIGNS in page.text
    assert _kept() == []
    page.send(**_form(play), text=SAID)
    assert page.answer.status_code == 302
    [kept] = _kept()
    assert (kept.parent, kept.about, kept.owner_id) == (play.person("father"), [play.person("son")], play.agency("vink"))
    assert (kept.finding["by"], kept.readers) == (["custody-holder"], [play.agency("vink")])
    [event] = play.ledger("parent.contacted")
    assert event.record_ids == [kept.root]
    assert "parent-contact" in {entry.kind for entry in play.timeline()}
    assert Disclosure.objects.count() == 0, "nobody gets access to anything"
    client.force_login(cast["vink"])
    shown = client.get(reverse("cases:sharing", args=[play.case().matter.reference])).content.decode()
    assert SIGNS in shown and SAID in shown
    [*_, seen] = play.ledger("case.seen")
    assert kept.root in seen.record_ids


@pytest.mark.req("R-083", part="of someone of age only the police contact the parents without consent")
def test_the_parents_of_someone_of_age_are_contacted_by_the_police_alone(cast: dict[str, Worker], client: Client) -> None:
    people = {"son": a_person("Søn", stated_age="adult"), "father": a_person("Far", is_guardian=True)}
    play = Play(cast, people).to(Step.RECEIVED)
    with refused(NotLawful) as caught:
        _contact(play)
    assert caught.value.finding.because == "police-only"
    page = Page(client, play, "foraeldrekontakt").send(**_form(play))
    assert "Lad politiet fortælle det." in page.text and page.hidden("shown") == ""
    play.admit("dks")
    worker, _now = play.become("vink")
    play.disclose(*play.people.values(), *records_of(worker, play.case(), Relation), to="dks")
    kept = _contact(play, "dks")
    assert (kept.finding["by"], kept.finding["marks"]) == (["rpl-115a"], ["not-for-investigation"])


def test_only_a_parent_is_contacted_and_one_without_custody_is_no_parent_before_the_law(play: Play) -> None:
    neighbour = noting.add_participant(**play.by(), person=a_person("Nabo", is_involved=True, involved_because="Bor der."))
    mother = noting.add_participant(**play.by(), person=a_person("Mor", is_guardian=True))
    noting.relate(
        **play.by(), from_participant=mother.root, to_participant=play.person("son"), kind="parent", has_custody=False
    )
    play.people = {**play.people, "neighbour": neighbour, "mother": mother}
    with refused(NotAParent):
        _contact(play, parent="neighbour")
    with refused(NotAParent):
        _contact(play, parent="son")
    with refused(NotLawful):
        _contact(play, parent="mother")
    with refused(NotInThisCase):
        acting = play.by()
        record_contact(
            **acting,
            about=play.person("son"),
            parent=new_id(),
            ground=SIGNS,
            text=SAID,
            terms=Terms(),
            happened_at=acting["now"],
        )
    for words in ({"ground": " "}, {"text": ""}):
        with refused(TextMissing):
            _contact(play, **words)
    assert _kept() == []


def test_the_form_says_who_is_no_parent_and_keeps_what_was_typed(play: Play, client: Client) -> None:
    page = Page(client, play, "foraeldrekontakt").send(**_form(play, parent=str(play.person("son"))))
    assert page.answer.status_code == 422
    assert "er ikke registreret som forælder til den unge" in page.text and re.search(re.escape(SIGNS), page.text)


@pytest.mark.req("R-080", part="PostgreSQL refuses a contact to a parent that no provision carries")
def test_postgresql_refuses_a_contact_that_the_law_does_not_carry(play: Play) -> None:
    kept = _contact(play)
    worker, now = play.become("vink")
    with pytest.raises(IntegrityError), transaction.atomic():
        ParentContact(
            matter_id=play.matter_id,
            owner_id=worker.agency_id,
            author_id=worker.id,
            happened_at=now,
            recorded_at=now,
            about=kept.about,
            parent=kept.parent,
            finding=kept.finding | {"outcome": "refused"},
            ground="Nej.",
            text="Nej.",
        ).save(force_insert=True)
