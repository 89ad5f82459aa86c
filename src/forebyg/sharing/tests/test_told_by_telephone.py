"""What was said on the telephone first and is recorded afterwards, with its ground."""

import datetime
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions.consenting import record_consent
from forebyg.cases.actions.disclosing import NothingChosen, RecipientNotAdmitted, ToldBeforeItHappened
from forebyg.cases.finding import NotLawful, Terms
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.people.models import Consent
from forebyg.sharing.actions import tell
from forebyg.sharing.tests.asking import NEED, SSP, write

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case; DKS takes part."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    return play


def _said(play: Play, item: Item, **values: Any) -> list[Disclosure]:
    acting = play.by()
    given = {"to_agency": play.agency("dks"), "terms": SSP, "necessity": NEED, "told_at": acting["now"] - HOUR} | values
    return tell(**acting, records=[("cases_item", item.root)], **given)


def _item(play: Play) -> Item:
    item = write(play, "vink")
    play.pass_time(hours=3)
    return item


def _answer(play: Play, answer: str, *, by: str = "son") -> None:
    acting = play.by()
    given = Consent(
        kind="share",
        person=play.person("son"),
        answered_by=play.person(by),
        answer=answer,
        recipient=play.agency("dks"),
        text="Må vi fortælle det?",
    )
    record_consent(**acting, consent=given, happened_at=acting["now"])


@pytest.mark.req("R-080", part="what was said on the telephone is recorded afterwards with its ground")
@pytest.mark.req("R-098", part="an oral disclosure keeps when it was said and when it was recorded")
def test_what_was_said_is_recorded_afterwards_and_marked_so(play: Play, client: Client) -> None:
    item = _item(play)
    [told] = _said(play, item)
    assert told.told_at == told.happened_at == play.now - HOUR and told.recorded_at == play.now
    assert told.finding["outcome"] == "allowed" and told.finding["moment"] == told.told_at.date().isoformat()
    assert play.sees("dks", item)
    for key in ("vink", "dks"):
        worker, _now = play.become(key)
        client.force_login(worker)
        page = client.get(reverse("cases:sharing", args=[play.case(key).matter.reference])).content.decode()
        assert "Givet mundtligt" in page and "registreret bagefter" in page
        statement = client.get(reverse("sharing:statement", args=[play.case(key).matter.reference, told.root]))
        assert "Givet mundtligt og skrevet ned" in statement.content.decode()


@pytest.mark.req("R-097", part="an oral disclosure is judged by the pack in force when it was said")
def test_the_law_is_asked_as_it_was_then(play: Play) -> None:
    item = write(play, "vink", happened_at=play.now - datetime.timedelta(days=1100))
    with refused(NotLawful) as caught:
        _said(play, item, told_at=play.now - datetime.timedelta(days=1090))
    assert caught.value.finding.because == "not-in-force"
    assert not play.sees("dks", item)


@pytest.mark.parametrize("hours", [-1, 24 * 366 * 6])
def test_it_was_said_in_the_past_and_not_long_before_the_case(play: Play, hours: int) -> None:
    item = _item(play)
    with pytest.raises((rules.InTheFuture, rules.BeforeTheCase, NotLawful)):
        _said(play, item, told_at=play.now - hours * HOUR)
    with as_owner():
        assert not Disclosure.objects.filter(record_root=item.root).exists()


def test_nobody_tells_of_what_has_not_happened(play: Play) -> None:
    item = _item(play)
    with refused(ToldBeforeItHappened):
        _said(play, item, told_at=play.now - 4 * HOUR)


@pytest.mark.req("R-085", part="a consent carries what is told after it was given, and until it is withdrawn")
def test_a_consent_carries_only_what_was_said_while_it_stood(cast: dict[str, Worker]) -> None:
    people = {"son": a_person("Søn", born_on=born_years_ago(25, timezone.localdate()))}
    play = Play(cast, people).to(Step.RECEIVED)
    play.admit("dks")
    items = [_item(play) for _ in range(3)]
    before = play.now
    _answer(play, "given")
    while_given = play.now
    play.pass_time(hours=1)
    _answer(play, "withdrawn")
    play.pass_time(hours=1)
    for item, told_at in ((items[0], before), (items[1], play.now)):
        with refused(NotLawful):
            _said(play, item, terms=Terms(), told_at=told_at)
    [told] = _said(play, items[2], terms=Terms(), told_at=while_given)
    assert told.finding["by"] == ["consent-gdpr-9"]


def test_whose_answer_counted_is_asked_of_the_day_it_was_said(cast: dict[str, Worker]) -> None:
    people = {
        "son": a_person("Søn", born_on=born_years_ago(17, timezone.localdate())),
        "father": a_person("Far", is_guardian=True),
    }
    play = Play(cast, people).to(Step.RECEIVED)
    play.admit("dks")
    for by in ("son", "father"):
        _answer(play, "given", by=by)
    item, told_at = _item(play), play.now
    play.pass_time(days=250)
    [told] = _said(play, item, terms=Terms(), told_at=told_at)
    assert told.finding["by"] == ["consent-gdpr-9"]


def test_it_goes_through_the_same_gate_as_everything_else(play: Play) -> None:
    item = _item(play)
    with refused(NotLawful):
        _said(play, item, terms=Terms())
    with refused(RecipientNotAdmitted):
        _said(play, item, to_agency=play.agency("ssp"))
    with refused(rules.TextMissing):
        _said(play, item, necessity="")
    _said(play, item)
    with refused(NothingChosen):
        _said(play, item)
