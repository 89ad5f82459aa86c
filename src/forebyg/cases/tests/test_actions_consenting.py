"""Consents: two questions kept apart, answered by those whose answer it is, taken back by them."""

import datetime
import uuid
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import consenting, measures, noting
from forebyg.cases.queries import records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.core.ids import new_id
from forebyg.people.consents import ConsentGiven, consents_of, on_sharing_with, on_taking_part
from forebyg.people.models import Consent, Relation

MENTORING = "mentorstoette"
ASKED = "Vi spurgte, om vi må fortælle skolen om aftalen."


def _consent(play: Play, answer: str = "given", *, by: str = "son", person: str = "son", **values: Any) -> Consent:
    given: dict[str, Any] = {"kind": "share", "recipient": play.agency("dks"), "intervention": "", "text": ASKED}
    return Consent(person=play.person(person), answered_by=play.person(by), answer=answer, **given | values)


def _record(play: Play, answer: str = "given", *, key: str = "vink", **values: Any) -> Consent:
    acting = play.by(key)
    return consenting.record_consent(**acting, consent=_consent(play, answer, **values), happened_at=acting["now"])


def _take_part(play: Play, answer: str = "given", **values: Any) -> Consent:
    return _record(play, answer, kind="take-part", recipient=None, intervention=MENTORING, **values)


def _standing(play: Play, key: str = "vink", person: str = "son") -> list[ConsentGiven]:
    worker, _now = play.become(key)
    return consents_of(worker, play.matter_id, play.person(person))


