"""The worker's own desk: the inbox by deadline, saved views of the case list, and mails with the numbers (B-012)."""

from __future__ import annotations

import datetime
import re

import pytest
from conftest import as_owner
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from forebyg.access.models import Worker
from forebyg.access.tests.rows import refused as refused_by_postgresql
from forebyg.access.tests.rows import rows, session_of
from forebyg.cases import jobs, rules
from forebyg.cases.actions import assessing, noting, triage
from forebyg.cases.digests import choose_digest, mail_digest, rhythm_of
from forebyg.cases.inbox import InboxFilters, tiles
from forebyg.cases.lists import CaseFilters
from forebyg.cases.models import Digest, SavedView
from forebyg.cases.saved_views import LONGEST_NAME, MOST, NameTaken, TooManyViews, drop_view, save_view, views_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.store.identity import act_as
from forebyg.store.roles import WORKER

CASES, INBOX, SAVE, ACCOUNT = "/sager/", "/indbakke/", "/visninger/gem/", "/konto/"
NAME = "Det, der haster"
FILTERS = {"trin": "2", "sort": "frist"}
SAID = InboxFilters()


def _start_triage(play: Play, severity: str) -> None:
    for kind, value in (("severity", severity), ("local-action", "yes")):
        assessing.qualify(**play.by(), kind=kind, value=value, reason="Handling haster.")


def _main(page: bytes) -> str:
    text = page.decode()
    return text[text.index("<main") :]


def _choose(play: Play, key: str, rhythm: str, language: str = "da") -> None:
    worker, now = play.become(key)
    choose_digest(worker=worker, rhythm=rhythm, language=language, now=now)


def _run_digests() -> int:
    """The job as its role, and then each mail it handed over."""
    with as_owner():
        ProcrastinateJob.objects.filter(task_name="cases.send_digest").update(status="succeeded")
    with session_of(WORKER):
        handed_over = jobs.send_digests(0)
    with as_owner():
        waiting = list(ProcrastinateJob.objects.filter(task_name="cases.send_digest", status="todo").order_by("id"))
    assert len(waiting) == handed_over
    for job in waiting:
        with session_of(WORKER):
            jobs.send_digest(**job.args)
    return handed_over


def _on_a(weekday: int, play: Play, hour: int = 9) -> None:
    """Go on to the next such day of the week (Monday is 0), in the morning."""
    today = timezone.localtime(play.now)
    day = (today + datetime.timedelta(days=(weekday - today.weekday()) % 7 or 7)).replace(hour=hour, minute=0, second=0)
    play.pass_time(seconds=(day - play.now).total_seconds())


@pytest.mark.req("B-012")
def test_what_waits_is_found_by_deadline_by_saved_view_and_by_mail(cast: dict[str, Worker], client: Client) -> None:
    start = Play(cast)
    _on_a(0, start)
    late, soon, later = (Play(cast) for _ in range(3))
    for one, severity in ((late, "high"), (soon, "medium"), (later, "low")):
        one.elapsed = start.elapsed
        one.receive()
        _start_triage(one, severity)
    play = later
    play.pass_time(hours=25)
    worker, now = play.become("vink")
    references = {one: one.case().matter.reference for one in (late, soon, later)}

    # The inbox, across cases, the next deadline first.
    client.force_login(worker)
    page = _main(client.get(INBOX).content)
    assert [found for found in re.findall(r'class="app-case" href="/sager/([^/]+)/', page) if found in references.values()][
        :3
    ] == [*references.values()]

    # A view that is saved is found again over the list, and by nobody else.
    assert client.get(f"{CASES}?trin=2&sort=frist").content.decode().count(f"{SAVE}?trin=2&amp;sort=frist") == 1
    assert client.post(f"{SAVE}?trin=2&sort=frist", {"name": NAME}).headers["Location"] == f"{CASES}?trin=2&sort=frist"
    page = _main(client.get(f"{CASES}?trin=2&sort=frist").content)
    (link,) = [one for one in re.findall(r"<a [^>]*><span>[^<]*</span>", page) if NAME in one]
    assert 'href="/sager/?sort=frist&amp;trin=2"' in link and "aria-current" in link, "the view that is on screen"
    other = Client()
    other.force_login(cast["vink-kollega"])
    assert NAME not in other.get(CASES).content.decode()
    act_as(worker.id)
    (view,) = views_of(worker)
    assert other.post(reverse("cases:drop-view", args=[view.id])).status_code == 404
    assert client.post(reverse("cases:drop-view", args=[view.id])).status_code == 302
    assert NAME not in _main(client.get(CASES).content)

    # The mail tells the same numbers as the inbox, and nothing about anybody.
    assert reverse("cases:digest") in client.get(ACCOUNT).content.decode()
    assert client.post(reverse("cases:digest"), {"rhythm": "daily"}).status_code == 302
    assert _run_digests() == 1
    (sent,) = mail.outbox
    act_as(worker.id)
    numbers = {tile.due: str(tile.amount) for tile in tiles(worker, SAID, now=now)}
    assert f"{numbers['overskredet']} frist er overskredet." in sent.body and numbers["overskredet"] == "1"
    assert f"{numbers['72']} frister udløber inden for 72 timer." in sent.body and numbers["72"] == "2"
    assert sent.to == ["vink@forebyg.example"]
    assert INBOX in sent.body
    said = sent.subject + sent.body
    assert not any(word in said for word in (*references.values(), "Søn", "Far", worker.name, worker.agency.name))
    assert client.post(reverse("cases:digest"), {"rhythm": ""}).status_code == 302
    play.pass_time(days=1)
    assert _run_digests() == 0, "turned off"


