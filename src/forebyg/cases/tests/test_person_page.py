"""One person's page: the number masked, a protected person's whereabouts untold, both parents with their own cooperation."""

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import noting
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.people.models import Participant

CPR = "010199-1234"


@pytest.fixture
def client(cast: dict[str, Worker]) -> Client:
    """VINK's worker, signed in."""
    signed_in = Client()
    signed_in.force_login(cast["vink"])
    return signed_in


def _add(play: Play, **values: object) -> Participant:
    return noting.add_participant(**play.by(), person=a_person("Ven", is_involved=True, **values))


def _page(play: Play, client: Client, person: Participant, name: str = "person") -> str:
    address = reverse(f"cases:{name}", args=[play.case().matter.reference, person.root])
    answer = client.post(address) if name == "cpr" else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("B-027", part="a CPR number is masked, and who had it shown is in the ledger")
def test_the_number_is_masked_until_it_is_asked_for_and_the_ledger_says_by_whom(
    cast: dict[str, Worker], client: Client
) -> None:
    play = Play(cast)
    friend = _add(play, cpr=CPR)
    shown = _page(play, client, friend)
    assert "010199-xxxx" in shown
    assert CPR not in shown
    assert play.ledger("cpr.shown") == []
    assert CPR in _page(play, client, friend, "cpr")
    [event] = play.ledger("cpr.shown")
    assert (event.worker_id, event.record_ids) == (cast["vink"].id, [friend.root])


def test_a_replacement_number_is_called_one(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    assert "Erstatningsnummer" in _page(play, client, _add(play, cpr="610199-1234"))
    with refused(noting.CprNotANumber):
        _add(play, cpr="990199-1234")


@pytest.mark.req("B-026", part="of a protected person no whereabouts are told with the person")
def test_where_a_protected_person_lives_is_the_owners_alone(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    play.admit("dks")
    friend = _add(play, municipality="Lilleby", protected_address=True)
    play.disclose(friend, to="dks")
    assert "Lilleby" in _page(play, client, friend)
    people = client.get(reverse("cases:people", args=[play.case().matter.reference])).content.decode()
    assert "Navne- og adressebeskyttet" in people
    assert "Lilleby" not in people
    theirs = Client()
    theirs.force_login(cast["dks"])
    told = _page(play, theirs, friend)
    assert "Navne- og adressebeskyttet" in told
    assert "Lilleby" not in told


@pytest.mark.req("R-105", part="each parent has an own record with cooperation and custody, which may differ")
@pytest.mark.req("R-106", part="that a parent is met apart from the child is recorded")
def test_each_parent_has_an_own_cooperation_and_custody(cast: dict[str, Worker], client: Client) -> None:
    play = Play(
        cast,
        {
            "son": a_person("Søn"),
            "mother": a_person("Mor", is_guardian=True, cooperation="cooperates"),
            "father": a_person("Far", is_guardian=True, cooperation="refuses", meets_apart=True),
        },
    )
    for parent, has_custody in (("mother", True), ("father", False)):
        noting.relate(
            **play.by(),
            from_participant=play.person(parent),
            to_participant=play.person("son"),
            kind="parent",
            has_custody=has_custody,
        )
    mother = _page(play, client, play.people["mother"])
    father = _page(play, client, play.people["father"])
    assert "(med forældremyndighed)" in mother
    assert "Samarbejder" in mother
    assert "(uden forældremyndighed)" in father
    assert "Vil ikke samarbejde" in father
    assert "Mødes uden barnet" in father


def test_custody_exposure_and_interpreter_are_kept_and_corrected(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    friend = _add(play, custody_status="remand", exposed=True, interpreter="somali")
    shown = _page(play, client, friend)
    assert "Varetægtsfængslet" in shown
    assert "somali" in shown
    changed = noting.change_participant(
        **play.by(), root=friend.root, changes={"custody_status": "released-remand", "exposed": None}
    )
    assert (changed.custody_status, changed.exposed, changed.interpreter) == ("released-remand", None, "somali")
