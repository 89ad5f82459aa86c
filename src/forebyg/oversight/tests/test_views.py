"""The officer's pages: what they show, that each look is an event, and what they cost."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
import uuid
from urllib.parse import urlencode

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.access.second_factor import failed
from forebyg.audit.models import Event
from forebyg.audit.record import record
from forebyg.cases.paging import PAGE
from forebyg.cases.tests.cast import Play
from forebyg.oversight.export import harmless
from forebyg.oversight.tests.conftest import reference_of
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client, officers: dict[str, Worker]) -> Client:
    """The officer of VINK's controller, signed in."""
    client.force_login(officers["dpo"])
    return client


def text_of(answer: object) -> str:
    """What a person reads of a page."""
    content = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)  # type: ignore[attr-defined]
    assert content
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content[0])).split())


def events(action: str) -> list[Event]:
    """The events with this name, as the owner of the database reads them."""
    with as_owner():
        return list(Event.objects.filter(action=action).order_by("at", "id"))


def see(worker: Worker, play: Play, number: int = 1, **values: object) -> None:
    """Events of a worker who saw the case."""
    act_as(worker.id)
    for step in range(number):
        at = play.now + datetime.timedelta(seconds=step)
        record("case.seen", actor=worker, at=at, matters=[play.matter_id], **values)  # type: ignore[arg-type]


@pytest.mark.req("R-217", part="the officer finds who saw what, by case, worker, agency, action and day")
def test_the_log_is_narrowed_down_by_each_filter(officer: Client, play: Play, officers: dict[str, Worker]) -> None:
    see(officers["sekretariat"], play, records=[play.person("son")], codes={"tab": "items"})
    with as_owner():
        vink = str(officers["vink"].id)
    today = play.now.date().isoformat()
    reference = reference_of(play)
    for query, there, not_there in (
        ({}, "Så en side i sagen", "Ukendt hændelse"),
        ({"sag": reference}, "Så en side i sagen", "Ingen hændelser"),
        ({"sag": "1999-0001"}, "Ingen hændelser passer", "Så en side i sagen"),
        ({"medarbejder": vink}, "Registrerede en henvendelse", "Så en side i sagen"),
        ({"myndighed": str(officers["sekretariat"].agency_id)}, "Så en side i sagen", "Registrerede en henvendelse"),
        ({"type": "laest"}, "Så en side i sagen", "Registrerede en henvendelse"),
        ({"fra": today, "til": today}, "Registrerede en henvendelse", "Ingen hændelser"),
        ({"til": "1999-01-01"}, "Ingen hændelser passer", "Registrerede en henvendelse"),
        ({"sag": "010180-0001", "medarbejder": "x", "type": "x", "fra": "x"}, "Registrerede en henvendelse", "Ingen hændelser"),
    ):
        shown = text_of(officer.get(reverse("oversight:log"), query))
        assert there in shown, query
        assert not_there not in shown, query


def test_a_line_of_the_log_says_who_what_and_where_in_words(officer: Client, play: Play, officers: dict[str, Worker]) -> None:
    see(officers["sekretariat"], play, records=[play.person("son"), play.person("father")], codes={"tab": "items"})
    shown = text_of(officer.get(reverse("oversight:log"), {"type": "laest"}))
    for words in ("Sekretariatets medarbejder", "Sekretariatet", "Person (2)", "Fane: Oplysninger", reference_of(play)):
        assert words in shown
    assert "Søn" not in shown
    assert "Far " not in shown


@pytest.mark.req("R-217", part="each look into the log is an event of it")
@pytest.mark.parametrize(
    ("view", "action"),
    [
        ("overview", "oversight.overview-seen"),
        ("log", "oversight.log-seen"),
        ("accesses", "oversight.accesses-seen"),
        ("matter", "oversight.matter-seen"),
    ],
)
def test_each_look_is_an_event_of_the_ledger_itself(
    officer: Client, play: Play, officers: dict[str, Worker], view: str, action: str
) -> None:
    address = reverse(f"oversight:{view}", args=[reference_of(play)] if view == "matter" else [])
    assert officer.get(address).status_code == 200
    (event,) = events(action)
    assert event.worker_id == officers["dpo"].id
    assert (play.matter_id in event.matter_ids) == (view in ("matter", "accesses"))
    if view == "overview":
        assert "Så tilsynets overblik" in text_of(officer.get(reverse("oversight:log")))


def test_what_is_typed_as_a_case_number_reaches_the_ledger_as_an_id_only(officer: Client, play: Play) -> None:
    reference = reference_of(play)
    officer.get(reverse("oversight:log"), {"sag": reference, "type": "skrevet"})
    (event,) = events("oversight.log-seen")
    assert (event.matter_ids, event.codes) == ([play.matter_id], {"type": "skrevet"})


def test_a_case_one_had_nothing_to_do_with_is_not_learnt_by_asking_for_it(officer: Client, play: Play) -> None:
    asked = {"sag": reference_of(play), "fra": "1999-01-01", "til": "1999-01-01"}  # nothing is found, as for a strange case
    officer.get(reverse("oversight:log"), asked)
    officer.post(f"{reverse('oversight:export')}?{urlencode(asked)}", {"reason": "Aktindsigt."})
    for action in ("oversight.log-seen", "oversight.log-exported"):
        (event,) = events(action)
        assert event.matter_ids == [], action


def test_the_log_names_the_account_at_which_a_stranger_failed(officer: Client, officers: dict[str, Worker]) -> None:
    vink = officers["vink"]
    act_as(None)
    failed(None, account=vink, kind="totp")
    shown = text_of(officer.get(reverse("oversight:log"), {"type": "konto"}))
    assert "Skrev en forkert kode" in shown
    assert f"Medarbejder: {vink.name}" in shown


