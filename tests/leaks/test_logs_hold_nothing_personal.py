"""A name, a CPR number, a telephone number, an address and a sentence are typed into every form that links lead to, rightly
and wrongly; into addresses; into a view that fails, a statement that the database refuses and a job that fails. Then they are
looked for wherever they would stay: log lines at their most talkative, stderr, mails, the arguments of jobs, the ledger, the
sessions, the cache and every other table, and the addresses, titles and headers that browsers keep.
"""

from __future__ import annotations

import contextlib
import io
import smtplib
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from pydantic import SecretStr
from tests.leaks.places import Rows, all_that_is_logged, owner_looks, present_transaction
from tests.leaks.typist import DEMO_PASSWORD, Form, Page, Typist
from tests.leaks.words import ADDRESS, NAME, TYPED, found_in

from forebyg.access import jobs
from forebyg.access.models import Worker
from forebyg.access.notices import Notice
from forebyg.cases.actions import noting
from forebyg.cases.acts import ACTS
from forebyg.cli.production import problems_of_settings
from forebyg.cli.scenarios.play import Played
from forebyg.config.installation import Installation
from forebyg.config.tests.test_production_settings import production
from forebyg.store.chunks import SealedFolder

WORKERS = ("vink", "dks", "sekretariat", "mentor", "administrator", "dpo", "politiker")


@dataclass
class Day:
    """All that was left behind."""

    log: str
    standard_error: str
    rows: list[tuple[str, str]]
    typist: Typist
    mails: list[str]
    failures: Counter[str]


@app.task(name="tests.leaks.fails")
def fails_with_a_name(matter: str) -> None:
    """A job that has read who it is about, and fails."""
    connection.close()
    raise ValueError(TYPED)


@app.task(name="tests.leaks.asks_wrongly")
def asks_wrongly_in_a_job(matter: str) -> None:
    """A job whose statement the database refuses, quoting it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [TYPED])
    finally:
        connection.close()


@pytest.fixture(scope="module")
def day(example: Played) -> Iterator[Day]:
    """Everything typed on one day, and what it left."""
    rows, kept = Rows(), []
    with owner_looks():
        Worker.objects.update(password=make_password(DEMO_PASSWORD))  # hashed the quick way of the tests
    with transaction.atomic():
        before = present_transaction()

    @contextlib.contextmanager
    def undone() -> Iterator[None]:
        with transaction.atomic():
            since = present_transaction()
            yield
            kept.extend(rows.written_since(since))
            transaction.set_rollback(True)

    typist, failures = Typist(undone), Counter[str]()
    standard_error = io.StringIO()
    with all_that_is_logged() as log, contextlib.redirect_stderr(standard_error), contextlib.redirect_stdout(standard_error):
        _type_what_stays(typist, example)
        for key in WORKERS:
            typist.go_through(typist.sit_down(key))
        typist.go_through(_nobody(), reverse("account_login"))
        _type_into_addresses(typist)
        _fail_in_a_view(typist, example, failures)
        _fail_in_jobs(failures)
        kept.extend(rows.written_since(before))
    sent = [f"{one.subject} {one.body}" for one in getattr(mail, "outbox", [])]
    yield Day(log.getvalue(), standard_error.getvalue(), kept, typist, sent, failures)


def _type_what_stays(typist: Typist, example: Played) -> None:
    """A person, an item and a document that stay, so that pages show them from here on."""
    client = typist.sit_down("vink")
    for slug in ("person", "oplysning", "dokument"):
        address = reverse(f"cases:act-{slug}", args=[_reference(example)])
        answer = client.post(address, _the_form(client, address).as_meant())
        assert answer.status_code == 302, (slug, answer.content.decode().partition("error-summary-heading")[2][:1500])

    listed = client.get(reverse("cases:items", args=[_reference(example)])).content.decode()
    for page in {link for link in Page(listed, "").links if "/dokumenter/" in link}:
        typist.look("cases:document-download", client.get(f"{page}hent/"))


def _the_form(client: Client, address: str) -> Form:
    """The page's own form, which is sent to the page itself."""
    return next(form for form in Page(client.get(address).content.decode(), address).forms if form.action == address)


def _type_into_addresses(typist: Typist) -> None:
    client = typist.sit_down("vink")
    for address in (
        f"/{TYPED}/",
        f"/sager/{NAME}/",
        f"/sager/{TYPED}/personer/",
        f"/indsatser/{NAME}/",
        f"/konto/foerste-gang/{NAME}/",
    ):
        for browser in (client, _nobody()):
            typist.answers[browser.get(address).status_code] += 1
            typist.answers[browser.post(address, {NAME: TYPED}).status_code] += 1


def _fail_in_a_view(typist: Typist, example: Played, failures: Counter[str]) -> None:
    client = typist.sit_down("vink")
    address = reverse("cases:act-oplysning", args=[_reference(example)])
    data = _the_form(client, address).as_meant()

    def fail(*, item: object, **_: object) -> None:
        raise ValueError(item.text)  # type: ignore[attr-defined]

    def ask_wrongly(*, item: object, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [item.text])  # type: ignore[attr-defined]

    for way in (fail, ask_wrongly):
        for headers in ({}, {"HX_Request": "true"}):
            with mock.patch.object(noting, "write_item", way):
                failures[way.__name__] += typist.send(client, way.__name__, address, data, **headers).status_code == 500