# Saved views


def test_a_view_is_sealed_and_the_workers_own_also_to_postgresql(cast: dict[str, Worker]) -> None:
    act_as(cast["vink"].id)
    save_view(worker=cast["vink"], name=NAME, filters=CaseFilters.read(FILTERS), now=timezone.now())
    assert rows("SELECT count(*) FROM cases_savedview") == [(1,)]
    ((name, query),) = rows("SELECT name, query::text FROM cases_savedview")
    assert NAME.encode() not in bytes(name) and NAME not in query
    act_as(cast["vink-kollega"].id)
    assert rows("SELECT count(*) FROM cases_savedview") == [(0,)]
    with refused(NotVisible):
        drop_view(worker=cast["vink-kollega"], view_id=SavedView().id, now=timezone.now())
    with refused_by_postgresql(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_savedview (id, worker_id, name, query, saved_at) VALUES (gen_random_uuid(), %s, '', '{}', store.now())",
            [cast["vink"].id],
        )


def test_there_is_room_for_ten_views_each_with_a_name_of_its_own(cast: dict[str, Worker]) -> None:
    worker, now = cast["vink"], timezone.now()
    act_as(worker.id)
    filters, others = CaseFilters.read(FILTERS), CaseFilters.read({"trin": "3"})
    for number in range(MOST):
        save_view(worker=worker, name=f"Visning {number}", filters=filters, now=now)
    with refused(rules.AlreadyDone):
        save_view(worker=worker, name="Visning 1", filters=filters, now=now)
    with refused(NameTaken):
        save_view(worker=worker, name=" Visning 1 ", filters=others, now=now)
    with refused(TooManyViews):
        save_view(worker=worker, name="En til", filters=others, now=now)
    assert [one.name for one in views_of(worker)] == [f"Visning {number}" for number in range(MOST)]


def test_a_name_that_is_missing_or_too_long_is_said_on_the_form(cast: dict[str, Worker], client: Client) -> None:
    client.force_login(cast["vink"])
    for name in ("", "   ", "x" * (LONGEST_NAME + 1)):
        answer = client.post(f"{SAVE}?trin=2", {"name": name})
        assert answer.status_code == 422 and "Visningens navn" in answer.content.decode()
    assert views_of(cast["vink"]) == []
    act_as(cast["vink"].id)
    with refused(rules.TextTooLong):
        save_view(worker=cast["vink"], name="x" * (LONGEST_NAME + 1), filters=CaseFilters(), now=timezone.now())


def test_what_is_no_filter_is_not_saved(cast: dict[str, Worker], client: Client) -> None:
    client.force_login(cast["vink"])
    assert client.post(f"{SAVE}?trin=99&q=010203-1234&tur=vores", {"name": NAME}).status_code == 302
    act_as(cast["vink"].id)
    assert [one.query for one in views_of(cast["vink"])] == [{"tur": "vores"}]