@pytest.mark.req("R-217", part="reasons are sealed; opening one is an event")
def test_a_reason_opens_by_a_click_and_that_is_an_event(officer: Client, play: Play, officers: dict[str, Worker]) -> None:
    (admitted,) = play.ledger("agency.admitted")
    assert "Myndigheden arbejder med familien." not in text_of(officer.get(reverse("oversight:log")))
    address = reverse("oversight:reason", args=[admitted.id])
    assert officer.get(address).status_code == 405
    assert "Myndigheden arbejder med familien." in text_of(officer.post(address))
    (opened,) = events("oversight.reason-opened")
    assert (opened.record_ids, opened.matter_ids) == ([admitted.id], [play.matter_id])


def test_a_reason_of_another_controllers_worker_stays_closed(client: Client, play: Play, officers: dict[str, Worker]) -> None:
    (admitted,) = play.ledger("agency.admitted")
    client.force_login(officers["dpo-politi"])
    assert client.post(reverse("oversight:reason", args=[admitted.id])).status_code == 404
    assert client.post(reverse("oversight:reason", args=[uuid.uuid4()])).status_code == 404
    assert events("oversight.reason-opened") == []


@pytest.mark.req("R-217", part="who saw one matter, when, and by which grant")
def test_the_page_of_a_matter_says_who_saw_it_and_why_they_could(
    officer: Client, play: Play, officers: dict[str, Worker]
) -> None:
    play.pass_time(minutes=1)
    see(officers["dks"], play, records=[play.person("son")])
    shown = text_of(officer.get(reverse("oversight:matter", args=[reference_of(play)])))
    assert "VINKs medarbejder, VINK" in shown
    assert "Oprettede sagen" in shown
    assert "givet til sig selv" in shown
    assert "DKS-medarbejder, DKS Medarbejder hos en anden dataansvarlig." in shown
    assert shown.index("DKS-medarbejder") < shown.index("VINKs medarbejder"), "who was there last comes first"


def test_a_matter_one_has_nothing_to_do_with_is_not_there(client: Client, play: Play, officers: dict[str, Worker]) -> None:
    with as_owner():
        outsider = Worker.objects.get(email="psykiatri@forebyg.example")
        outsider.holdings.all().update(role="dpo")
    client.force_login(outsider)
    assert client.get(reverse("oversight:matter", args=[reference_of(play)])).status_code == 404
    assert client.get(reverse("oversight:matter", args=["1999-0001"])).status_code == 404


@pytest.mark.req("R-217", part="the log is exported with a reason, and the export is an event")
def test_the_file_asks_why_first_and_is_an_event_with_the_reason(
    officer: Client, play: Play, officers: dict[str, Worker]
) -> None:
    address = reverse("oversight:export") + f"?sag={reference_of(play)}&type=laest"
    see(officers["sekretariat"], play, records=[play.person("son")])
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"reason": " "}).status_code == 422
    assert events("oversight.log-exported") == []
    answer = officer.post(address, {"reason": "Tilsyn for november."})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heading, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert heading[:5] == ["Tidspunkt", "Medarbejder", "Myndighed", "Hændelse", "Sager"]
    assert [line[1:6] for line in lines] == [
        ["Sekretariatets medarbejder", "Sekretariatet", "Så en side i sagen", reference_of(play), "Person"]
    ]
    (event,) = events("oversight.log-exported")
    assert event.codes == {"type": "laest", "events": 1}
    assert event.matter_ids == [play.matter_id]
    act_as(officers["dpo"].id)
    assert "Tilsyn for november." in text_of(officer.post(reverse("oversight:reason", args=[event.id])))


@pytest.mark.parametrize("cell", ["=1+1", "+45", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "=HYPERLINK(1)", "\n=1"], ids=repr)
def test_no_cell_of_the_file_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_a_workers_name_can_be_no_formula_in_the_file(officer: Client, play: Play, officers: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(id=officers["sekretariat"].id).update(name='=cmd|" /C calc"!A0')
    see(officers["sekretariat"], play)
    answer = officer.post(reverse("oversight:export") + "?type=laest", {"reason": "Tilsyn."})
    (_heading, line) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert line[1] == '\'=cmd|" /C calc"!A0'


def test_pages_of_the_log_follow_one_another_without_gap_or_repetition(
    officer: Client, play: Play, officers: dict[str, Worker]
) -> None:
    see(officers["sekretariat"], play, number=PAGE * 2 + 3)
    address: str | None = reverse("oversight:log") + "?type=laest"
    met: list[str] = []
    for expected in (PAGE, PAGE, 3):
        assert address is not None
        content = officer.get(address).content.decode()
        shown = re.findall(r'<time datetime="([^"]+)">', content)
        assert len(shown) == expected
        met += shown
        following = re.search(r'class="app-pages__link" href="([^"]+)" rel="next"', content)
        address = html.unescape(following[1]) if following else None
    assert address is None
    assert met == sorted(met, reverse=True)
    back = re.search(r'href="([^"]+)" rel="prev"', content)
    assert back
    assert len(re.findall(r"<time ", officer.get(html.unescape(back[1])).content.decode())) == PAGE


def test_more_events_ask_no_more_queries(officer: Client, play: Play, officers: dict[str, Worker]) -> None:
    addresses = [
        reverse("oversight:overview"),
        reverse("oversight:log"),
        reverse("oversight:matter", args=[reference_of(play)]),
        reverse("oversight:accesses"),
    ]

    def numbers() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert officer.get(address).status_code == 200
            found.append(len(captured))
        return found

    numbers()
    before = numbers()
    see(officers["vink"], play, number=30, records=[play.person("son")], codes={"tab": "items"})
    see(officers["sekretariat"], play, number=5)
    assert numbers() == before
