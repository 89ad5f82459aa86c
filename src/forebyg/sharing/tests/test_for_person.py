"""What is printed for one person: what is agreed, and what is kept about the person. Third persons are left out."""

import datetime
import re
from typing import Any

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import informing, measures, meeting, noting
from forebyg.cases.finding import Terms
from forebyg.cases.models import Meeting
from forebyg.cases.rules import MetAndApart
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_meeting, a_person, an_item, born_years_ago, refused
from forebyg.cases.tests.test_actions_agreeing import agree, look
from forebyg.core.ids import new_id
from forebyg.people.models import Information
from forebyg.sharing.actions import KeptApart, write_letter
from forebyg.sharing.models import Letter, SignOff

TUESDAY = "Du møder din mentor hver tirsdag."
SECRET = "Det, sønnen har fortalt os om faren."


@pytest.fixture
def client(cast: dict[str, Worker]) -> Client:
    """VINK's worker, signed in."""
    signed_in = Client()
    signed_in.force_login(cast["vink"])
    return signed_in


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """A son of 16, his mother, his father whose influence is the concern, and a daughter."""
    today = Play(cast).now.date()
    people = {
        "son": a_person("Søn", born_on=born_years_ago(16, today)),
        "mother": a_person("Mor", is_guardian=True),
        "father": a_person("Far", is_guardian=True, meets_apart=True),
        "daughter": a_person("Datter", is_involved=True, born_on=born_years_ago(14, today)),
    }
    return Play(cast, people)


def _address(play: Play, name: str, who: str) -> str:
    return reverse(f"sharing:{name}", args=[play.case().matter.reference, play.person(who)])


def _printed(play: Play, client: Client, who: str, name: str = "agreed", **query: str) -> str:
    """The page without what stands on screen only, and without the frame that every page has."""
    answer = client.get(_address(play, name, who), query)
    assert answer.status_code == 200
    article = answer.content.decode().split("<article", 1)[1].split("</article>")[0]
    return re.sub(r'<(p|div) class="d-print-none">.*?</\1>', "", article, flags=re.DOTALL)


def _meet(play: Play, *about: str, apart_from: list[str], text: str = SECRET) -> Meeting:
    acting = play.by()
    held = a_meeting(
        kind="citizen",
        text=text,
        no_guardian_reason="Sønnen skulle kunne tale frit.",
        apart_from=[play.person(one) for one in apart_from],
    )
    persons = [play.person(one) for one in about]
    return meeting.record_meeting(**acting, meeting=held, about=persons, happened_at=acting["now"])


def _letter(play: Play, row: Any, to: str, kind: str) -> Letter:
    return write_letter(
        **play.by(),
        about=play.person("son"),
        to_person=play.person(to),
        to_kind=kind,
        records=[(row._meta.db_table, row.root)],
        terms=Terms(),
        text="Kære familie.",
        necessity="I har spurgt.",
    )


@pytest.mark.req("R-103")
def test_citizen_and_parents_take_part_and_each_can_have_what_was_agreed(play: Play, client: Client) -> None:
    tuesday = agree(play, "son", "mother", text=TUESDAY, days=14)
    play.pass_time(days=1)
    agree(play, "mother", whose="daughter", without_reason="Datteren var syg.", text="Datteren går til håndbold.")
    agree(play, "mother", whose="mother", text="Du taler med din coach.")
    look(play, tuesday.root, "partly", "Sønnen siger, at faren holdt ham hjemme.")

    sons, mothers = _printed(play, client, "son"), _printed(play, client, "mother")
    assert TUESDAY in sons
    assert "Aftaler med dig" in sons
    assert "Du var med til at aftale det." in sons
    assert "Delvist holdt" in sons
    assert "Du er med til at bestemme" in sons
    assert re.search("data-purpose>[^<]*ikke brugt i en efterforskning", sons)
    for others in ("Mor", "Far", "Datter", "håndbold", "coach", "holdt ham hjemme"):
        assert others not in sons, others
    assert "Du taler med din coach." in mothers
    assert "Aftaler med Søn" in mothers
    assert "Aftaler med Datter" in mothers
    assert TUESDAY in mothers
    for not_hers in ("Far", "Datteren var syg", "holdt ham hjemme"):
        assert not_hers not in mothers, not_hers
    [seen] = [event for event in play.ledger("case.seen") if tuesday.root in event.record_ids][-1:]
    assert seen.codes == {"tab": "plan"}
    shown = client.get(reverse("cases:plan", args=[play.case().matter.reference])).content.decode()
    assert _address(play, "agreed", "son") in shown
    assert _address(play, "agreed", "mother") in shown
    assert _address(play, "agreed", "father") not in shown
    assert "Med var: Søn og Mor" in shown


