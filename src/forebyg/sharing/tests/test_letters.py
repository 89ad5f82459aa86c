"""Letters to the citizen, parents and close persons; and the statement of a disclosure."""

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
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.rules import NotInThisCase
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, an_item, born_years_ago, refused
from forebyg.core.errors import ForebygError
from forebyg.core.ids import new_id
from forebyg.sharing.actions import AboutOthersToo, write_letter
from forebyg.sharing.models import Letter
from forebyg.sharing.recipients import NotAParent, NotTheCitizen, TheCitizen


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a son of 16 and his father, with DKS in it."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    return play


def _item(play: Play, *about: str, key: str = "vink") -> Item:
    acting = play.by(key)
    return noting.write_item(
        **acting, item=an_item(), about=[play.person(one) for one in about or ("son",)], happened_at=acting["now"]
    )


def _write(play: Play, *rows: Item, to: str = "father", kind: str = "parent", key: str = "vink", **values: Any) -> Letter:
    given = {"about": play.person("son"), "terms": Terms(), "text": "Kære far.", "necessity": "Faren har spurgt."} | values
    records = [("cases_item", row.root) for row in rows]
    return write_letter(**play.by(key), to_person=play.person(to), to_kind=kind, records=records, **given)


@pytest.mark.req("R-083", part="parents of a minor, and the citizen, are told by any authority; the law is asked")
@pytest.mark.parametrize(("to", "kind", "by"), [("father", "parent", "custody-holder"), ("son", "citizen", "own-information")])
def test_a_letter_is_a_disclosure_and_gives_nobody_access(play: Play, to: str, kind: str, by: str) -> None:
    item = _item(play)
    letter = _write(play, item, to=to, kind=kind)
    assert (letter.finding["outcome"], letter.records) == ("allowed", [item.root])
    assert list(letter.finding["by"]) == [by]
    assert letter.readers == [play.agency("vink")]
    assert not play.sees("dks", item)
    [event] = play.ledger("letter.written")
    assert event.record_ids == [letter.root]
    assert Disclosure.objects.count() == 0


@pytest.mark.req("R-083")
def test_parents_and_close_persons_of_an_adult_are_told_by_the_police_alone(cast: dict[str, Worker]) -> None:
    people = {"son": a_person("Søn", stated_age="adult"), "father": a_person("Far", is_involved=True)}
    people["friend"] = a_person("Kæreste", is_involved=True)
    play = Play(cast, people).to(Step.RECEIVED)
    play.admit("dks")
    play.disclose(*play.people.values(), to="dks")
    for key in ("vink", "dks"):
        noting.relate(**play.by(key), from_participant=play.person("father"), to_participant=play.person("son"), kind="parent")
    for to, kind in (("father", "parent"), ("friend", "close-person")):
        with refused(NotLawful) as caught:
            _write(play, _item(play), to=to, kind=kind)
        assert caught.value.finding.because == "police-only"
        letter = _write(play, _item(play, key="dks"), key="dks", to=to, kind=kind)
        assert list(letter.finding["by"]) == ["rpl-115a"]
        assert list(letter.finding["marks"]) == ["not-for-investigation"]


@pytest.mark.req("R-083", part="a recipient is what the case knows, not what the writer says")
@pytest.mark.parametrize(
    ("to", "kind", "error"),
    [("father", "citizen", NotTheCitizen), ("son", "parent", TheCitizen), ("son", "close-person", TheCitizen)],
)
def test_a_recipient_is_who_the_letter_says(play: Play, to: str, kind: str, error: type[ForebygError]) -> None:
    with refused(error):
        _write(play, _item(play), to=to, kind=kind)
    assert Letter.objects.count() == 0


@pytest.mark.req("R-083", part="of a minor, parents with the custody are told as parents")
@pytest.mark.parametrize(
    ("age", "relation", "is_told"),
    [
        (16, {}, False),
        (16, {"kind": "sibling"}, False),
        (16, {"kind": "parent", "has_custody": False}, False),
        (16, {"kind": "other", "has_custody": True}, True),
        (16, {"kind": "parent"}, True),
    ],
)
def test_a_parent_is_one_by_the_relations_of_the_case(
    cast: dict[str, Worker], age: int, relation: dict[str, Any], is_told: bool
) -> None:
    people = {
        "son": a_person("Søn", born_on=born_years_ago(age, timezone.localdate())),
        "other": a_person("Voksen", is_involved=True),
    }
    play = Play(cast, people).to(Step.RECEIVED)
    noting.change_participant(**play.by(), root=play.person("other"), changes={"is_guardian": True})
    if relation:
        noting.relate(**play.by(), from_participant=play.person("other"), to_participant=play.person("son"), **relation)
    if is_told:
        assert _write(play, _item(play), to="other").recipient_is == "parent"
        return
    with refused(NotAParent):
        _write(play, _item(play), to="other")


