"""Inbox, board, case list and search: what each shows to whom, and that pages lose and double nothing."""

from __future__ import annotations

import datetime
import html
import re
import uuid
from collections.abc import Iterator

import pytest
from conftest import as_owner
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.audit.models import Event
from forebyg.cases.actions import assessing, triage
from forebyg.cases.inbox import CLOCK_WORK, InboxFilters, inbox_page, tiles
from forebyg.cases.lists import STEP_WORK, CaseFilters, Sort, case_page
from forebyg.cases.models import Clock, Task
from forebyg.cases.paging import PAGE
from forebyg.cases.queries import running_clocks
from forebyg.cases.search import find
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person
from forebyg.cases.tests.many_cases import make_cases
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db

INBOX, BOARD, CASES, SEARCH = "/indbakke/", "/tavle/", "/sager/", "/sager/soeg/"
CPR = "0101709999"
NAME = "Opdigtet Navn"


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case at step 2, whose subject has a name and a CPR number."""
    son = a_person("Søn", name=NAME, cpr=CPR, born_on="1970-01-01", stated_age="adult")
    play = Play(cast, {"son": son, "father": a_person("Far", is_guardian=True)})
    play.receive()
    return play


def reference_of(play: Play) -> str:
    return play.case().matter.reference


def start_triage(play: Play, severity: str = "high") -> Clock:
    """VINK finds that local action is needed; the clock runs."""
    for kind, value in (("severity", severity), ("local-action", "yes")):
        acting = play.by()
        assessing.qualify(**acting, kind=kind, value=value, reason="Det viser oplysningerne.", happened_at=acting["now"])
    worker, _ = play.become("vink")
    (clock,) = running_clocks(worker, play.case(), Clock.Rule.TRIAGE)
    return clock


def answer(client: Client, worker: Worker, address: str, **query: str) -> HttpResponse:
    client.force_login(worker)
    return client.get(address, query)


def main_part(response: HttpResponse) -> str:
    written = response.content.decode()
    return written[written.index("<main") : written.index("</main>")]


def lines(response: HttpResponse) -> list[str]:
    """The lines of the list, as a person reads them."""
    body = re.search(r"<tbody>(.*)</tbody>", main_part(response), re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", body[1], re.DOTALL) if body else []
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def references(response: HttpResponse) -> list[str]:
    return [re.search(r"\b\d{4}-\d{4,}\b", line)[0] for line in lines(response)]  # type: ignore[index]


def show(client: Client, worker: Worker, address: str, **query: str) -> list[str]:
    response = answer(client, worker, address, **query)
    assert response.status_code == 200
    return lines(response)


def tile_counts(response: HttpResponse) -> dict[str, str]:
    shown = re.findall(r'href="[^"]*frist=(\w+)".*?app-tile__value">([^<]+)<', main_part(response), re.DOTALL)
    return dict(shown)


def events(action: str) -> list[Event]:
    with as_owner():
        return list(Event.objects.filter(action=action).order_by("at", "id"))


# The inbox


@pytest.mark.req("B-012", part="the inbox, sorted")
def test_the_work_of_a_step_waits_with_its_case_step_and_agency(client: Client, play: Play) -> None:
    (line,) = show(client, play.become("vink")[0], INBOX)
    for part in (reference_of(play), str(STEP_WORK[Step.RECEIVED]), "2 · Modtagelse", "Ingen frist", "VINK"):
        assert part in line
    play.bring()
    (line,) = show(client, play.become("vink")[0], INBOX)
    assert str(STEP_WORK[Step.DISCUSSION]) in line and str(STEP_WORK[Step.RECEIVED]) not in line


@pytest.mark.req("R-217", part="reading the lists")
@pytest.mark.parametrize(("address", "action"), [(INBOX, "inbox.seen"), (CASES, "cases.listed")])
def test_a_list_is_one_event_with_every_matter_on_it(client: Client, play: Play, address: str, action: str) -> None:
    other = Play(play.cast)
    other.receive()
    play.pass_time(minutes=1)
    show(client, play.become("vink")[0], address)
    (event,) = events(action)
    assert set(event.matter_ids) == {play.matter_id, other.matter_id}
    assert event.worker_id == play.cast["vink"].id and event.codes == {}


def test_no_line_holds_anything_about_a_person(client: Client, play: Play) -> None:
    start_triage(play)
    for address in (INBOX, CASES):
        page = main_part(answer(client, play.become("vink")[0], address))
        assert reference_of(play) in page
        for word in (NAME, CPR, CPR[:6], "Søn", "Far", "Det viser"):
            assert word not in page


def test_a_triage_clock_and_the_work_of_the_step_are_one_line(client: Client, play: Play) -> None:
    start_triage(play, "high")
    (line,) = show(client, play.become("vink")[0], INBOX)
    assert str(STEP_WORK[Step.RECEIVED]) in line
    assert "23 t 59 min tilbage" in line and "Visitation, 24-timersfrist" in line and "Haster" in line


def test_another_agency_sees_the_triage_clock_when_the_turn_is_its_own(client: Client, play: Play) -> None:
    start_triage(play, "low")
    play.admit("sekretariat", "dks")
    mine = show(client, play.become("sekretariat")[0], INBOX)
    assert [line for line in mine if "Visitation" in line] == []
    play.bring()
    mine = show(client, play.become("sekretariat")[0], INBOX)
    assert any(str(STEP_WORK[Step.DISCUSSION]) in line and "Visitation, 72-timersfrist" in line for line in mine)
    ours = show(client, play.become("vink")[0], INBOX)
    assert [str(CLOCK_WORK[Clock.Rule.TRIAGE]) in line for line in ours] == [True]
    assert not any("Visitation" in line for line in show(client, play.become("dks")[0], INBOX))


def test_the_next_deadline_is_on_top_and_what_has_none_comes_last(client: Client, play: Play) -> None:
    start_triage(play, "low")
    urgent = Play(play.cast)
    urgent.receive()
    start_triage(urgent, "high")
    waiting = Play(play.cast)
    waiting.receive()
    play.pass_time(minutes=2)
    shown = references(answer(client, play.become("vink")[0], INBOX))
    assert shown == [reference_of(one) for one in (urgent, play, waiting)]


@pytest.mark.req("B-027", part="counts of the inbox")
def test_each_tile_leads_to_as_many_lines_as_it_counts(client: Client, play: Play) -> None:
    start_triage(play, "high")
    paused, slow = Play(play.cast), Play(play.cast)
    for one in (paused, slow):
        one.receive()
        start_triage(one, "low")
    clock = running_clocks(paused.become("vink")[0], paused.case())[0]
    triage.pause_clock(**paused.by(), clock=clock.root, reason="Vi venter på svar fra skolen.")

    for hours, expected in ((1, ("0", "1", "2", "1")), (30, ("1", "0", "1", "1")), (100, ("2", "0", "0", "1"))):
        play.elapsed = datetime.timedelta(hours=hours)
        worker, _ = play.become("vink")
        counts = tile_counts(answer(client, worker, INBOX))
        assert counts == dict(zip(("overskredet", "24", "72", "bero"), expected, strict=True))
        for due, number in counts.items():
            assert len(show(client, worker, INBOX, frist=due)) == int(number)

    colleague, _ = play.become("vink-kollega")
    theirs = answer(client, colleague, INBOX, vis="myndighed")
    assert set(tile_counts(theirs).values()) == {"0"}, "of the same agency, but without a grant"
    assert lines(theirs) == []


def test_an_overdue_clock_says_so_until_it_is_explained(client: Client, play: Play) -> None:
    clock = start_triage(play, "high")
    play.pass_time(hours=30)
    (line,) = show(client, play.become("vink")[0], INBOX, frist="overskredet")
    assert "over" in line and "Fristen er overskredet: handl eller begrund" in line
    triage.explain_breach(**play.by(), clock=clock.root, reason="Familien var bortrejst.")
    (line,) = show(client, play.become("vink")[0], INBOX, frist="overskredet")
    assert "Overskredet, begrundet" in line and "handl eller begrund" not in line


def test_a_clock_that_stands_still_says_since_when(client: Client, play: Play) -> None:
    clock = start_triage(play)
    triage.pause_clock(**play.by(), clock=clock.root, reason="Vi venter på svar fra skolen.")
    (line,) = show(client, play.become("vink")[0], INBOX, frist="bero")
    assert "Uret er standset" in line and "I bero siden" in line
    assert show(client, play.cast["vink"], INBOX, frist="24") == []


def test_what_a_colleague_has_taken_on_stands_under_the_whole_agency(client: Client, play: Play) -> None:
    play.grant("vink-kollega")
    worker, _ = play.become("vink")
    Task.objects.filter(matter=play.matter_id, done_at=None).update(worker=play.cast["vink-kollega"])
    assert show(client, worker, INBOX) == []
    (line,) = show(client, worker, INBOX, vis="myndighed")
    assert play.cast["vink-kollega"].name in line
    colleague, _ = play.become("vink-kollega")
    (line,) = show(client, colleague, INBOX)
    assert "Dig" in line


@pytest.mark.req("R-209", part="the lists")
def test_a_mentor_sees_what_waits_for_her_own_participant_only(client: Client, play: Play) -> None:
    start_triage(play)
    for key, person in (("mentor", "son"), ("mentor-to", "father")):
        play.grant(key, participant=play.person(person))
        worker, now = play.become(key)
        Task(
            matter_id=play.matter_id,
            owner_id=worker.agency_id,
            assigned_to_id=worker.agency_id,
            author=worker,
            kind=Task.Kind.DO,
            about=[play.person(person)],
            text=f"Ring til {NAME}",
            happened_at=now,
            recorded_at=now,
            due_at=now + datetime.timedelta(hours=5 if key == "mentor" else 50),
        ).save(force_insert=True)
    for key, hours in (("mentor", "4 t 59 min"), ("mentor-to", "2 dage 1 t")):
        response = answer(client, play.become(key)[0], INBOX, vis="myndighed")
        (line,) = lines(response)
        assert f"{hours} tilbage" in line and NAME not in line
        assert sum(int(count) for due, count in tile_counts(response).items() if due in ("overskredet", "72", "bero")) == 1
        assert references(answer(client, play.cast[key], CASES)) == [reference_of(play)]


# Who gets what


@pytest.mark.parametrize("key", ["politiker", "administrator", "dpo", "rapport"])
def test_one_without_cases_has_no_lists(client: Client, play: Play, key: str) -> None:
    client.force_login(play.cast[key])
    assert [client.get(address).status_code for address in (INBOX, BOARD, CASES)] == [403] * 3
    assert client.post(SEARCH, {"q": reference_of(play)}).status_code == 403


def test_the_board_is_the_secretariats(client: Client, play: Play) -> None:
    for key in ("vink", "mentor", "dks"):
        assert answer(client, play.become(key)[0], BOARD).status_code == 403
    assert answer(client, play.become("sekretariat")[0], BOARD).status_code == 200


def test_one_without_a_grant_gets_lists_that_say_what_to_do(client: Client, play: Play) -> None:
    for key in ("kriminalforsorg", "dks", "mentor"):
        for address in (INBOX, CASES):
            response = answer(client, play.become(key)[0], address)
            assert response.status_code == 200 and lines(response) == []
            assert 'class="app-empty"' in main_part(response) and reference_of(play) not in main_part(response)


@pytest.mark.req("R-216", part="the lists")
@pytest.mark.parametrize("key", ["vink-kollega", "dks", "mentor"])
def test_the_application_asks_for_reach_also_where_the_database_would_not(play: Play, key: str) -> None:
    start_triage(play)
    reference = reference_of(play)
    worker, now = play.become(key)
    everything = InboxFilters(whole_agency=True)
    with as_owner():  # for whom no policy counts
        assert Clock.objects.filter(matter=play.matter_id).exists()
        assert inbox_page(worker, everything, now=now)[0] == []
        assert {str(tile.amount) for tile in tiles(worker, everything, now=now)} == {"0"}
        for sort in Sort.values:
            assert case_page(worker, CaseFilters(sort=sort), now=now)[0] == []
        assert [find(worker, term).cases for term in (reference, CPR)] == [[], []]


# The board


@pytest.mark.req("R-213")
def test_the_board_shows_the_frame_of_every_open_case_and_opens_only_ones_own(client: Client, play: Play) -> None:
    start_triage(play, "low")
    known = Play(play.cast)
    known.receive()
    known.admit("sekretariat")
    closed = Play(play.cast).to(Step.FIRST_ASSESSMENT)
    closed.assess("first", "dismissed")
    assert closed.step == Step.ENDED
    play.pass_time(minutes=2)

    links = {one: reverse("cases:case", args=[reference_of(one)]) for one in (play, known)}
    response = answer(client, play.become("sekretariat")[0], BOARD)
    page = main_part(response)
    assert sorted(references(response)) == sorted(reference_of(one) for one in (play, known))
    assert links[known] in page and links[play] not in page
    line = next(line for line in lines(response) if reference_of(play) in line)
    assert "2 · Modtagelse" in line and "VINK" in line and "tilbage" in line and "siden" in line
    for word in (NAME, CPR, "Søn"):
        assert word not in page
    assert "2 · Modtagelse (2)" in page and "4 · Første vurdering (0)" in page
    (event,) = events("board.seen")
    assert set(event.matter_ids) == {play.matter_id, known.matter_id}


@pytest.mark.req("R-038", part="open cases by step and deadline")
def test_the_board_is_narrowed_by_step_and_by_triage_clock(client: Client, play: Play) -> None:
    start_triage(play, "low")
    other = Play(play.cast).to(Step.DISCUSSION)
    play.pass_time(minutes=2)
    secretariat, _ = play.become("sekretariat")
    shown = {query: show(client, secretariat, BOARD, **dict([query])) for query in _BOARD_QUERIES}
    first, second = reference_of(play), reference_of(other)
    for query, expected in _BOARD_QUERIES.items():
        wanted = {"first": [first], "second": [second], "both": [first, second], "none": []}[expected]
        assert [next(one for one in (first, second) if one in line) for line in shown[query]] == wanted, query


_BOARD_QUERIES = {
    ("sort", "frist"): "both",
    ("trin", "2"): "first",
    ("trin", "3"): "second",
    ("trin", "9"): "none",
    ("frist", "72"): "first",
    ("frist", "ingen"): "second",
    ("frist", "overskredet"): "none",
    ("frist", "bero"): "none",
}


# The case list


def test_the_case_list_is_narrowed_by_each_filter(client: Client, play: Play) -> None:
    start_triage(play, "high")
    asked = Play(play.cast).to(Step.DISCUSSION)
    asked.admit("sekretariat")
    ended = Play(play.cast).to(Step.FIRST_ASSESSMENT)
    ended.assess("first", "dismissed")
    play.pass_time(minutes=2)
    names = {reference_of(one): name for name, one in (("play", play), ("asked", asked), ("ended", ended))}
    vink, _ = play.become("vink")
    expected: list[tuple[dict[str, str], set[str]]] = [
        ({}, {"play", "asked"}),
        ({"trin": "2"}, {"play"}),
        ({"trin": "3"}, {"asked"}),
        ({"tilstand": "afsluttede"}, {"ended"}),
        ({"tilstand": "alle"}, {"play", "asked", "ended"}),
        ({"frist": "24"}, {"play"}),
        ({"frist": "overskredet"}, set()),
        ({"frist": "ingen"}, {"asked"}),
        ({"frist": "bero"}, set()),
        ({"tur": "vores"}, {"play", "asked"}),
        ({"sort": "frist"}, {"play", "asked"}),
        ({"sort": "frist", "tilstand": "alle"}, {"play", "asked", "ended"}),
        ({"leder": str(vink.agency_id)}, {"play", "asked"}),
        ({"leder": str(play.agency("dks"))}, set()),
        ({"trin": "3", "frist": "24"}, set()),
    ]
    for query, wanted in expected:
        response = answer(client, vink, CASES, **query)
        assert {names[one] for one in references(response)} == wanted, query
    assert [names[one] for one in references(answer(client, vink, CASES, sort="frist"))] == ["play", "asked"]


def test_a_filter_is_a_chip_that_takes_itself_away(client: Client, play: Play) -> None:
    page = main_part(answer(client, play.become("vink")[0], CASES, trin="2", frist="ingen", sort="frist"))
    chips = re.findall(r'<a class="tag tag-icon" href="([^"]+)">([^<]+)', page)
    found = {html.unescape(label).strip(): html.unescape(url) for url, label in chips}
    assert found == {
        "Frist: Ingen frist": "/sager/?trin=2&sort=frist",
        "2 · Modtagelse": "/sager/?frist=ingen&sort=frist",
    }


def test_the_list_shows_the_next_of_several_deadlines_once(client: Client, play: Play) -> None:
    start_triage(play, "high")
    with as_owner():
        clock = Clock.objects.get(matter=play.matter_id)
        clock.pk = clock.root = uuid.uuid4()
        clock.rule, clock.due_at = Clock.Rule.RE_OFFER, clock.due_at + datetime.timedelta(days=90)
        act_as(play.cast["vink"].id)
        clock.save(force_insert=True)
    vink, _ = play.become("vink")
    for sort in ("frist", "seneste"):
        (line,) = show(client, vink, CASES, sort=sort)
        assert "23 t 59 min tilbage" in line
    assert len(show(client, vink, INBOX)) == 2


BROKEN = [
    {"trin": "99"},
    {"trin": "-1"},
    {"trin": "²"},
    {"trin": "x" * 10_000},
    {"frist": "i går"},
    {"tilstand": "'; --"},
    {"leder": "ikke-et-id"},
    {"leder": str(uuid.UUID(int=1))},
    {"sort": "navn"},
    {"vis": "alt"},
    {"efter": "x"},
    {"efter": "0"},
    {"efter": "9~~"},
    {"efter": "0~2026-99-99~x"},
    {"efter": "0~2026-01-01T00:00:00~" + str(uuid.UUID(int=1))},
    {"efter": "0~2026-01-01~" + str(uuid.UUID(int=1))},
    {"efter": "0~" + "9" * 9_000},
    {"foer": "0~\x00~\x00"},
    {"foer": "²~1"},
    {"efter": "0~" + "9" * 40 + "~2026-01-01T00:00:00+00:00~" + str(uuid.UUID(int=1))},
]


@pytest.mark.parametrize("query", BROKEN, ids=lambda query: next(iter(query)) + " " + next(iter(query.values()))[:12])
def test_an_address_that_cannot_be_read_shows_the_list_without_it(client: Client, play: Play, query: dict[str, str]) -> None:
    play.admit("sekretariat")
    for key, address in (("vink", INBOX), ("vink", CASES), ("sekretariat", BOARD)):
        response = answer(client, play.become(key)[0], address, **query)
        assert response.status_code == 200
        assert references(response) == [reference_of(play)]


# Pages


def _cursor(response: HttpResponse, rel: str) -> str | None:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', main_part(response))
    return html.unescape(found[1]) if found else None


def _walk(client: Client, address: str, rel: str) -> Iterator[HttpResponse]:
    turned: str | None = address
    for _ in range(20):
        response = client.get(turned)
        yield response
        turned = _cursor(response, rel)
        if turned is None:
            return
    pytest.fail("the pages have no end")


@pytest.mark.parametrize(
    ("key", "address", "number"),
    [
        ("vink", CASES, 60),
        ("vink", f"{CASES}?sort=frist", 60),
        ("vink", f"{CASES}?frist=ingen", 0),
        ("vink", INBOX, None),
        ("sekretariat", BOARD, 60),
        ("sekretariat", f"{BOARD}?sort=frist", 60),
    ],
)
@pytest.mark.parametrize("equal", [False, True], ids=["as made", "all keys equal"])
def test_pages_lose_and_double_no_line(
    client: Client, cast: dict[str, Worker], key: str, address: str, number: int | None, equal: bool
) -> None:
    make_cases(cast["vink"], cast["dks"], first=1, last=60)
    if equal:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET moved_at = '2026-01-01', step = 4")
            cursor.execute("UPDATE cases_clock SET due_at = happened_at + interval '400 days' - (happened_at - '2026-01-01')")
            cursor.execute("UPDATE cases_task SET due_at = '2027-01-01' WHERE due_at IS NOT NULL")
    client.force_login(cast[key])
    forward = list(_walk(client, address, "next"))
    shown = [line for page in forward for line in lines(page)]
    assert [len(lines(page)) for page in forward[:-1]] == [PAGE] * (len(forward) - 1)
    seen = [one for page in forward for one in references(page)]
    if number is not None:
        assert len(seen) == len(set(seen)) == number
    else:
        waiting = {part for page in forward for part in _waiting(page)}
        assert len(waiting) == len(shown) == _waits_for(cast["vink"])
    back = list(_walk(client, _cursor(forward[-1], "prev") or address, "prev"))
    assert [references(page) for page in back] == [references(page) for page in forward[-2::-1]] or len(forward) == 1


def _waiting(page: HttpResponse) -> list[tuple[str, str]]:
    return [(reference, work) for reference, work in zip(references(page), map(_work, lines(page)), strict=True)]


def _work(line: str) -> str:
    kinds = ("Opgave ", str(CLOCK_WORK[Clock.Rule.RE_OFFER]))
    return next((kind for kind in kinds if kind in line), "visitation")


def _waits_for(worker: Worker) -> int:
    """What waits, counted plainly: own clocks, others' triage clocks with our turn, and tasks that no clock tells of."""
    with as_owner():
        ours = set(
            Task.objects.filter(assigned_to=worker.agency_id, kind="step", done_at=None).values_list("matter_id", flat=True)
        )
        clocks = Clock.objects.filter(stopped_at=None)
        own = clocks.filter(owner=worker.agency_id).count()
        turn = clocks.exclude(owner=worker.agency_id).filter(rule="triage", matter__in=ours).count()
        return own + turn + Task.objects.filter(assigned_to=worker.agency_id, kind="do", done_at=None).count()