@pytest.mark.req("R-101", part="an answer is recorded with its date, by whom, per measure or recipient")
@pytest.mark.req("B-031", part="consent to take part and consent to share are two answers")
def test_each_answer_is_kept_with_who_gave_it_and_when(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _record(play)
    _take_part(play, "refused", by="father")
    dks = play.agency("dks")
    assert [(one.kind, one.answer, one.answered_by, one.recipient) for one in on_sharing_with(_standing(play), dks)] == [
        ("share", "given", play.person("son"), dks)
    ]
    [said] = on_taking_part(_standing(play), MENTORING)
    assert (said.answer, said.answered_by, said.on, said.text) == ("refused", play.person("father"), play.now.date(), ASKED)
    assert [entry.codes["kind"] for entry in play.timeline() if entry.kind == "consent"] == ["share", "take-part"]
    assert [event.codes["answer"] for event in play.ledger("consent.recorded")] == ["given", "refused"]


def test_a_later_answer_replaces_the_earlier_one_and_both_are_kept(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _record(play, "refused")
    _record(play, "given")
    assert [one.answer for one in _standing(play)] == ["given"]
    worker, _now = play.become("vink")
    assert [one.answer for one in records_of(worker, play.case(), Consent)] == ["refused", "given"]


@pytest.mark.req("R-101", part="a yes is taken back with its date")
def test_a_yes_is_taken_back_also_after_the_end(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    yes = _record(play)
    play.to(Step.ENDED)
    acting = play.by()
    consenting.withdraw_consent(**acting, consent=yes.root, text="", happened_at=acting["now"])
    assert [one.answer for one in _standing(play)] == ["withdrawn"]
    again = play.by()
    with refused(consenting.NothingToWithdraw):
        consenting.withdraw_consent(**again, consent=yes.root, text="", happened_at=again["now"])


def test_what_was_refused_cannot_be_taken_back(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    no = _record(play, "refused")
    acting = play.by()
    with refused(consenting.NothingToWithdraw):
        consenting.withdraw_consent(**acting, consent=no.root, text="", happened_at=acting["now"])
    with refused(consenting.NothingToWithdraw):
        _record(play, "withdrawn")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kind": "take-part"}, consenting.NoMeasure),
        ({"kind": "take-part", "recipient": None, "intervention": "surveillance"}, consenting.NoMeasure),
        ({"kind": "take-part", "intervention": MENTORING}, consenting.NoMeasure),
        ({"intervention": MENTORING}, consenting.NoRecipient),
        ({"recipient": uuid.UUID(int=7)}, consenting.NoRecipient),
        ({"kind": "both"}, rules.NotAChoice),
        ({"answer": "perhaps"}, rules.NotAChoice),
        ({"text": ""}, rules.TextMissing),
        ({"text": "x" * 50_000}, rules.TextTooLong),
    ],
)
def test_a_consent_is_to_one_thing_in_words(cast: dict[str, Worker], values: dict[str, Any], error: type[Any]) -> None:
    play = Play(cast)
    with refused(error):
        _record(play, **values)


def test_nobody_answers_for_somebody_elses_child(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    friend = noting.add_participant(**play.by(), person=a_person("Ven", is_involved=True))
    play.people = {**play.people, "friend": friend}
    with refused(rules.NotAGuardian):
        _record(play, by="friend")


@pytest.mark.req("R-104", "R-223", part="from 18 the guardians' consents neither count nor are taken")
def test_at_18_the_guardians_answers_stop_counting(cast: dict[str, Worker]) -> None:
    people = {
        "son": a_person("Søn", born_on=""),
        "father": a_person("Far", is_guardian=True),
    }
    play = Play(cast, people)
    born = (play.now.date() + datetime.timedelta(days=10)).replace(year=play.now.year - 18)
    noting.change_participant(**play.by(), root=play.person("son"), changes={"born_on": born.isoformat()})
    _record(play, by="father")
    _record(play)
    assert {one.answered_by for one in _standing(play)} == {play.person("son"), play.person("father")}
    play.pass_time(days=11)
    assert {one.answered_by for one in _standing(play)} == {play.person("son")}
    with refused(consenting.OfAge):
        _record(play, by="father")


@pytest.mark.req("R-105", part="a parent without custody does not consent; custody may differ")
def test_a_parent_who_loses_the_custody_no_longer_consents(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _record(play, by="father")
    noting.relate(
        **play.by(),
        from_participant=play.person("father"),
        to_participant=play.person("son"),
        kind=Relation.Kind.PARENT,
        has_custody=False,
    )
    assert _standing(play) == []
    with refused(rules.NotAGuardian):
        _record(play, by="father")


def test_the_answer_to_an_offer_is_the_consent_to_take_part_and_to_nothing_else(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    acting = play.by()
    offer = measures.make_offer(**acting, intervention=MENTORING, to=play.person("son"), text="", happened_at=acting["now"])
    answering = play.by()
    measures.answer_offer(
        **answering, offer=offer.root, kind="accepted", answered_by=play.person("son"), text="", happened_at=answering["now"]
    )
    [said] = _standing(play)
    assert (said.kind, said.intervention, said.answer, said.answered_by) == (
        "take-part",
        MENTORING,
        "given",
        play.person("son"),
    )


@pytest.mark.req("B-031", "R-102", part="no course begins on a yes that was taken back")
@pytest.mark.parametrize("by", ["son", "father"])
def test_no_course_begins_on_a_yes_that_was_taken_back(cast: dict[str, Worker], by: str) -> None:
    play = Play(cast)
    acting = play.by()
    offer = measures.make_offer(**acting, intervention=MENTORING, to=play.person("son"), text="", happened_at=acting["now"])
    for who in ("son", "father"):
        answering = play.by()
        measures.answer_offer(
            **answering, offer=offer.root, kind="accepted", answered_by=play.person(who), text="", happened_at=answering["now"]
        )
    [yes] = [one for one in _standing(play) if one.answered_by == play.person(by)]
    acting = play.by()
    consenting.withdraw_consent(**acting, consent=yes.root, text="Nej alligevel.", happened_at=acting["now"])
    acting = play.by()
    with refused(rules.ConsentMissing):
        measures.start_course(**acting, offer=offer.root, holder_id=None, happened_at=acting["now"])


def test_a_consent_is_its_agencys_until_it_is_disclosed(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks")
    yes = _record(play)
    assert _standing(play, "dks") == []
    play.become("vink")
    [son] = [one for one in play.people.values() if one.root == play.person("son")]
    play.disclose(son, yes, to="dks")
    assert [one.answer for one in _standing(play, "dks")] == ["given"]
    acting = play.by("dks")
    with refused(NotPermitted):
        consenting.withdraw_consent(**acting, consent=yes.root, text="", happened_at=acting["now"])
    assert consents_of(play.become("ssp")[0], play.matter_id, son.root) == []


def test_a_worker_outside_finds_nothing(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    yes = _record(play)
    acting = play.by("ssp")
    with refused(NotVisible):
        consenting.withdraw_consent(**acting, consent=yes.root, text="", happened_at=acting["now"])


# Pages


@pytest.fixture
def client(cast: dict[str, Worker]) -> Client:
    """VINK's worker, signed in."""
    signed_in = Client()
    signed_in.force_login(cast["vink"])
    return signed_in


def _address(play: Play, name: str, *arguments: uuid.UUID) -> str:
    return reverse(f"cases:{name}", args=[play.case().matter.reference, *arguments])


def test_the_form_takes_one_answer_to_one_question(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    address = _address(play, "act-samtykke")
    page = client.get(address, {"for": str(play.person("son"))})
    assert page.status_code == 200
    sent = {
        "target": str(play.person("son")),
        "kind": "share",
        "recipient": "named",
        "answered_by": str(play.person("father")),
        "answer": "given",
        "text": ASKED,
        "happened_at": play.now.astimezone().strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(address, {**sent, "recipient": ""}).status_code == 422
    assert client.post(address, {**sent, "kind": "take-part"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    [said] = _standing(play)
    assert (said.answered_by, said.recipient, said.answer) == (play.person("father"), None, "given")


@pytest.mark.req("B-031", part="the person's page says what stands, who is missing, and that a no has no adverse effect")
def test_the_page_says_what_stands_and_who_has_still_to_answer(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    _record(play, by="father")
    shown = client.get(_address(play, "person", play.person("son"))).content.decode()
    assert "Samtykke til at dele oplysninger med" in shown
    assert "Mangler svar fra Søn" in shown
    assert "Et nej har ingen følger" in shown
    assert "mangler svar fra Søn" in client.get(_address(play, "people")).content.decode()


@pytest.mark.req("R-107", part="what is asked and what it means, in plain language, Danish and English")
def test_the_letter_says_that_one_may_say_no_in_both_languages(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    _record(play, by="father")
    address = _address(play, "consent-letter", play.person("son"))
    danish = client.get(address, {"sprog": "da"}).content.decode()
    english = client.get(address, {"sprog": "en"}).content.decode()
    assert "Du kan sige nej" in danish
    assert "trække et ja tilbage" in danish
    assert "You can say no" in english
    assert 'lang="en"' in english.split("<head>")[0]
    assert ASKED not in danish
    assert client.get(address, {"sprog": "xx"}).status_code == 404
    assert client.get(_address(play, "consent-letter", new_id())).status_code == 404
    with as_owner():
        assert play.ledger("case.seen")


def test_a_minor_without_a_known_guardian_is_said(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast, {"girl": a_person("Datter", born_on=born_years_ago(12, timezone.localdate()))})
    shown = client.get(_address(play, "person", play.person("girl"))).content.decode()
    assert "hvem der har forældremyndigheden" in shown
