"""Not to be asked again: no adverse effect, no more offers, and counted apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import locking, measures
from forebyg.cases.actions.objecting import DoesNotWantToBeAsked, YesIsNoObjection
from forebyg.cases.board import ReOffers, about_as_many, re_offers
from forebyg.cases.models import Clock, Offer
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted

MENTORING, COACHING = "mentorstoette", "foraeldrecoaching"


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a grown-up man and a woman, where measures are agreed."""
    today = Play(cast).now.date()
    people = {name: a_person(name, born_on=born_years_ago(30, today)) for name in ("Mand", "Kvinde")}
    return Play(cast, people).to(Step.MEASURES)


def _offer(play: Play, to: str = "Mand", intervention: str = MENTORING, **values: Any) -> Offer:
    acting = play.by()
    given = {"to": play.person(to), "text": "", "happened_at": acting["now"]} | values
    return measures.make_offer(**acting, intervention=intervention, **given)


def _answer(play: Play, offer: Offer, kind: str, by: str = "Mand", **values: Any) -> None:
    acting = play.by()
    given = {"text": "", "happened_at": acting["now"]} | values
    measures.answer_offer(**acting, offer=offer.root, kind=kind, answered_by=play.person(by), **given)


def _running(play: Play) -> int:
    worker, _now = play.become("vink")
    return Clock.objects.visible_to(worker).filter(rule=Clock.Rule.RE_OFFER, stopped_at=None).count()


def _on_board(play: Play) -> ReOffers:
    worker, _now = play.become("sekretariat")
    return re_offers(worker)


@pytest.mark.req("B-031")
def test_two_consents_apart_a_no_without_effect_and_no_offers_to_who_objects(
    play: Play, client: Client, cast: dict[str, Worker]
) -> None:
    before = play.version
    first, hers = _offer(play), _offer(play, "Kvinde")
    _answer(play, first, "refused")
    _answer(play, hers, "refused", "Kvinde")
    assert (_running(play), _on_board(play)) == (4, ReOffers(waiting=2, not_asked=0)), "two reminders for each"
    assert (play.version, play.step) == (before, Step.MEASURES), "a no moves and ends nothing"
    assert all(consent.codes["kind"] == "take-part" for consent in play.facts("consent")), "a yes or no here shares nothing"

    reference = play.case().matter.reference
    client.force_login(cast["vink"])
    address = reverse("cases:act-svar", args=[reference])
    page = client.get(f"{address}?for={first.root}").content.decode()
    assert "Vil ikke spørges igen" in page and "Det har ingen andre følger" in page
    moment = play.now.strftime("%Y-%m-%dT%H:%M")
    given = {"target": str(first.root), "kind": "refused", "answered_by": str(play.person("Mand")), "asks_no_more": "on"}
    assert client.post(address, given | {"text": "", "happened_at": moment}).status_code == 302
    assert (_running(play), _on_board(play)) == (2, ReOffers(waiting=1, not_asked=1)), "shown apart"
    for intervention in (MENTORING, COACHING):
        with refused(DoesNotWantToBeAsked):
            _offer(play, "Mand", intervention)
    _answer(play, first, "refused")
    assert _running(play) == 2, "no reminder begins again"
    _offer(play, "Kvinde", COACHING)
    assert (play.version, play.step) == (before, Step.MEASURES), "nothing else follows"

    client.force_login(cast["vink"])
    tab = client.get(reverse("cases:measures", args=[reference])).content.decode()
    assert "Vil ikke spørges igen: Mand" in tab and "vil ikke spørges igen" in tab
    client.force_login(cast["sekretariat"])
    board = client.get(reverse("cases:board")).content.decode()
    assert "Vil ikke spørges igen: færre end 5 (tælles for sig)" in board

    asked_for = _offer(play, "Mand", is_asked_for=True)
    _answer(play, asked_for, "accepted")
    assert _on_board(play) == ReOffers(waiting=1, not_asked=0), "who says yes may be asked again"
    assert _offer(play, "Mand", COACHING).root
    assert [fact.codes.get("asks_no_more") for fact in play.facts("answer")].count("yes") == 1


def test_a_yes_is_no_wish_not_to_be_asked(play: Play) -> None:
    with refused(YesIsNoObjection):
        _answer(play, _offer(play), "accepted", asks_no_more=True)


def test_a_guardians_wish_stands_until_that_guardian_says_yes(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.MEASURES)
    offer = _offer(play, "son")
    _answer(play, offer, "refused", "father", asks_no_more=True)
    _answer(play, offer, "accepted", "son")
    with refused(DoesNotWantToBeAsked):
        _offer(play, "son", COACHING)
    _answer(play, offer, "accepted", "father")
    assert _offer(play, "son", COACHING).root


def test_only_the_board_counts_and_small_numbers_are_not_told(play: Play) -> None:
    worker, _now = play.become("vink")
    with pytest.raises(NotPermitted):
        re_offers(worker)
    assert [about_as_many(number) for number in (0, 1, 4, 5, 12)] == ["ingen", "færre end 5", "færre end 5", "5", "12"]


def test_a_specially_locked_case_is_not_counted(play: Play) -> None:
    _answer(play, _offer(play), "refused", asks_no_more=True)
    assert _on_board(play).not_asked == 1
    locking.lock_specially(**play.by(), keep=[], reason="Truet person.")
    assert _on_board(play).not_asked == 0
