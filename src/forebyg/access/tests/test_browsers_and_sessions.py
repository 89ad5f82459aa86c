"""Browsers not seen before, the list of one's sessions, and the mails about the own account."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from conftest import as_owner
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forebyg.access.browsers import cookie_name
from forebyg.access.jobs import send_notice
from forebyg.access.models import KnownBrowser, Worker
from forebyg.access.notices import Notice, mail_notice
from forebyg.access.tests.rows import session_of
from forebyg.access.tests.signing_in import actions, events, sign_in
from forebyg.store.identity import act_as, now
from forebyg.store.roles import WORKER

pytestmark = pytest.mark.usefixtures("password")


def notices() -> list[str]:
    with as_owner():
        jobs = ProcrastinateJob.objects.filter(task_name="access.send_notice").order_by("id")
        return [job["notice"] for job in jobs.values_list("args", flat=True)]


def sign_in_and_out(client: Client, key: str) -> None:
    sign_in(client, key)
    client.post("/konto/log-af/")


def was_new() -> list[bool]:
    return [event["codes"]["new_browser"] for event in events() if event["action"] == "signed-in"]


def test_a_browser_is_new_once_for_each_worker(client: Client) -> None:
    sign_in_and_out(client, "vink")
    sign_in_and_out(client, "vink")
    sign_in_and_out(client, "dks")
    sign_in_and_out(client, "vink")
    sign_in_and_out(Client(), "vink")
    assert was_new() == [True, False, True, False, True]
    assert notices() == ["new-browser"] * 3


def test_the_cookie_names_nobody_and_stays_with_sign_in(client: Client, cast: dict[str, Worker]) -> None:
    cookie = sign_in(client, "vink").cookies[cookie_name()]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/konto/", True, "Lax")
    assert str(cast["vink"].id) not in cookie.value
    assert "vink" not in cookie.value


def test_a_cookie_that_was_tampered_with_makes_nothing_known(client: Client) -> None:
    sign_in_and_out(client, "vink")
    value = client.cookies[cookie_name()].value
    client.cookies[cookie_name()] = value[:-1] + ("a" if value[-1] != "a" else "b")
    sign_in_and_out(client, "vink")
    assert was_new() == [True, True]


def test_ones_own_page_tells_of_a_new_browser_for_a_month(client: Client, cast: dict[str, Worker]) -> None:
    sign_in(client, "vink")
    assert "Logget på fra en ny browser" in client.get("/konto/").content.decode()
    with as_owner():
        KnownBrowser.objects.update(first_seen_at=now() - datetime.timedelta(days=31))
    assert "Logget på fra en ny browser" not in client.get("/konto/").content.decode()


@pytest.mark.req("R-220", part="no personal data in mails about the own account")
@pytest.mark.parametrize("notice", Notice, ids=lambda notice: notice.value)
@pytest.mark.parametrize(("language", "word"), [("da", "Var det dig selv"), ("en", "If it was you")])
def test_a_mail_names_nobody_and_holds_no_link(cast: dict[str, Worker], notice: Notice, language: str, word: str) -> None:
    mail_notice("nogen@example.dk", notice, language)
    (sent,) = mail.outbox
    said = sent.subject + sent.body
    if notice in (Notice.GLASS_BROKEN, Notice.GLASS_UNREVIEWED):  # not about the own account
        word = {"da": "Log ind i Forebyg", "en": "Sign in to Forebyg"}[language]
    if notice is Notice.ROLES_CHANGED:  # never one's own doing
        word = {"da": "kontakt jeres administrator", "en": "contact your administrator"}[language]
    if notice is Notice.ACCESS_ENDED:
        word = {"da": "tal med dem, der leder sagen", "en": "talk to those who lead the case"}[language]
    assert word in sent.body
    assert "http" not in said and "@" not in said and "192.0.2." not in said
    assert not any(worker.name in said or worker.email in said for worker in cast.values())
    assert sent.to == ["nogen@example.dk"]


def test_the_job_finds_the_address_itself_and_sends_nothing_to_a_closed_account(cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(pk=cast["dks"].pk).update(is_active=False)
    with session_of(WORKER):
        for key in ("vink", "dks", "systemet"):
            send_notice(worker_id=str(cast[key].id), notice="new-browser", language="da")
    assert [one.to for one in mail.outbox] == [["vink@forebyg.example"]]


def test_a_sign_in_that_fails_sends_no_mail(client: Client) -> None:
    sign_in(client, "vink", "wrong")
    assert notices() == []


# Sessions


@pytest.fixture
def two(client: Client, password: str) -> tuple[Client, Client]:
    """Two browsers of VINK's; the first has confirmed."""
    other = Client(headers={"user-agent": "Den anden"})
    sign_in(client, "vink")
    sign_in(other, "vink")
    client.post("/konto/bekraeft/", {"password": password, "next": "/"})
    return client, other


