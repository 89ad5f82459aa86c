"""Whether the records system and the case agree that the case is closed."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import ending
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play

OPEN_THERE = "Sagen er afsluttet her, men ikke i journalsystemet"
OPEN_HERE = "Sagen er afsluttet i journalsystemet, men ikke her"


@pytest.mark.parametrize(
    ("ended_here", "closed_there", "mismatch"),
    [(True, False, "open-there"), (False, True, "open-here"), (True, True, ""), (False, False, "")],
)
def test_the_two_are_compared(ended_here: bool, closed_there: bool, mismatch: str) -> None:
    assert rules.journal_mismatch(ended_here=ended_here, closed_there=closed_there) == mismatch


@pytest.mark.req("R-057")
def test_the_page_says_when_the_case_is_closed_in_one_place_only(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.CLOSING)
    yesterday = play.now.date() - datetime.timedelta(days=1)

    def page() -> str:
        case = play.case()
        client.force_login(cast["vink"])
        return client.get(reverse("cases:sharing", args=[case.matter.reference])).content.decode()

    assert OPEN_THERE not in page() and OPEN_HERE not in page(), "nothing is known of the records system yet"
    ending.record_journal(**play.by(), number="2016-012345", closed_there_on=yesterday)
    assert OPEN_HERE in page()
    ending.record_journal(**play.by(), number="2016-012345", closed_there_on=None)
    assert OPEN_HERE not in page()
    play.close(journal_number="", closed_there_on=None)
    assert OPEN_THERE in page()