@pytest.mark.req("R-103", part="a parent who was not with to agree it is told it only where the law allows it")
def test_what_a_parent_was_not_with_to_agree_is_asked_of_the_law(play: Play, client: Client) -> None:
    agree(play, "son", without_reason="Mor kunne ikke komme.", text=TUESDAY)
    shown = _printed(play, client, "mother")
    assert TUESDAY in shown
    assert "Du var ikke selv med til at aftale det." in shown
    with as_owner():
        SignOff.objects.all().delete()
    answer = client.get(_address(play, "agreed", "mother")).content.decode()
    assert TUESDAY not in answer
    assert "Noget er udeladt" in answer
    assert TUESDAY in _printed(play, client, "son"), "it is the son's own"


@pytest.mark.req("R-106")
def test_a_parent_is_met_apart_from_the_child_and_is_told_nothing_of_it(play: Play, client: Client) -> None:
    with refused(MetAndApart):
        _meet(play, "son", "father", apart_from=["father"])
    without_father = _meet(play, "son", apart_from=["father"])
    _meet(play, "father", apart_from=["son"], text="Faren mødte alene.")
    items = client.get(reverse("cases:items", args=[play.case().matter.reference])).content.decode()
    assert "Holdt uden: Far" in items
    assert "Holdt uden: Søn" in items
    with refused(KeptApart):
        _letter(play, without_father, "father", "parent")
    assert _letter(play, without_father, "mother", "parent").records == [without_father.root]

    agree(play, "son", "mother", text=TUESDAY)
    agree(play, "son", "mother", text="Du ringer, hvis han truer dig.", apart_from=[play.person("father")])
    agree(play, "son", "father", text="Far følger dig til skole.")
    fathers = _printed(play, client, "father")
    assert "Far følger dig til skole." in fathers
    assert TUESDAY not in fathers, "he is met apart from the child, and was not there"
    assert "truer" not in fathers
    assert "truer" in _printed(play, client, "mother")
    kept_apart = agree(play, "son", "mother", apart_from=[play.person("father")])
    with refused(KeptApart):
        _letter(play, kept_apart, "father", "parent")


def test_the_form_of_a_meeting_asks_who_was_left_out(play: Play, client: Client) -> None:
    address = reverse("cases:act-moede", args=[play.case().matter.reference])
    assert "Far (mødes uden barnet)" in client.get(address).content.decode()
    sent = {
        "kind": "citizen",
        "result": "held",
        "about": [str(play.person("son"))],
        "apart_from": [str(play.person("father"))],
        "no_guardian_reason": "Han skulle tale frit.",
        "text": SECRET,
        "happened_at": "2026-01-01T10:00",
    }
    assert client.post(address, sent | {"apart_from": [str(new_id())]}).status_code == 422
    assert client.post(address, sent).status_code == 302


def test_what_a_letter_may_not_tell_is_said_on_the_form(play: Play, client: Client) -> None:
    row = _meet(play, "son", apart_from=["father"])
    sent = {
        "about": str(play.person("son")),
        "to_person": str(play.person("father")),
        "to_kind": "parent",
        "records": [f"cases_meeting:{row.root}"],
        "forum": "none",
        "purpose": "crime-prevention",
        "categories": ["private"],
    }
    answer = client.post(reverse("cases:act-brev", args=[play.case().matter.reference]), sent)
    assert answer.status_code == 422
    assert "skal modtageren ikke kende" in answer.content.decode()


