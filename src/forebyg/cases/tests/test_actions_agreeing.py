"""Agreements with the citizen and the parents: who took part, whether they were kept, and the task that asks."""

import datetime
import uuid
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import agreeing, consenting
from forebyg.cases.models import Agreement, AgreementKept, Task
from forebyg.cases.queries import records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.core.ids import new_id
from forebyg.people.models import Consent

WORDS = "Du møder din mentor hver tirsdag."


@pytest.fixture
def client(cast: dict[str, Worker]) -> Client:
    """VINK's worker, signed in."""
    signed_in = Client()
    signed_in.force_login(cast["vink"])
    return signed_in


def agree(
    play: Play, *taking_part: str, whose: str = "son", days: int | None = None, key: str = "vink", **values: Any
) -> Agreement:
    """Record an agreement with these persons; `days` from now it is looked at."""
    acting = play.by(key)
    given: dict[str, Any] = {"text": WORDS, "without_reason": "", "taking_part": [play.person(one) for one in taking_part]}
    today = timezone.localdate(acting["now"])
    return agreeing.record_agreement(
        **acting,
        agreement=Agreement(**given | values),
        person=play.person(whose),
        look_on=None if days is None else today + datetime.timedelta(days=days),
        happened_at=acting["now"],
    )


def look(
    play: Play, agreement: uuid.UUID, answer: str, text: str = "", *, days: int | None = None, key: str = "vink"
) -> AgreementKept:
    """Record whether it was kept."""
    acting = play.by(key)
    today = timezone.localdate(acting["now"])
    return agreeing.record_kept(
        **acting,
        kept=AgreementKept(agreement=agreement, answer=answer, text=text),
        look_on=None if days is None else today + datetime.timedelta(days=days),
        happened_at=acting["now"],
    )


def let_father_know(play: Play) -> None:
    """The son says yes to sharing with just his father."""
    acting = play.by()
    consent = Consent(
        kind="share",
        person=play.person("son"),
        answered_by=play.person("son"),
        answer="given",
        intervention="",
        recipient=play.person("father"),
        text="Far må gerne være med.",
    )
    consenting.record_consent(**acting, consent=consent, happened_at=acting["now"])


def grown_up(cast: dict[str, Worker]) -> Play:
    """A son of 19 and his father."""
    return Play(
        cast,
        {
            "son": a_person("Søn", born_on=born_years_ago(19, Play(cast).now.date())),
            "father": a_person("Far", is_guardian=True),
        },
    )


def _waiting(play: Play) -> list[Task]:
    worker, _now = play.become("vink")
    found = Task.objects.visible_to(worker).filter(matter=play.matter_id, kind="check-agreement", done_at=None)
    return list(found.order_by("due_at"))


@pytest.mark.req("R-108")
def test_an_agreement_is_kept_with_a_task_to_look_at_it_and_what_was_seen(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    agreement = agree(play, "son", "father", days=14)
    [task] = _waiting(play)
    assert task.due_at is not None
    assert (timezone.localdate(task.due_at) - play.now.date()).days in (14, 15)
    assert (task.concerns, task.assigned_to_id) == (agreement.root, play.agency("vink"))
    address = reverse("cases:plan", args=[play.case().matter.reference])
    assert "Ikke fulgt op endnu" in client.get(address).content.decode()
    play.pass_time(days=14)
    look(play, agreement.root, "partly", "Tre af fire gange.", days=7)
    [again] = _waiting(play)
    assert again.root != task.root
    play.pass_time(days=7)
    look(play, agreement.root, "kept")
    assert _waiting(play) == []
    worker, _now = play.become("vink")
    seen = records_of(worker, play.case(), AgreementKept)
    assert [(one.answer, one.text) for one in seen] == [("partly", "Tre af fire gange."), ("kept", "")]
    assert (seen[1].happened_at - seen[0].happened_at).days == 7
    shown = client.get(address).content.decode()
    assert WORDS in shown
    assert shown.index("Holdt") < shown.index("Delvist holdt"), "the newest first"
    assert [entry.kind for entry in play.timeline() if entry.kind.startswith("agreement")] == [
        "agreement",
        "agreement-kept",
        "agreement-kept",
    ]
    assert [event.codes for event in play.ledger("agreement.looked-at")] == [{"answer": "partly"}, {"answer": "kept"}]
    assert len(play.ledger("agreement.made")) == 1


@pytest.mark.req("R-103", part="the citizen and under 18 a parent take part, or a reason says why not")
@pytest.mark.parametrize(
    ("taking_part", "reason", "error"),
    [
        (["son", "father"], "", None),
        (["son"], "", agreeing.PartMissing),
        (["father"], "", agreeing.PartMissing),
        ([], " ", agreeing.PartMissing),
        (["son"], "Faren ville ikke være med.", None),
        (["son", "friend"], "Vennen var der også.", agreeing.NoPartInIt),
    ],
)
def test_a_childs_plan_is_agreed_with_the_child_and_a_parent(
    cast: dict[str, Worker], taking_part: list[str], reason: str, error: type[Any] | None
) -> None:
    play = Play(
        cast,
        {
            "son": a_person("Søn", stated_age="minor"),
            "father": a_person("Far", is_guardian=True),
            "friend": a_person("Ven", is_involved=True),
        },
    )
    if error is None:
        assert agree(play, *taking_part, without_reason=reason).taking_part == [play.person(one) for one in taking_part]
        return
    with refused(error):
        agree(play, *taking_part, without_reason=reason)
    assert play.ledger("agreement.made") == []


@pytest.mark.req("R-104", part="from 18 a parent takes part in the plan only where the citizen has consented to it")
def test_a_grown_up_agrees_alone_unless_the_parent_is_wanted_there(cast: dict[str, Worker]) -> None:
    play = grown_up(cast)
    agree(play, "son")
    with refused(agreeing.NoPartInIt) as caught:
        agree(play, "son", "father")
    assert "samtykket" in caught.value.sentence
    let_father_know(play)
    assert agree(play, "son", "father").taking_part == [play.person("son"), play.person("father")]


def test_nobody_is_both_with_and_apart(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    father = [play.person("father")]
    with refused(agreeing.PartAndApart):
        agree(play, "son", "father", apart_from=father)
    with refused(agreeing.NoPartInIt):
        agree(play, "son", "father", apart_from=[play.person("son")])
    assert agree(play, "son", without_reason="Holdes fra faren.", apart_from=father).apart_from == father


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"text": " "}, rules.TextMissing),
        ({"text": "x" * 20_001}, rules.TextTooLong),
        ({"days": 0}, agreeing.DayNotPossible),
        ({"days": 2000}, agreeing.DayNotPossible),
    ],
)
def test_what_does_not_make_an_agreement_is_refused(cast: dict[str, Worker], values: dict[str, Any], error: type[Any]) -> None:
    play = Play(cast)
    with refused(error):
        agree(play, "son", "father", **values)
    assert _waiting(play) == []