# Mails


@pytest.mark.parametrize("key", ["vink", "vink-kollega", "sof", "mentor", "dks", "sekretariat"])
def test_the_mail_counts_what_the_inbox_of_that_worker_shows(cast: dict[str, Worker], key: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    _on_a(1, play)
    play.admit("sof", "dks", "sekretariat")
    play.grant("mentor", participant=play.person("son"))
    _start_triage(play, "medium")
    for hours in (2, 100):
        acting = play.by("sof")
        due = acting["now"] + datetime.timedelta(hours=hours)
        noting.add_task(**acting, assigned_to=cast["sof"].agency, text="Ring til skolen.", due_at=due)
    play.pass_time(hours=3)
    other = Play(cast)
    other.elapsed = play.elapsed
    other.receive()
    _start_triage(other, "high")
    other.grant("vink-kollega")
    clock = other.case().matter_id
    other.pass_time(hours=1)
    triage.pause_clock(
        **other.by(), clock=rows("SELECT root FROM cases_clock WHERE matter_id = %s", clock)[0][0], reason="Ferie."
    )
    worker, now = other.become(key)
    shown = {tile.due: tile.amount.number for tile in tiles(worker, SAID, now=now)}
    _choose(other, key, "daily")
    with session_of(WORKER):
        ((_who, _language, overdue, soon),) = rows("SELECT * FROM cases_take_digests()")
    assert (overdue, soon) == (shown["overskredet"], shown["72"])


def test_each_comes_in_its_rhythm_and_once(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _on_a(0, play)
    play.receive()
    _start_triage(play, "high")
    play.grant("vink-kollega")
    _choose(play, "vink", "daily")
    _choose(play, "vink-kollega", "weekly")
    sent = []
    for _day in range(8):
        sent.append((_run_digests(), _run_digests()))
        play.pass_time(days=1)
    assert sent == [(2, 0), (1, 0), (1, 0), (1, 0), (1, 0), (0, 0), (0, 0), (2, 0)]
    _choose(play, "vink", "weekly")
    assert rhythm_of(play.become("vink")[0]) == "weekly"
    assert _run_digests() == 0, "who chooses anew gets none twice"


def test_where_nothing_waits_or_the_account_is_closed_no_mail_is_sent(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _on_a(0, play)
    _choose(play, "dks", "daily")
    assert _run_digests() == 0
    play.receive()
    _start_triage(play, "high")
    _choose(play, "vink", "daily")
    with as_owner():
        Worker.objects.filter(id=cast["vink"].id).update(is_active=False)
    assert _run_digests() == 0 and mail.outbox == []


@pytest.mark.req("R-220", part="no personal data in mails about the own inbox")
@pytest.mark.parametrize(("language", "word"), [("da", "3 frister er overskredet."), ("en", "3 deadlines have passed.")])
def test_the_mail_is_in_the_workers_language(language: str, word: str) -> None:
    mail_digest("nogen@example.dk", overdue=3, soon=1, language=language)
    (sent,) = mail.outbox
    assert word in sent.body and "/indbakke/" in sent.body


def test_what_one_has_chosen_is_ones_own(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    _choose(play, "vink", "daily")
    act_as(cast["dks"].id)
    assert rows("SELECT count(*) FROM cases_digest") == [(0,)]
    with refused_by_postgresql(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO cases_digest (worker_id, rhythm, language) VALUES (%s, 'daily', 'da')", [cast["sof"].id])
    with refused_by_postgresql():
        rows("SELECT * FROM cases_take_digests()")
    with refused(NotPermitted):
        choose_digest(worker=cast["politiker"], rhythm="daily", language="da", now=play.now)
    with refused(rules.NotAChoice):
        choose_digest(worker=cast["dks"], rhythm="hourly", language="da", now=play.now)
    client.force_login(cast["dks"])
    assert client.post(reverse("cases:digest"), {"rhythm": "hourly"}).status_code == 422
    assert not Digest.objects.filter(worker=cast["dks"]).exists()
