"""Disclosing in two pages: the finding first, then the reason; and a confirmation stands for what was shown."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client

from forebyg.access.models import Admission, Agency, Worker
from forebyg.cases.actions import noting
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, an_item, born_years_ago
from forebyg.people.models import Participant
from forebyg.sharing.tests.pages import Page


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case with DKS and the prison service in it."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    return play


def _item(play: Play, **values: Any) -> Item:
    acting = play.by()
    return noting.write_item(**acting, item=an_item(**values), about=[play.person("son")], happened_at=acting["now"])


def _choices(play: Play, *rows: Item | Participant, to: str = "dks", **values: Any) -> dict[str, Any]:
    records = [f"{row._meta.db_table}:{row.root}" for row in rows]
    given = {"recipient": str(play.agency(to)), "records": records, "forum": "ssp", "purpose": "crime-prevention"}
    return {**given, "categories": ["private"], "trigger": "", **values}


def _disclosed() -> list[Disclosure]:
    with as_owner():
        return list(Disclosure.objects.all())


@pytest.mark.req("R-099", part="in a forum, before sharing: the basis and its limits")
@pytest.mark.req("B-021", part="the finding is shown before anything happens: provision, version, conditions")
def test_the_finding_is_shown_before_anything_happens(play: Play, client: Client) -> None:
    item = _item(play)
    page = Page(client, play, "videregiv")
    choices = _choices(play, item)
    page.send(**choices)
    assert page.answer.status_code == 200
    assert _disclosed() == []
    for shown in (
        "retsplejelovens § 115, stk. 2",
        "Kun mellem myndigheder i det samme samarbejde",
        "dk-2026",
        "demo – ingen jurist har godkendt den",
        "Ikke til efterforskning",
        "Kun i SSP",
        "Modtageren kan læse det.",
    ):
        assert shown in page.text, shown
    page.send(**choices, necessity="DKS holder mødet.")
    assert page.answer.status_code == 302
    [told] = _disclosed()
    assert told.record_root == item.root
    assert (told.finding["pack"], told.finding["by"], told.finding["purpose"]) == ("dk-2026", ["rpl-115-2"], "crime-prevention")
    assert told.finding["bases"][0]["conditions"] and told.finding["bases"][0]["version"]
    assert told.finding["marks"] == ["not-for-investigation", "forum:ssp"]
    assert play.sees("dks", item)


@pytest.mark.req("R-099")
@pytest.mark.parametrize(
    ("age", "forum", "to", "shown"),
    [
        (16, "ssp", "dks", ("Lovligt", "retsplejelovens § 115", "Kun mellem myndigheder i det samme samarbejde")),
        (16, "none", "dks", ("Ikke lovligt", "Få samtykke til at dele")),
        (16, "none", "jobcenter", ("Lovligt", "forvaltningslovens § 32")),
        (16, "psp", "dks", ("Kan ikke afgøres", "om personen er socialt udsat")),
        (16, "ksp", "dks", ("Lovligt", "retsplejelovens § 115", "Kun mellem myndigheder i det samme samarbejde")),
        (20, "ksp", "dks", ("Ikke lovligt", "Få samtykke til at dele")),
    ],
)
def test_what_may_carry_it_is_shown_by_age_forum_and_parties(
    play: Play, client: Client, age: int, forum: str, to: str, shown: tuple[str, ...]
) -> None:
    """Before anything is shared. Somebody under 18 was released."""
    play.admit("jobcenter")
    changes = {"custody_status": "released-minor", "born_on": born_years_ago(age, play.now.date())}
    noting.change_participant(**play.by(), root=play.person("son"), changes=changes)
    page = Page(client, play, "videregiv").send(**_choices(play, _item(play), to=to, forum=forum))
    for one in shown:
        assert one in page.text, (one, page.text)
    assert _disclosed() == []


def test_the_second_page_sends_along_what_was_chosen_and_nothing_else(play: Play, client: Client) -> None:
    items = [_item(play), _item(play)]
    page = Page(client, play, "videregiv").send(**_choices(play, *items, categories=["private", "sensitive"]))
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" id="id_[^"]+" name="([^"]+)" value="([^"]*)"', page.answer.content.decode()
    ):
        sent.setdefault(name, []).append(value)
    assert (len(sent["records"]), sorted(sent["categories"])) == (2, ["private", "sensitive"])
    answer = client.post(page.address, sent | {"necessity": "DKS holder mødet."})
    assert answer.status_code == 302
    assert {one.record_root for one in _disclosed()} == {item.root for item in items}


@pytest.mark.req("R-098", part="the necessity is written, or nothing is told")
def test_without_a_reason_nothing_is_told(play: Play, client: Client) -> None:
    choices = _choices(play, _item(play))
    page = Page(client, play, "videregiv").send(**choices)
    page.send(**choices, necessity="  ")
    assert page.answer.status_code == 422
    assert "Skriv, hvorfor det er nødvendigt." in page.text
    assert _disclosed() == []


@pytest.mark.req("B-021", part="a confirmation stands for what was shown and nothing else")
@pytest.mark.parametrize("change", ["item", "forum", "recipient", "corrected", "purpose"])
def test_a_confirmation_stands_only_for_what_was_shown(play: Play, client: Client, change: str) -> None:
    item, other = _item(play), _item(play)
    play.admit("ssp")
    choices = _choices(play, item)
    page = Page(client, play, "videregiv").send(**choices)
    changed = {
        "item": _choices(play, item, other),
        "forum": choices | {"forum": "none"},
        "recipient": _choices(play, item, to="ssp"),
        "purpose": choices | {"purpose": "support"},
        "corrected": choices,
    }[change]
    if change == "corrected":
        noting.correct_item(**play.by(), root=item.root, text="Noget andet.", reason="Dagen.")
    page.client.force_login(play.cast["vink"])
    page.send(**changed, necessity="DKS holder mødet.")
    assert page.answer.status_code in (409, 422)
    assert _disclosed() == []


def test_a_second_click_tells_nothing_twice(play: Play, client: Client) -> None:
    choices = _choices(play, _item(play))
    page = Page(client, play, "videregiv").send(**choices)
    sent = {name: page.hidden(name) for name in ("token", "seen", "shown")}
    for _ in range(2):
        answer = client.post(page.address, sent | choices | {"necessity": "DKS holder mødet."})
        assert answer.status_code == 302
        play.pass_time(seconds=1)
    assert len(_disclosed()) == 1


def test_one_can_go_back_and_choose_something_else(play: Play, client: Client) -> None:
    choices = _choices(play, _item(play))
    page = Page(client, play, "videregiv").send(**choices)
    page.send(**choices, necessity="DKS holder mødet.", tilbage="ja")
    assert page.answer.status_code == 200
    assert page.hidden("shown") == ""
    assert 'type="checkbox"' in page.answer.content.decode()
    assert _disclosed() == []


@pytest.mark.req("R-088", "R-099", part="what is not lawful says why, and what would make it so")
def test_what_is_not_lawful_says_why_and_what_would_make_it_so(play: Play, client: Client) -> None:
    choices = _choices(play, _item(play), forum="none")
    page = Page(client, play, "videregiv").send(**choices)
    assert "Ikke lovligt" in page.text and "Få samtykke" in page.text and "Vælg det samarbejde" in page.text
    assert page.hidden("shown") == ""
    page.answer = client.post(page.address, choices | {"shown": "x", "necessity": "Vi vil gerne.", "seen": "0"})
    assert page.answer.status_code in (409, 422)
    assert _disclosed() == []


@pytest.mark.req("R-215", part="nothing is told for an investigation")
def test_nothing_is_told_for_an_investigation(play: Play, client: Client) -> None:
    page = Page(client, play, "videregiv").send(**_choices(play, _item(play), purpose="investigation"))
    assert "Ikke lovligt" in page.text
    assert _disclosed() == []


@pytest.mark.req("B-020", part="only the owner discloses; the refusal says to ask the owner")
def test_what_another_agency_told_us_is_the_owners_to_tell(play: Play, client: Client) -> None:
    item = _item(play)
    play.disclose(item, to="dks")
    page = Page(client, play, "videregiv", "dks", **{"for": str(item.root)})
    assert page.answer.status_code == 409
    assert "Kun den kan videregive den" in page.text


@pytest.mark.req("R-208", part="an agency is let in only where the law allows naming the person to it")
def test_an_agency_is_admitted_through_the_gate(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    given = {"contact": str(cast["kriminalforsorg"].id), "forum": "ksp", "purpose": "crime-prevention"}
    given |= {"categories": ["sensitive"], "trigger": ""}
    page = Page(client, play, "optag-myndighed").send(**given)
    assert "Kan ikke afgøres" in page.text and "arrest" in page.text, "KSP asks what nobody has stated"
    given |= {"contact": str(cast["skole"].id), "forum": "ssp"}
    page.send(**given)
    assert "Lovligt" in page.text
    page.send(**given, necessity="Skolen kender eleven.")
    assert page.answer.status_code == 302
    with as_owner():
        inside = set(Admission.objects.filter(matter=play.matter_id, ended_at=None).values_list("agency", flat=True))
    assert play.agency("skole") in inside and play.agency("kriminalforsorg") not in inside
    assert [event.codes["finding"] for event in play.ledger("agency.admitted")][-1] == "rpl-115-2"


def test_that_the_law_was_asked_stands_in_the_ledger(play: Play, client: Client) -> None:
    Page(client, play, "videregiv").send(**_choices(play, _item(play)))
    [asked] = play.ledger("exchange.considered")
    assert asked.codes == {"outcome": "allowed", "because": "", "by": ["rpl-115-2"]}


def test_a_foreign_item_or_agency_is_no_choice(play: Play, client: Client) -> None:
    with as_owner():
        outside = Agency.objects.get(name="Jobcenteret")
    page = Page(client, play, "videregiv")
    for wrong in ({"recipient": str(outside.id)}, {"records": [f"cases_item:{uuid.uuid4()}"]}):
        assert page.send(**(_choices(play, _item(play)) | wrong)).answer.status_code == 422
    assert _disclosed() == []