@pytest.mark.parametrize("address", [INBOX, CASES, f"{CASES}?sort=frist"])
def test_a_page_asks_as_much_for_5_cases_as_for_90(client: Client, cast: dict[str, Worker], address: str) -> None:
    client.force_login(cast["vink"])
    client.get(address)  # the first request of a session writes it
    asked = []
    for first, last in ((1, 30), (31, 90)):
        make_cases(cast["vink"], cast["dks"], first=first, last=last)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 20


# The search


def search(client: Client, play: Play, key: str, term: str) -> HttpResponse:
    worker, _ = play.become(key)
    client.force_login(worker)
    return client.post(SEARCH, {"q": term})


def test_a_reference_leads_to_the_case(client: Client, play: Play) -> None:
    reference = reference_of(play)
    response = search(client, play, "vink", f" {reference} ")
    assert response.status_code == 302 and response["Location"] == f"/sager/{reference}/"


@pytest.mark.parametrize("written", [CPR, f"{CPR[:6]}-{CPR[6:]}", f" {CPR[:6]} {CPR[6:]} "])
def test_a_cpr_number_gives_the_cases_and_stands_in_no_answer(client: Client, play: Play, written: str) -> None:
    reference = reference_of(play)
    response = search(client, play, "vink", written)
    assert response.status_code == 200 and references(response) == [reference]
    assert CPR[6:] not in response.content.decode() and NAME not in response.content.decode()