def test_persons_and_agreements_of_elsewhere_are_not_there(cast: dict[str, Worker]) -> None:
    play, other = Play(cast), Play(cast)
    with refused(NotVisible):
        agreeing.record_agreement(
            **play.by(),
            agreement=Agreement(text=WORDS, without_reason=""),
            person=other.person("son"),
            look_on=None,
            happened_at=play.now,
        )
    theirs = agree(other, "son", "father")
    for root in (theirs.root, new_id()):
        with refused(NotVisible):
            look(play, root, "kept")


def test_a_broken_agreement_says_why_and_only_its_owner_says_so(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    agreement = agree(play, "son", "father")
    for text in ("", "  "):
        with refused(rules.TextMissing):
            look(play, agreement.root, "not-kept", text)
    with refused(rules.NotAChoice):
        look(play, agreement.root, "perhaps", "Måske.")
    play.admit("dks")
    assert not play.sees("dks", agreement)
    play.disclose(agreement, *play.people.values(), to="dks")
    with refused(NotPermitted):
        look(play, agreement.root, "kept", key="dks")


def test_after_the_end_an_agreement_is_looked_at_but_none_is_made(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    agreement = agree(play, "son", "father", days=400)
    play.to(Step.ENDED)
    look(play, agreement.root, "kept")
    assert _waiting(play) == []
    with refused(rules.CaseEnded):
        agree(play, "son", "father")


def test_the_forms_ask_only_those_with_a_part_in_it(cast: dict[str, Worker], client: Client) -> None:
    play = grown_up(cast)
    address = reverse("cases:act-aftale", args=[play.case().matter.reference])
    son = str(play.person("son"))
    asked = client.get(address, {"for": son}).content.decode()
    assert "aftaler selv" in asked
    assert asked.count(str(play.person("father"))) == 1, "he can be kept from it, not be with it"
    assert client.get(address).status_code == 404
    assert client.get(address, {"for": str(new_id())}).status_code == 404
    sent = {"target": son, "text": WORDS, "happened_at": timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M")}
    assert client.post(address, sent | {"target": ""}).status_code == 404
    refused_now = client.post(address, sent)
    assert refused_now.status_code == 422
    assert WORDS in refused_now.content.decode(), "nothing is lost"
    day = (play.now + relativedelta(days=30)).date().isoformat()
    token = str(new_id())
    for _click in range(2):
        play.pass_time(seconds=1)
        assert client.post(address, sent | {"taking_part": [son], "look_on": day, "token": token}).status_code == 302
    worker, _now = play.become("vink")
    [agreement] = records_of(worker, play.case(), Agreement)
    address = reverse("cases:act-aftale-holdt", args=[play.case().matter.reference])
    assert client.get(address, {"for": str(agreement.root)}).status_code == 200
    answered = {"target": str(agreement.root), "answer": "kept", "happened_at": sent["happened_at"]}
    assert client.post(address, answered).status_code == 302
    assert _waiting(play) == []
