"""The pages of requests: asking behind the finding, the tab of a case, the inbox across matters."""

import datetime
import re
from urllib.parse import unquote

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play
from forebyg.core.ids import new_id
from forebyg.sharing.requests.models import InformationRequest, RequestAnswer
from forebyg.sharing.tests.asking import NEED, QUESTION, TOLD, answer, ask, decline, withdraw, write


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case, received; nobody else takes part."""
    return Play(cast).to(Step.RECEIVED)


def _get(play: Play, client: Client, key: str, view: str, **query: str) -> str:
    worker, _now = play.become(key)
    client.force_login(worker)
    args = [] if view == "requests:inbox" else [_reference(play)]
    response = client.get(reverse(view, args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def _reference(play: Play) -> str:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM matters_matter WHERE id = %s", [play.matter_id])
        return str(cursor.fetchone()[0])


def _get_act(play: Play, client: Client, key: str, act: str, target: object = None) -> str:
    worker, _now = play.become(key)
    client.force_login(worker)
    response = client.get(reverse(f"cases:act-{act}", args=[_reference(play)]), {"for": str(target)} if target else {})
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def _post(play: Play, client: Client, key: str, act: str, data: dict[str, object]) -> tuple[int, str]:
    worker, _now = play.become(key)
    client.force_login(worker)
    response = client.post(reverse(f"cases:act-{act}", args=[_reference(play)]), data)
    return response.status_code, response.content.decode()


def _asking(play: Play, token: str, **values: object) -> dict[str, object]:
    due = (play.now + datetime.timedelta(days=7)).date().isoformat()
    dks = play.cast["dks"]
    return {
        "token": token,
        "recipient": f"{dks.agency_id}/{dks.id}",
        "persons": [str(play.person("son"))],
        "question": QUESTION,
        "due_on": due,
        "forum": "ssp",
        "purpose": "crime-prevention",
        "categories": ["private", "sensitive"],
        "trigger": "",
        **values,
    }


def _shown(page: str) -> str:
    found = re.search(r'name="shown"[^>]*value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


@pytest.mark.req("R-099", part="the finding is shown before a request names anybody")
@pytest.mark.req("B-021", part="a request shows the finding before it is sent")
def test_asking_shows_the_finding_first_and_sends_once(play: Play, client: Client) -> None:
    token = str(new_id())
    status, page = _post(play, client, "vink", "spoerg", _asking(play, token))
    assert status == 200 and "Hvad loven siger" in page
    with as_owner():
        assert not InformationRequest.objects.exists(), "nothing is done before the confirmation"
    confirmed = _asking(play, token, necessity=NEED, shown=_shown(page))
    assert [_post(play, client, "vink", "spoerg", confirmed)[0] for _ in range(2)] == [302, 302]
    with as_owner():
        assert InformationRequest.objects.count() == 1, "a second click sends nothing"


def test_what_the_law_refuses_is_said_and_nothing_is_sent(play: Play, client: Client) -> None:
    token = str(new_id())
    prison = play.cast["kriminalforsorg"]
    status, page = _post(play, client, "vink", "spoerg", _asking(play, token, recipient=f"{prison.agency_id}/{prison.id}"))
    assert status == 200 and "ikke med i samarbejdet" in page and not re.search(r'name="shown"[^>]*value="\w', page)


def test_a_confirmation_stands_for_what_was_shown(play: Play, client: Client) -> None:
    token = str(new_id())
    _status, page = _post(play, client, "vink", "spoerg", _asking(play, token))
    changed = _asking(play, token, question="Noget helt andet?", necessity=NEED, shown=_shown(page))
    status, page = _post(play, client, "vink", "spoerg", changed)
    assert status == 422 and "Noget er ændret" in page
    with as_owner():
        assert not InformationRequest.objects.exists()


def test_an_answer_shows_the_finding_first_and_answers_once(play: Play, client: Client) -> None:
    request = ask(play)
    item = write(play)
    token = str(new_id())
    data = {
        "token": token,
        "target": str(request.root),
        "records": [f"cases_item:{item.root}"],
        "forum": "ssp",
        "purpose": "crime-prevention",
        "categories": ["private", "sensitive"],
        "trigger": "",
    }
    status, page = _post(play, client, "dks", "besvar", data)
    assert status == 200
    confirmed = {**data, "necessity": NEED, "shown": _shown(page)}
    assert _post(play, client, "dks", "besvar", confirmed)[0] == 302
    assert _post(play, client, "dks", "besvar", confirmed)[0] in (302, 409)
    with as_owner():
        assert RequestAnswer.objects.count() == 1
    assert TOLD in _get(play, client, "vink", "cases:items")


@pytest.mark.req("B-020", part="the page to decline says that there is no duty")
def test_the_page_to_decline_says_kindly_that_there_is_no_duty(play: Play, client: Client) -> None:
    request = ask(play)
    page = _get_act(play, client, "dks", "afslaa", request.root)
    assert "I har ikke pligt til at videregive noget" in page
    token = str(new_id())
    data = {"token": token, "target": str(request.root), "reason": ""}
    assert _post(play, client, "dks", "afslaa", data)[0] == 422
    assert _post(play, client, "dks", "afslaa", data | {"reason": "Vi ved ikke noget."})[0] == 302


@pytest.mark.parametrize("act", ["besvar", "afslaa", "traek-anmodning"])
def test_a_form_without_its_request_is_not_there(play: Play, client: Client, act: str) -> None:
    ask(play)
    assert _post(play, client, "dks", act, {"reason": "x"})[0] == 404


# The case


@pytest.mark.req("B-020", part="the case tells of open requests in its summary and on a tab")
def test_the_case_tells_of_open_requests_to_those_who_see_them(play: Play, client: Client) -> None:
    play.admit("sof")
    request = ask(play)
    for key in ("vink", "dks"):
        page = _get(play, client, key, "cases:case")
        assert "1 venter på svar" in page, key
        assert QUESTION in _get(play, client, key, "requests:requests")
    assert "venter på svar" not in _get(play, client, "sof", "cases:case")
    assert QUESTION not in _get(play, client, "sof", "requests:requests")
    decline(play, request)
    assert "venter på svar" not in _get(play, client, "vink", "cases:case")
    assert "Vi har ikke grundlag for at svare." in _get(play, client, "vink", "requests:requests")


# Across matters


@pytest.mark.req("B-020", part="an inbox of requests across matters, to us and from us, open and ended")
@pytest.mark.req("B-027", part="the counts of requests obey visibility")
def test_the_inbox_of_requests_shows_each_side_what_it_sees(play: Play, client: Client) -> None:
    request, other = ask(play), ask(play, "skole")
    page = _get(play, client, "dks", "requests:inbox")
    assert f"#r-{request.root}" in page and f"#r-{other.root}" not in page and "(1)" in page
    assert QUESTION not in page, "a list opens no sealed text"
    ours = _get(play, client, "vink", "requests:inbox", hvem="fra-os")
    assert f"#r-{request.root}" in ours and f"#r-{other.root}" in ours and "(2)" in ours
    assert "#r-" not in _get(play, client, "kriminalforsorg", "requests:inbox")
    withdraw(play, request)
    answer(play, other, write(play, "skole"), by="skole")
    assert "#r-" not in _get(play, client, "dks", "requests:inbox", tilstand="afsluttede")
    ended = _get(play, client, "vink", "requests:inbox", hvem="fra-os", tilstand="afsluttede")
    assert "Trukket tilbage" in ended and "Besvaret" in ended
    assert len(play.ledger("requests.seen")) == 3


def test_an_address_with_a_mistake_in_it_still_shows_the_inbox(play: Play, client: Client) -> None:
    assert _get(play, client, "vink", "requests:inbox", hvem="alle", tilstand="x", efter="0~x~y")


def test_the_inbox_asks_the_same_however_many_requests_there_are_and_turns_its_pages(play: Play, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            _get(play, client, "dks", "requests:inbox")
        return len(asked)

    ask(play)
    queries()
    few = queries()
    for number in range(27):
        ask(play, question=f"Nr. {number}?")
    assert queries() == few
    page = _get(play, client, "dks", "requests:inbox")
    assert page.count("#r-") == 25 and 'rel="next"' in page
    cursor = re.search(r"efter=([^\"&]+)", page)
    assert cursor
    second = _get(play, client, "dks", "requests:inbox", efter=unquote(cursor[1]))
    assert second.count("#r-") == 3 and 'rel="prev"' in second