@pytest.mark.req("B-027", part="search")
def test_what_is_hidden_and_what_is_missing_look_the_same(client: Client, play: Play) -> None:
    reference = reference_of(play)
    play.admit("sof")
    answers = [
        main_part(search(client, play, key, term))
        for key, term in (
            ("dks", reference),
            ("dks", CPR),
            ("sof", f"{CPR[:6]}-{CPR[6:]}"),  # admitted, but the person is not disclosed
            ("dks", "1999-0001"),
            ("dks", "0202709999"),
            ("dks", NAME),
            ("dks", ""),
            ("dks", "x" * 10_000),
            ("dks", "\x00"),
        )
    ]
    plain = {re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page) for page in answers}
    assert len(plain) == 1 and "Ingen sag fundet" in plain.pop()


def test_the_ledger_holds_a_keyed_hash_of_what_was_searched_for(client: Client, play: Play) -> None:
    for key, term in (("vink", CPR), ("vink", f"{CPR[:6]}-{CPR[6:]}"), ("dks", CPR), ("vink", reference_of(play))):
        search(client, play, key, term)
    first, again, other, reference = events("cases.searched")
    assert first.codes == again.codes == other.codes != reference.codes
    assert re.fullmatch("[0-9a-f]{64}", first.codes["term"])
    assert first.matter_ids == reference.matter_ids == [play.matter_id] and other.matter_ids == []


def test_a_search_is_sent_and_never_an_address(client: Client, play: Play) -> None:
    client.force_login(play.become("vink")[0])
    assert client.get(SEARCH, {"q": "x"}).status_code == 405
    assert 'method="post" action="/sager/soeg/"' in main_part(client.get(CASES))