def test_a_neighbour_is_no_parent_of_an_adult(cast: dict[str, Worker]) -> None:
    people = {"son": a_person("Søn", stated_age="adult"), "neighbour": a_person("Nabo", is_involved=True)}
    play = Play(cast, people).to(Step.RECEIVED)
    for kind, error in (("parent", NotAParent), ("citizen", NotTheCitizen)):
        with refused(error):
            _write(play, _item(play), to="neighbour", kind=kind)


def test_the_form_says_at_the_field_what_is_wrong_with_the_recipient(
    play: Play, client: Client, cast: dict[str, Worker]
) -> None:
    item = _item(play)
    client.force_login(cast["vink"])
    address = reverse("cases:act-brev", args=[play.case().matter.reference])
    given = {"about": str(play.person("son")), "to_person": str(play.person("father")), "to_kind": "citizen"}
    given |= {"records": f"cases_item:{item.root}", "forum": "none", "purpose": "support", "categories": "private"}
    answer = client.post(address, _hidden(client.get(address)) | given)
    assert answer.status_code == 422 and "Modtageren er ikke den, brevet drejer sig om." in answer.content.decode()


@pytest.mark.req("R-221", part="a letter tells of one person; what is about others too is left out")
def test_what_is_about_others_too_is_left_out(play: Play) -> None:
    with refused(AboutOthersToo):
        _write(play, _item(play, "son", "father"))
    with refused(NotInThisCase):
        write_letter(
            **play.by(),
            about=play.person("son"),
            to_person=new_id(),
            to_kind="parent",
            records=[],
            terms=Terms(),
            text="Kære nogen.",
            necessity="Nej.",
        )
    assert Letter.objects.count() == 0


@pytest.mark.req("R-080", part="PostgreSQL refuses a letter that no provision carries")
def test_postgresql_refuses_a_letter_without_a_finding(play: Play) -> None:
    kept = _write(play, _item(play))
    worker, now = play.become("vink")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter(
            matter_id=play.matter_id,
            owner_id=worker.agency_id,
            author_id=worker.id,
            happened_at=now,
            recorded_at=now,
            about=kept.about,
            recipient=kept.recipient,
            recipient_is="parent",
            finding=kept.finding | {"outcome": "refused"},
            necessity="Nej.",
            text="Nej.",
        ).save(force_insert=True)


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _hidden(answer: Any) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" id="id_[^"]*" name="(token|seen|shown)" value="([^"]*)"', answer.content.decode())
    return dict(found)


def test_a_letter_is_written_in_two_pages_and_printed(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    item = _item(play)
    client.force_login(cast["vink"])
    reference = play.case().matter.reference
    address = reverse("cases:act-brev", args=[reference])
    given = {"about": str(play.person("son")), "to_person": str(play.person("father")), "to_kind": "parent"}
    given |= {
        "records": f"cases_item:{item.root}",
        "forum": "none",
        "purpose": "support",
        "categories": "private",
        "trigger": "",
    }
    looked = client.post(address, _hidden(client.get(address)) | given)
    assert "Lovligt" in _page(looked) and "forældreansvarslovens" in _page(looked)
    missing = client.post(address, _hidden(looked) | given | {"necessity": "Faren har spurgt."})
    assert missing.status_code == 422
    done = client.post(address, _hidden(missing) | given | {"necessity": "Faren har spurgt.", "text": "Kære far."})
    assert done.status_code == 302
    with as_owner():
        letter = Letter.objects.get()
    page = _page(client.get(reverse("sharing:letter", args=[reference, letter.root])))
    assert "Kære far." in page and "demo, ikke godkendt" in page
    assert "Brev til Far" in _page(client.get(reverse("cases:sharing", args=[reference])))
    client.force_login(cast["dks"])
    assert client.get(reverse("sharing:letter", args=[reference, letter.root])).status_code == 404


@pytest.mark.req("B-021", part="a statement of each disclosure, to be printed")
@pytest.mark.req("R-098", part="what, from, to, basis, purpose, necessity, when, by whom")
def test_the_statement_tells_all_of_a_disclosure_to_both_sides(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    play.admit("ssp")
    item = _item(play)
    play.disclose(item, to="dks")
    with as_owner():
        told = Disclosure.objects.get()
    reference = play.case().matter.reference
    address = reverse("sharing:statement", args=[reference, told.root])
    for key in ("vink", "dks"):
        client.force_login(cast[key])
        page = _page(client.get(address))
        for shown in (
            "VINK",
            "DKS",
            "Retsplejelovens § 115, stk. 2",
            "dk-2026 1.1.0",
            "Forebygge kriminalitet",
            "VINKs medarbejder",
        ):
            assert shown in page, (key, shown)
        assert "Modtageren arbejder med samme familie." in page
        assert "Kun mellem myndigheder i det samme samarbejde." in page
        assert "Ikke til efterforskning" in page and "Kun i SSP" in page
        assert item.text not in page
    for key in ("ssp", "kriminalforsorg"):
        client.force_login(cast[key])
        assert client.get(address).status_code == 404, key
