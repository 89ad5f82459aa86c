"""Notices to a family: on a legal ground, and what was answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import noting
from forebyg.cases.actions.noticing import NotOurNotice, answer_notice
from forebyg.cases.models import Decision, NoticeAnswer
from forebyg.cases.queries import records_of
from forebyg.cases.rules import NoticeWithoutGround, NotInThisCase, TextMissing
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotVisible
from forebyg.core.ids import new_id

NOTICE = "Familien er gjort opmærksom på, at børnene skal undervises."
SAID = "Faren vil melde datteren ind i skolen igen."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case, in which social services take part."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("sof")
    return play


def _notice(play: Play, **values: Any) -> Decision:
    acting = play.by()
    decision = Decision(**{"kind": "notice", "text": NOTICE, "legal_ref": "undervisningspligt"} | values)
    return noting.write_decision(**acting, decision=decision, about=[play.person("son")], happened_at=acting["now"])


def _answer(play: Play, notice: Decision, key: str = "vink", **values: Any) -> NoticeAnswer:
    acting = play.by(key)
    given = {"answered_by": play.person("father"), "text": SAID, "happened_at": acting["now"]} | values
    return answer_notice(**acting, notice=notice.root, **given)


@pytest.mark.req("R-231")
def test_a_notice_names_its_legal_ground_and_the_family_answers(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    reference = play.case().matter.reference
    client.force_login(cast["vink"])
    moment = play.now.strftime("%Y-%m-%dT%H:%M")
    given = {"kind": "notice", "text": NOTICE, "about": [str(play.person("son"))], "happened_at": moment}
    writing = reverse("cases:act-beslutning", args=[reference])
    refusal = client.post(writing, given | {"legal_ref": ""})
    assert refusal.status_code == 422 and "Vælg den hjemmel" in refusal.content.decode()
    assert client.post(writing, given | {"legal_ref": "undervisningspligt"}).status_code == 302
    worker, _now = play.become("vink")
    [notice] = records_of(worker, play.case(), Decision)
    assert (notice.legal_ref, notice.owner_id) == ("undervisningspligt", play.agency("vink"))

    client.force_login(cast["vink"])
    address = reverse("cases:act-indskaerpelse-svar", args=[reference])
    assert client.get(f"{address}?for={notice.root}").status_code == 200
    answer = {"target": str(notice.root), "answered_by": str(play.person("father")), "text": SAID, "happened_at": moment}
    assert client.post(address, answer).status_code == 302
    worker, _now = play.become("vink")
    [kept] = records_of(worker, play.case(), NoticeAnswer)
    assert (kept.notice, kept.answered_by, kept.text, kept.about) == (notice.root, play.person("father"), SAID, notice.about)
    assert [event.record_ids for event in play.ledger("notice.answered")] == [[kept.root]]
    client.force_login(cast["vink"])
    tab = client.get(reverse("cases:assessments", args=[reference])).content.decode()
    assert "Indskærpelse over for familien" in tab and "Undervisningspligten" in tab and SAID in tab
    [*_, seen] = play.ledger("case.seen")
    assert {notice.root, kept.root} <= set(seen.record_ids)


def test_an_answer_is_to_a_notice_of_the_own_agency(play: Play) -> None:
    notice, other = _notice(play), _notice(play, kind="other", legal_ref="")
    with refused(NotVisible):
        _answer(play, notice, "sof")
    play.disclose(notice, to="sof")
    with refused(NotOurNotice):
        _answer(play, notice, "sof")
    with refused(NotOurNotice):
        _answer(play, other)
    with refused(NotInThisCase):
        _answer(play, notice, answered_by=new_id())
    with refused(TextMissing):
        _answer(play, notice, text="  ")


def test_no_notice_without_its_ground(play: Play) -> None:
    with refused(NoticeWithoutGround):
        _notice(play, legal_ref="")
