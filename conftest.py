"""Fixtures for all rooms: the cast, and the two ways to look at the database."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from tests.database import clone, database_of_this_process

from forebyg.access.models import Worker
from forebyg.cli.example_case import ExamplePlay
from forebyg.cli.scenarios.play import Played
from forebyg.cli.stage import Stage, a_morning
from forebyg.store.identity import act_as
from forebyg.strategy.queries import current_pack


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Instead of pytest-django's: this process works in its own copy of the template."""
    name = database_of_this_process()
    clone(name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _take_on_the_web_role(**_: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")


connection_created.connect(_take_on_the_web_role, dispatch_uid="tests-act-as-web")


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """Look at or prepare the database as the owner role, inside the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        try:
            yield
        finally:
            cursor.execute("SET SESSION AUTHORIZATION forebyg_web")


def set_clock(offset: str) -> None:
    """Let the database live another day: an interval such as '3 days'. Ends with the test's transaction."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute('UPDATE store_clock_offset SET "offset" = %s::interval', [offset])


@pytest.fixture(autouse=True)
def _in_danish() -> None:
    """Each test begins in Danish, whatever language a page was last asked for in."""
    translation.activate("da")


@pytest.fixture
def cast(db: None) -> dict[str, Worker]:
    """The demo's workers by key: vink, sekretariat, dks, sof, skole, mentor, mentor-to, coach, administrator …"""
    workers = Worker.objects.select_related("agency").prefetch_related("holdings")
    return {worker.email.split("@")[0]: worker for worker in workers}


@pytest.fixture
def act(db: None) -> Callable[[Worker], Worker]:
    """Let a worker act from here on in this test: `act(cast["vink"])`."""

    def become(worker: Worker) -> Worker:
        act_as(worker.id)
        return worker

    return become


@pytest.fixture(scope="module")
def example(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Played]:
    """The strategy's example case on day 130, truly committed, in a database of its own for the module's tests."""
    name = f"{database_of_this_process()}_example"
    clone(name)
    with django_db_blocker.unblock(), connected_to(name):
        stage = Stage(a_morning(timezone.localdate() - datetime.timedelta(days=130)))
        try:
            played = ExamplePlay(stage, current_pack("copenhagen-2016"), counts_as_completed=True).play(until_day=130)
        finally:
            stage.close()
        yield played


@contextlib.contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection lead to another database meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
