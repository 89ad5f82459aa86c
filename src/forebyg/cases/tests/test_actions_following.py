"""Follow-up in two tracks before step 8 is left for the end, and contacts that are sought under a mandate."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import following, measures
from forebyg.cases.models import Contact
from forebyg.cases.queries import records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.strategy.queries import pack_of

MANDATE = "intervention:opsoegende-arbejde"
END = {"gate": "final", "result": "dealt-with", "ground": ""}


@pytest.fixture
def client(cast: dict[str, Worker]) -> Client:
    """VINK's worker, signed in."""
    signed_in = Client()
    signed_in.force_login(cast["vink"])
    return signed_in


def _meet(play: Play, *about: str, **values: Any) -> None:
    given = {"result": "missed", "guardians_present": [], "taking_part": []}
    play.meet(about=[play.person(one) for one in about] or None, kind="follow-up", **given | values)


@pytest.mark.req("R-055")
def test_step_8_is_left_for_the_end_when_both_tracks_were_followed(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    address = reverse("cases:plan", args=[play.case().matter.reference])
    missing = "Mangler, siden sagen kom til trin 8"
    assert client.get(address).content.decode().count(missing) == 2
    with refused(rules.FollowUpMissing) as caught:
        play.assess(**END)
    assert "opfølgende møde" in caught.value.sentence
    _meet(play, text="Sønnen kom, og det går bedre.")
    assert client.get(address).content.decode().count(missing) == 1
    with refused(rules.FollowUpMissing) as caught:
        play.assess(**END)
    assert "i enheden" in caught.value.sentence
    assert play.step is Step.FOLLOW_UP
    play.follow_up_in_unit(text="Enheden så på indsatsen.")
    shown = client.get(address).content.decode()
    assert missing not in shown
    citizens, units = shown.index("spor-borger"), shown.index("spor-enhed")
    assert citizens < shown.index("Sønnen kom, og det går bedre.") < units < shown.index("Enheden så på indsatsen.")
    assert play.assess(**END).current_step is Step.CLOSING


def test_each_subject_is_followed_up_and_another_agencys_track_counts(cast: dict[str, Worker]) -> None:
    play = Play(cast, {"son": a_person("Søn"), "friend": a_person("Ven")}).to(Step.FOLLOW_UP)
    play.admit_once("sof")
    play.follow_up_in_unit(key="sof", taking_part=[play.agency("sof")])
    _meet(play, "son")
    with refused(rules.FollowUpMissing):
        play.assess(**END)
    _meet(play, "friend")
    assert play.assess(**END).current_step is Step.CLOSING


def test_new_measures_are_followed_up_anew(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    play.follow_up()
    play.pass_time(minutes=2)
    measures.renew_measures(**play.by())
    play.agree()
    with refused(rules.FollowUpMissing):
        play.assess(**END)
    play.deal_with()


def test_a_home_visit_is_no_follow_up(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    play.meet()
    play.follow_up_in_unit()
    with refused(rules.FollowUpMissing):
        play.assess(**END)


@pytest.mark.parametrize(
    ("values", "error"),
    [({"text": " "}, rules.TextMissing), ({"taking_part": []}, following.NobodyFollowedUp)],
)
def test_the_units_track_says_who_and_what(cast: dict[str, Worker], values: dict[str, Any], error: type[Any]) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    with refused(error):
        play.follow_up_in_unit(**values)
    with refused(rules.NotInThisCase):
        play.follow_up_in_unit(taking_part=[play.agency("kriminalforsorg")])


def test_the_unit_follows_up_at_step_8_alone(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.MEASURES)
    with refused(following.NotAtFollowUp):
        play.follow_up_in_unit()


def test_both_forms_record_their_track(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    reference = play.case().matter.reference
    happened_at = timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M")
    for slug, sent in (
        ("opfoelgning", {"result": "missed", "about": [str(play.person("son"))], "text": "Ingen kom."}),
        ("opfoelgning-enhed", {"taking_part": [str(play.agency("vink"))], "text": "Vi prøver igen."}),
    ):
        address = reverse(f"cases:act-{slug}", args=[reference])
        assert client.get(address).status_code == 200
        assert client.post(address, sent).status_code == 422
        assert client.post(address, sent | {"happened_at": happened_at}).status_code == 302
    assert play.assess(**END).current_step is Step.CLOSING


def _contact(play: Play, mandate: str = MANDATE, *about: str, text: str = "Vi mødte ham ved stationen.") -> Contact:
    acting = play.by()
    persons = [play.person(one) for one in about or ("son",)]
    return following.record_contact(
        **acting, contact=Contact(mandate=mandate, text=text), about=persons, happened_at=acting["now"]
    )


@pytest.mark.req("R-128")
def test_a_contact_is_recorded_with_the_mandate_under_which_it_was_made(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    reference = play.case().matter.reference
    address = reverse("cases:act-kontakt", args=[reference])
    shown = client.get(address).content.decode()
    assert MANDATE in shown
    assert "provision:rpl-115" in shown
    sent = {
        "about": [str(play.person("son"))],
        "text": "Vi mødte ham ved stationen.",
        "happened_at": timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(address, sent).status_code == 422, "nobody is sought out without a mandate"
    assert client.post(address, sent | {"mandate": MANDATE}).status_code == 302
    _contact(play, "provision:sel-12b")
    worker, _now = play.become("vink")
    kept = records_of(worker, play.case(), Contact)
    assert [(one.mandate, one.about) for one in kept] == [
        (MANDATE, [play.person("son")]),
        ("provision:sel-12b", [play.person("son")]),
    ]
    page = client.get(reverse("cases:plan", args=[reference])).content.decode()
    assert "Lokalt opsøgende arbejde" in page
    assert "Vi mødte ham ved stationen." in page
    assert [entry.codes["mandate"] for entry in play.timeline() if entry.kind == "contact"] == [MANDATE, "provision:sel-12b"]
    assert len(play.ledger("contact.recorded")) == 2


@pytest.mark.parametrize("mandate", ["", "opsoegende-arbejde", "intervention:mentorstoette", "provision:none", "x" * 81])
def test_what_is_no_mandate_is_refused(cast: dict[str, Worker], mandate: str) -> None:
    play = Play(cast)
    with refused(following.MandateMissing):
        _contact(play, mandate)


def test_a_contact_is_with_somebody_of_the_case_and_says_how_it_went(cast: dict[str, Worker]) -> None:
    play, other = Play(cast), Play(cast)
    with refused(rules.TextMissing):
        _contact(play, text=" ")
    acting = play.by()
    for about, error in (([], rules.SubjectMissing), ([other.person("son")], rules.NotInThisCase)):
        contact = Contact(mandate=MANDATE, text="Vi ringede på.")
        with refused(error):
            following.record_contact(**acting, contact=contact, about=about, happened_at=acting["now"])


def test_every_mandate_is_in_the_pack(cast: dict[str, Worker]) -> None:
    pack = pack_of(cast["vink"])
    assert following.mandates_of(pack)[0] == MANDATE
    assert len(following.mandates_of(pack)) == len(pack.legal_basis) + 1
