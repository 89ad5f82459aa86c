"""If the ledger can't be written, nothing is served and nothing is changed."""

from __future__ import annotations

from typing import LiteralString

import pytest
from conftest import as_owner
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.access.tests.rows import rows, run
from forebyg.cases.actions import noting
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, an_item
from forebyg.cli.demo_cast import DEMO_PASSWORD

WRITTEN = "Opfundet: han har givet sin cykel væk."
OF_A_CASE = ("case", "people", "timeline", "tasks", "assessments", "items", "measures", "sharing", "act-oplysning")
OF_ALL = ("inbox", "list")
CHANGED = ("cases_casemove", "cases_timelineentry", "cases_fact", "cases_item", "cases_usedform", "cases_draft")

FAILURES: list[LiteralString] = [
    "REVOKE ALL ON audit_event FROM forebyg_web",
    "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''disk full''; END';"
    "CREATE TRIGGER fails BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION fails();"
    "GRANT EXECUTE ON FUNCTION fails() TO forebyg_web",
]
"""Ways for the insert of an event to fail."""


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """A case with an item of information."""
    play = Play(cast)
    play.to(Step.RECEIVED)
    acting = play.by("vink")
    noting.write_item(**acting, item=an_item(WRITTEN), about=[play.person("son")], happened_at=acting["now"])
    return play


@pytest.fixture
def browser(client: Client, cast: dict[str, Worker]) -> Client:
    """VINK's worker, who has the case whole."""
    client.raise_request_exception = False
    client.force_login(cast["vink"])
    return client


def _stop_the_ledger(failure: LiteralString) -> None:
    with as_owner():
        run(failure)


def _state() -> list[tuple[object, ...]]:
    """What a change would leave, in numbers of rows."""
    with as_owner():
        return [rows(f"SELECT count(*) FROM {table}")[0] for table in CHANGED]


def _is_our_error_and_nothing_else(answer: HttpResponse) -> bool:
    page = answer.content.decode()
    return answer.status_code == 500 and "Der er sket en fejl hos os" in page and "cykel" not in page


@pytest.mark.req("R-217", part="a page whose event can't be written is not served")
@pytest.mark.parametrize("failure", FAILURES, ids=["not permitted", "broken"])
@pytest.mark.parametrize("page", [*OF_A_CASE, *OF_ALL])
def test_no_page_is_served_without_its_event(browser: Client, play: Play, page: str, failure: LiteralString) -> None:
    address = reverse(f"cases:{page}", args=[] if page in OF_ALL else [play.case().matter.reference])
    assert browser.get(address).status_code == 200
    _stop_the_ledger(failure)
    assert _is_our_error_and_nothing_else(browser.get(address))


@pytest.mark.req("R-217", part="a change whose event can't be written is not made")
@pytest.mark.parametrize("failure", FAILURES, ids=["not permitted", "broken"])
def test_nothing_is_changed_without_its_event(browser: Client, play: Play, failure: LiteralString) -> None:
    address = reverse("cases:act-til-enheden", args=[play.case().matter.reference])
    content, before, step = {"seen": play.version}, _state(), play.step
    with transaction.atomic():
        _stop_the_ledger(failure)
        assert _is_our_error_and_nothing_else(browser.post(address, content))
        assert (_state(), play.step) == (before, step)
        transaction.set_rollback(True)
    assert browser.post(address, content).status_code == 302
    assert (_state() > before, play.step) == (True, Step.DISCUSSION), "the same request with a ledger that can be written"


def test_nobody_is_signed_in_without_an_event(client: Client, cast: dict[str, Worker]) -> None:
    client.raise_request_exception = False
    _stop_the_ledger(FAILURES[0])
    answer = client.post(reverse("account_login"), {"login": cast["vink"].email, "password": DEMO_PASSWORD})
    assert answer.status_code == 500
    assert SESSION_KEY not in client.session