@pytest.mark.req("R-107")
def test_the_citizen_reads_in_plain_language_what_is_kept_and_who_knows_it(play: Play, client: Client) -> None:
    play.admit("dks")
    acting = play.by()
    told = noting.write_item(**acting, item=an_item("Noget om sønnen."), about=[play.person("son")], happened_at=acting["now"])
    noting.write_item(**play.by(), item=an_item("Noget om faren."), about=[play.person("father")], happened_at=play.now)
    assert "Vi har ikke fortalt det til andre." in _printed(play, client, "son", "about")
    play.disclose(told, to="dks")
    _letter(play, told, "mother", "parent")
    shown = _printed(play, client, "son", "about")
    assert "Det har vi skrevet om dig" in shown
    assert re.search(r"Oplysning: 2 \(", shown), "the first observation, and the one that was told"
    assert "Vi har fortalt noget om dig til:" in shown
    assert re.search(r"DKS, senest .*Det måtte vi efter: ", shown)
    assert "Modtager: Forælder" in shown
    for right in ("bede os rette det", "trække dit ja tilbage", "Datatilsynet", "få at læse det"):
        assert right in shown, right
    for kept_out in ("Mor", "Far", "Noget om", "videoer"):
        assert kept_out not in shown, kept_out
    assert "What we have written about you" in _printed(play, client, "son", "about", sprog="en")
    assert told.root not in play.ledger("case.seen")[-1].record_ids, "no text of it was seen"


def test_nobody_is_told_on_paper_who_is_not_to_be_told_yet(play: Play, client: Client) -> None:
    acting = play.by()
    until = (acting["now"] + datetime.timedelta(days=30)).date()
    silence = Information(person=play.person("father"), state="not-told", why="child", until=until, text="Faren må vente.")
    informing.record_information(**acting, information=silence, happened_at=acting["now"])
    shown = client.get(_address(play, "about", "father")).content.decode()
    assert "Personen skal ikke orienteres endnu" in shown
    assert "Det gemmer vi" not in shown
    informing.record_information(
        **play.by(),
        information=Information(person=play.person("father"), state="told", why="", until=None, text="Sagt ved mødet."),
        happened_at=play.now,
    )
    assert "Det gemmer vi" in _printed(play, client, "father", "about")


def test_help_that_was_accepted_stands_on_the_page(play: Play, client: Client) -> None:
    play.to(Step.MEASURES)
    agree(play, "son", "mother")
    acting = play.by()
    offer = measures.make_offer(
        **acting, intervention="mentorstoette", to=play.person("son"), text="", happened_at=acting["now"]
    )
    for who, kind in (("son", "accepted"), ("mother", "refused")):
        acting = play.by()
        measures.answer_offer(
            **acting, offer=offer.root, kind=kind, answered_by=play.person(who), text="", happened_at=acting["now"]
        )
    assert "Hjælp, som du har sagt ja til" in _printed(play, client, "son")
    assert "Hjælp, som du har sagt ja til" not in _printed(play, client, "mother")


def test_other_agencies_agreements_are_theirs_to_give(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    play.admit("dks")
    play.disclose(*play.people.values(), to="dks")
    theirs = agree(play, "son", key="dks", without_reason="Hos politiet.")
    play.disclose(theirs, to="vink", by="dks")
    assert client.get(_address(play, "agreed", "son")).status_code == 404
    signed_in = Client()
    signed_in.force_login(cast["dks"])
    assert TUESDAY in _printed(play, signed_in, "son")


@pytest.mark.parametrize("name", ["agreed", "about"])
def test_strangers_and_languages_that_there_are_not_find_nothing(play: Play, client: Client, name: str) -> None:
    agree(play, "son", "mother")
    assert client.get(_address(play, name, "son"), {"sprog": "xx"}).status_code == 404
    reference = play.case().matter.reference
    assert client.get(reverse(f"sharing:{name}", args=[reference, new_id()])).status_code == 404


@pytest.mark.parametrize("name", ["agreed", "about"])
def test_a_page_costs_the_same_however_much_there_is(play: Play, client: Client, name: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _printed(play, client, "mother", name)
        return len(queries)

    agree(play, "son", without_reason="Mor var væk.")
    agree(play, "son", "mother")
    cost()  # which also reads what is kept in the process
    before = cost()
    for _number in range(3):
        agree(play, "son", "mother")
        agree(play, "son", without_reason="Mor var væk.")
    assert cost() == before