def sessions_of(worker: Worker) -> Any:
    with as_owner():
        return list(UserSession.objects.filter(user=worker).order_by("id"))


def test_the_list_shows_ones_own_sessions_and_marks_this_one(two: tuple[Client, Client]) -> None:
    sign_in(Client(headers={"user-agent": "En andens"}), "dks")
    page = two[0].get("/konto/steder/").content.decode()
    assert "Den anden" in page and page.count("Her og nu") == 1
    assert "En andens" not in page


def test_all_others_are_ended_at_once(two: tuple[Client, Client]) -> None:
    here, there = two
    assert here.post("/konto/steder/")["Location"] == "/konto/steder/"
    assert here.get("/indbakke/").status_code == 200
    assert there.get("/indbakke/").status_code == 302
    assert "sessions-ended" in actions()


def test_one_session_is_ended(two: tuple[Client, Client], cast: dict[str, Worker]) -> None:
    here, there = two
    other = sessions_of(cast["vink"])[-1]
    assert here.post(f"/konto/steder/{other.pk}/luk/")["Location"] == "/konto/steder/"
    assert there.get("/indbakke/").status_code == 302
    assert here.get("/indbakke/").status_code == 200


def test_ending_sessions_asks_again_who_it_is(two: tuple[Client, Client], cast: dict[str, Worker]) -> None:
    _, there = two
    first = sessions_of(cast["vink"])[0]
    for path in ("/konto/steder/", f"/konto/steder/{first.pk}/luk/"):
        assert there.post(path)["Location"] == "/konto/bekraeft/?next=%2Fkonto%2Fsteder%2F"
    assert len(sessions_of(cast["vink"])) == 2


def test_anothers_session_does_not_exist(two: tuple[Client, Client], cast: dict[str, Worker]) -> None:
    sign_in(theirs := Client(), "dks")
    (session,) = sessions_of(cast["dks"])
    assert two[0].post(f"/konto/steder/{session.pk}/luk/").status_code == 404
    assert theirs.get("/indbakke/").status_code == 200


def test_the_policies_keep_sessions_and_browsers_apart(two: tuple[Client, Client], cast: dict[str, Worker]) -> None:
    for key, number in (("vink", 2), ("dks", 0)):
        act_as(cast[key].id)
        assert (UserSession.objects.count(), KnownBrowser.objects.count()) == (number, number)
    act_as(None)
    assert (UserSession.objects.count(), KnownBrowser.objects.count()) == (0, 0)


def test_a_new_password_ends_the_other_sessions_and_is_told(two: tuple[Client, Client], password: str) -> None:
    here, there = two
    new = "fire-heste-i-en-ladcykel"
    here.post("/konto/adgangskode/", {"oldpassword": password, "password1": new, "password2": new})
    assert there.get("/indbakke/").status_code == 302
    assert here.get("/indbakke/").status_code == 200
    assert notices()[-1] == "password-changed"


def test_signing_in_begins_another_session(client: Client) -> None:
    client.get("/konto/log-paa/")
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    sign_in(client, "vink")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
