"""A log line says where and what kind; what happened to be in hand stays out of it. The code on the error page leads to it."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DataError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from forebyg.access.models import Worker
from forebyg.config.log_lines import LineWithoutContent
from forebyg.config.urls import urlpatterns as product
from forebyg.ui.request_code import HEADER, SIGNS, RequestCode, current_code

NAME = "Gry Askebæk"
CODE = re.compile(rf"[{SIGNS}]{{4}}-[{SIGNS}]{{4}}")


def breaks(request: HttpRequest) -> HttpResponse:
    """A view that fails with a name in hand."""
    raise ValueError(f"{NAME} kan ikke findes")


def asks_wrongly(request: HttpRequest) -> HttpResponse:
    """A view that lets the database quote what it was given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [NAME])
    return HttpResponse()


urlpatterns = [*product, path("gaar-i-stykker/", breaks, name="breaks"), path("forkert/", asks_wrongly, name="asks-wrongly")]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the loggers write from here on, as production formats it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineWithoutContent())
    loggers = [logging.getLogger(name) for name in ("", "django")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def read(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def formatted(record: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(LineWithoutContent().format(record))
    return line


def a_record(name: str, message: object, *arguments: object, **more: object) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.WARNING, "/somewhere/rooms.py", 12, message, arguments, None, "looks")
    record.__dict__ |= more
    return record


def test_a_line_has_time_level_logger_and_what() -> None:
    line = formatted(a_record("django.request", "%s: %s", "Not Found", f"/{NAME}/"))
    assert line.keys() == {"time", "level", "logger", "what"}
    assert (line["level"], line["logger"], line["what"]) == ("WARNING", "django.request", "%s: %s")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])


@pytest.mark.parametrize("message", [f"{NAME} was here", ValueError(NAME)], ids=["put together", "an exception"])
def test_of_a_message_that_may_be_put_together_only_the_place_is_told(message: object) -> None:
    assert formatted(a_record("procrastinate.worker", message))["what"] == "rooms.looks:12"


def test_our_own_messages_show_what_they_count_and_nothing_else() -> None:
    record = a_record("forebyg.audit.jobs", "late (unsealed=%s by=%s number=%s)", 42, NAME, 1010801234)
    assert formatted(record)["what"] == "late (unsealed=42 by=… number=…)"
    assert formatted(a_record("forebyg.audit.jobs", "late by %d", NAME))["what"] == "late by %d"


def test_a_job_is_told_by_its_number_and_task() -> None:
    job = {"id": 7, "task_name": "access.send_notice", "task_kwargs": {"who": NAME}}
    line = formatted(a_record("procrastinate.worker", "ended", job=job))
    assert (line["job"], line["task"]) == (7, "access.send_notice")
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_a_failure_is_told_by_its_kind_its_cause_and_their_places() -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as cause:
            raise ValueError(NAME) from cause
    except ValueError:
        record = a_record("forebyg.somewhere", "failed")
        record.exc_info = sys.exc_info()
    line = formatted(record)
    assert (line["error"], line["cause"]) == ("builtins.ValueError", "builtins.KeyError")
    assert all("test_log_lines.py" in frame for frame in (*line["frames"], *line["cause_frames"]))
    assert NAME not in json.dumps(line, ensure_ascii=False)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "route", "error"),
    [("/gaar-i-stykker/", "breaks", "builtins.ValueError"), ("/forkert/", "asks-wrongly", "django.db.utils.DataError")],
)
def test_the_code_on_the_error_page_leads_to_its_log_line(
    client: Client, cast: dict[str, Worker], lines: io.StringIO, address: str, route: str, error: str
) -> None:
    client.force_login(cast["vink"])
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == 500
    (code,) = CODE.findall(response.content.decode())
    assert response[HEADER] == code
    (line,) = [line for line in read(lines) if line["level"] == "ERROR"]
    assert (line["request"], line["route"], line["status"], line["error"]) == (code, route, 500, error)
    assert NAME not in lines.getvalue()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_htmx_is_told_the_code_too(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["vink"])
    client.raise_request_exception = False
    response = client.get("/gaar-i-stykker/", headers={"HX-Request": "true"})
    assert CODE.findall(response.content.decode()) == [response[HEADER]]


@pytest.mark.django_db
def test_a_refusal_has_a_code_and_a_line_with_it(client: Client, lines: io.StringIO) -> None:
    response = client.get(f"/findes-ikke/{NAME}/")
    (code,) = CODE.findall(response.content.decode())
    assert [line["request"] for line in read(lines) if line.get("status") == 404] == [code]
    assert NAME not in lines.getvalue()


def test_a_code_that_is_sent_to_us_counts_for_nothing() -> None:
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(current_code())
        return HttpResponse()

    response = RequestCode(answer)(RequestFactory().get("/", headers={HEADER: NAME}))
    assert seen == [response[HEADER]]
    assert CODE.fullmatch(response[HEADER])
    assert current_code() == ""


@pytest.mark.django_db
def test_the_database_does_quote_what_it_was_given() -> None:
    """What the lines above must not repeat is truly there to be repeated."""
    with pytest.raises(DataError, match=NAME):
        asks_wrongly(HttpRequest())