def _fail_in_jobs(failures: Counter[str]) -> None:
    """The jobs that sign-ins left, whose mail server first quotes the address, and two that fail with a name in hand."""
    send = jobs.mail_notice

    def refused_once(address: str, notice: Notice, language: str) -> None:
        connection.close()
        if failures["mail"]:
            send(address, notice, language)
            return
        failures["mail"] += 1
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, NAME.encode()), address: (550, b"")})

    fails_with_a_name.defer(matter="2026-0001")
    asks_wrongly_in_a_job.defer(matter="2026-0001")
    with (
        _threads_of_the_worker(),
        mock.patch.object(jobs, "mail_notice", refused_once),
        app.replace_connector(app.connector.get_worker_connector()) as working,
    ):
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)
    with owner_looks() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")  # type: ignore[attr-defined]
        failures["jobs"] = cursor.fetchone()[0]  # type: ignore[attr-defined]


@contextlib.contextmanager
def _threads_of_the_worker() -> Iterator[None]:
    """Connections made meanwhile act as the worker role, as those of `forebyg work` do."""

    def take_on_the_role(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION AUTHORIZATION forebyg_worker")

    connection_created.connect(take_on_the_role, dispatch_uid="leaks-act-as-worker")
    try:
        yield
    finally:
        connection_created.disconnect(dispatch_uid="leaks-act-as-worker")


def _nobody() -> Client:
    client = Client()
    client.raise_request_exception = False
    return client


def _reference(example: Played) -> str:
    with owner_looks() as cursor:
        cursor.execute(  # type: ignore[attr-defined]
            "SELECT m.reference FROM matters_matter m JOIN cases_case c ON c.matter_id = m.id WHERE c.id = %s",
            [example.case_id],
        )
        reference: str = cursor.fetchone()[0]  # type: ignore[attr-defined]
    return reference


def test_the_typist_was_everywhere(day: Day) -> None:
    """What is looked for below was truly typed, kept, shown, refused and failed with."""
    forms = {name for name, _ in day.typist.sent}
    assert {f"cases:act-{slug}" for slug in ("oplysning", "person", "log", "pet", "videregiv", "ret", "svar")} <= forms
    assert len(forms & {f"cases:act-{slug}" for slug in ACTS}) >= 28
    assert {
        "account_login",
        "intake:new",
        "intake:draft",
        "cases:search",
        "accounts:new",
        "account_change_password",
    } <= forms | {"intake:draft"}
    assert day.typist.bodies_with_words > 30
    assert min(day.typist.answers[status] for status in (200, 204, 302, 404, 405, 422)) > 0
    assert day.typist.files_fetched > 0
    assert day.failures == {"fail": 2, "ask_wrongly": 2, "mail": 1, "jobs": 2}
    assert day.mails


def test_every_place_was_written_to(day: Day) -> None:
    written = Counter(table for table, _ in day.rows)
    places = (
        "audit_event",
        "django_session",
        "procrastinate_jobs",
        "store_cache",
        "cases_draft",
        "cases_item",
        "access_worker",
    )
    assert min(written[place] for place in places) > 0, written
    assert day.log.count("\n") > 5000
    for logger in ("django.request", "django.db.backends", "procrastinate.worker"):
        assert f'"logger": "{logger}' in day.log


def test_no_log_line_holds_any_of_it(day: Day) -> None:
    assert [(line, words) for line in day.log.splitlines() if (words := found_in(line))] == []


def test_nothing_is_printed(day: Day) -> None:
    assert found_in(day.standard_error) == []


def test_no_row_holds_any_of_it_in_clear(day: Day) -> None:
    """The ledger, sessions, cache, arguments of jobs and everything else in the database."""
    assert [(table, words, row) for table, row in day.rows if (words := found_in(row))] == []


@pytest.mark.req("R-220", part="no byte of a document lies on a disk in clear")
def test_no_file_holds_any_of_it_in_clear(day: Day) -> None:
    """The data folder, with the sealed content of documents, and where temporary files would lie."""
    folder = SealedFolder(settings.FOREBYG.data_folder)
    assert list(folder.contents())
    places = [*folder.folder.rglob("*"), *Path(tempfile.gettempdir()).glob("*.upload*")]
    assert [path for path in places if path.is_file() and found_in(path.read_bytes().decode("latin-1"))] == []


def test_no_mail_holds_any_of_it(day: Day) -> None:
    assert [text for text in day.mails if found_in(text)] == []


@pytest.mark.req("R-220")
def test_all_is_encrypted_on_its_way_and_where_it_lies_and_no_notice_tells_of_anyone(day: Day) -> None:
    """What was typed lies in clear in no row and no file, and stands in no mail and in no job that sends one. Real people are let in
    only where browsers, the database and the malware scanner are reached by TLS or on this machine."""
    test_no_row_holds_any_of_it_in_clear(day)
    test_no_file_holds_any_of_it_in_clear(day)
    test_no_mail_holds_any_of_it(day)
    in_clear = {
        "FOREBYG_HTTPS": {"https": False},
        "FOREBYG_DATABASE_URL": {"database_url": SecretStr("postgresql://db.example/forebyg?sslmode=require")},
        "FOREBYG_CLAMAV": {"clamav": "tcp://scanner.example:3310"},
    }
    safe = {"secret_key": SecretStr("nobody-signs-anything-with-this-while-a-test-looks-at-it"), "https": True}
    for name, wrong in in_clear.items():
        [refusal] = problems_of_settings(Installation(hosts=["forebyg.kommune.dk"], demo=False, **safe | wrong))
        assert refusal.startswith(name)
    served = production()
    assert served["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert all(served[f"{cookie}_COOKIE_SECURE"] for cookie in ("SESSION", "CSRF", "LANGUAGE"))


def test_no_address_title_or_header_holds_any_of_it(day: Day) -> None:
    assert [(where, text) for where, text in day.typist.passed_on if found_in(text)] == []
