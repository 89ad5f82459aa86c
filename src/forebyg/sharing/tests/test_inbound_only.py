"""Who is no authority contributes what it knows and is told nothing back, but by consent (R-090): by the forms, and by raw SQL."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client
from django.utils import timezone

from forebyg.access.models import Admission, Agency, Worker
from forebyg.access.tests.rows import count, insert, refused, rows
from forebyg.cases.actions import consenting, noting
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.tests.cast import Play, a_person, an_item
from forebyg.people.models import Consent
from forebyg.sharing.tests.test_forms import Page

pytestmark = pytest.mark.django_db

KNOWS = "Han står uden for klubben hver fredag."


@pytest.fixture(params=["medborgerforummet", "civilsamfundsaktoerer", "private-mentorer"])
def play(cast: dict[str, Worker], request: pytest.FixtureRequest) -> Play:
    """A case that a worker of no authority began: of a forum, of an association, or of mentors without a public task."""
    return Play({**cast, "vink": _outsider(cast, request.param), "enheden": cast["vink"]}, {"son": a_person("Søn")})


def _outsider(cast: dict[str, Worker], actor: str) -> Worker:
    vink = cast["vink"]
    kind, actor, task = ("mentors", "", False) if actor == "private-mentorer" else ("other", actor, None)
    with as_owner():
        controller = insert("access_controller", name="Foreningen bag")
        agency = insert(
            "access_agency",
            name="Foreningen",
            controller_id=controller,
            kind=kind,
            actor=actor,
            forums=[],
            has_public_task=task,
        )
        insert("access_membership", unit_id=vink.unit_id, agency_id=agency, is_permanent=False)
        own = {"unit_id": vink.unit_id, "agency_id": agency, "is_active": True}
        worker = insert("access_worker", email="forening@forebyg.example", name="Foreningens medarbejder", **own)
        insert("access_roleholding", worker_id=worker, role="key-staff")
    return Worker.objects.select_related("agency", "unit").prefetch_related("holdings").get(pk=worker)


def _terms(**values: Any) -> dict[str, Any]:
    return {"forum": "none", "purpose": "crime-prevention", "categories": ["private"], "trigger": "", **values}


def _write(play: Play, client: Client, key: str, text: str) -> Item:
    """Own information, by the form."""
    page = Page(client, play, "oplysning", key)
    given = {"kind": "observation", "source": "own-work", "reliability": "first-hand", "weight": "risk", "forum": "own"}
    given["happened_at"] = timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M:%S")
    answer = client.post(
        page.address,
        {"token": page.hidden("token"), "seen": page.hidden("seen"), "text": text, "about": [str(play.person("son"))], **given},
    )
    assert answer.status_code == 302, answer.content.decode()
    with as_owner():
        return next(one for one in Item.objects.order_by("-recorded_at", "-id") if one.owner_id == play.agency(key))


def _tell(play: Play, client: Client, key: str, row: Any, to: str) -> Page:
    """Through the gate, to the second page where there is one."""
    page = Page(client, play, "videregiv", key)
    given = _terms(recipient=str(play.agency(to)), records=[f"{row._meta.db_table}:{row.root}"])
    page.send(**given)
    if "Lovligt" in page.text and "Ikke lovligt" not in page.text:
        page.send(**given, necessity="Myndigheden skal kende det.")
    return page


@pytest.mark.req("R-090")
def test_knowledge_comes_in_by_the_forms_and_nothing_goes_back(play: Play, client: Client) -> None:
    # in: the outsider lets an authority in and tells what it knows
    letting_in = Page(client, play, "optag-myndighed", "vink")
    given = _terms(contact=str(play.cast["enheden"].id))
    letting_in.send(**given)
    letting_in.send(**given, necessity="Enheden skal vurdere det.")
    assert letting_in.answer.status_code == 302, letting_in.text
    known = _write(play, client, "vink", KNOWS)
    assert _tell(play, client, "vink", known, "enheden").answer.status_code == 302
    assert _tell(play, client, "vink", play.people["son"], "enheden").answer.status_code == 302
    assert play.sees("enheden", known) and play.sees("enheden", play.people["son"])
    # back: not what the authority knows, by no forum and no weighing of the form
    theirs = _write(play, client, "enheden", "Enheden kender familien.")
    for terms in ({}, {"forum": "ssp"}, {"purpose": "support"}):
        page = Page(client, play, "videregiv", "enheden")
        records = [f"cases_item:{theirs.root}"]
        page.send(**_terms(recipient=str(play.agency("vink")), records=records, **terms))
        assert "Ikke lovligt" in page.text or "Kan ikke afgøres" in page.text, page.text
        assert page.hidden("shown") == ""
    assert not play.sees("vink", theirs)
    # nor in a case of the authority's own: it is not even let in
    own = Play({**play.cast, "vink": play.cast["enheden"], "forening": play.cast["vink"]})
    page = Page(client, own, "optag-myndighed", "vink").send(**_terms(contact=str(play.cast["vink"].id)))
    assert page.hidden("shown") == ""
    with as_owner():
        assert not Admission.objects.filter(matter=own.matter_id, agency=play.agency("vink")).exists()
    # by raw SQL as the web role: the outsider sees its own rows alone, and nobody tells it by a finding that does not allow it
    play.become("vink")
    assert rows("SELECT DISTINCT owner_id FROM cases_item") == [(play.agency("vink"),)]
    assert count("cases_item", root=theirs.root) == 0 and count("matters_matter", id=own.matter_id) == 0
    [finding] = [event.codes["outcome"] for event in play.ledger("exchange.considered")][-1:]
    assert finding != "allowed"
    refusal = json.dumps({"outcome": finding, "by": [], "bases": [], "marks": []})
    for teller in ("enheden", "vink"):
        play.become(teller)
        with refused("23514" if teller == "enheden" else "42501"):
            insert(
                "cases_disclosure",
                matter_id=play.matter_id,
                owner_id=play.agency("enheden"),
                author_id=play.cast[teller].id,
                record_table="cases_item",
                record_root=theirs.root,
                recipient_id=play.agency("vink"),
                finding=refusal,
            )
    with as_owner():
        assert Item.objects.get(root=theirs.root).readers == [play.agency("enheden")]


def test_a_consent_to_share_is_what_lets_it_know(play: Play, client: Client) -> None:
    given = _terms(contact=str(play.cast["enheden"].id))
    letting_in = Page(client, play, "optag-myndighed", "vink").send(**given)
    letting_in.send(**given, necessity="Enheden skal vurdere det.")
    _tell(play, client, "vink", play.people["son"], "enheden")
    acting = play.by("enheden")
    son = play.person("son")
    item = noting.write_item(**acting, item=an_item(), about=[son], happened_at=acting["now"])
    acting = play.by("enheden")
    answered = Consent(
        person=son,
        kind="share",
        answered_by=son,
        answer="given",
        recipient=play.agency("vink"),
        text="Foreningen må vide det.",
    )
    consenting.record_consent(**acting, consent=answered, happened_at=acting["now"])
    assert _tell(play, client, "enheden", item, "vink").answer.status_code == 302
    assert play.sees("vink", item)
    with as_owner():
        [told] = Disclosure.objects.filter(recipient=play.agency("vink"))
        assert Agency.objects.get(id=told.recipient_id).name == "Foreningen"
        assert "consent" in told.finding["by"][0]
