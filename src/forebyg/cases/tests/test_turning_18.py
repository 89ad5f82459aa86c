"""Somebody turns 18 while a case goes on: a task a month before and on the day, and the page says what changes."""

import datetime

import pytest
from conftest import as_owner
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases import jobs
from forebyg.cases.actions import noting
from forebyg.cases.models import Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person
from forebyg.cases.tests.test_jobs import _as_worker_role

WORDS = ("turns-18-soon", "turned-18")


def _play(cast: dict[str, Worker], *, days: int) -> Play:
    """A case whose son turns 18 in so many days, beside a father of whom no date is known."""
    play = Play(cast, {"son": a_person("Søn", born_on=""), "father": a_person("Far", is_guardian=True)})
    born = play.now.date() + datetime.timedelta(days=days) - relativedelta(years=18)
    noting.change_participant(**play.by(), root=play.person("son"), changes={"born_on": born.isoformat()})
    return play


def _notice() -> int:
    return _as_worker_role(jobs.notice_who_turns_18, 0)


def _tasks(play: Play, key: str = "vink") -> list[str]:
    worker, _now = play.become(key)
    found = Task.objects.visible_to(worker).filter(matter=play.matter_id, kind__in=WORDS, about=[play.person("son")])
    return sorted(found.values_list("kind", flat=True), reverse=True)


@pytest.mark.req("R-053", "R-223", part="a task a month before the 18th birthday and one on the day")
def test_there_is_a_task_before_the_birthday_and_one_on_the_day(cast: dict[str, Worker]) -> None:
    play = _play(cast, days=60)
    assert _notice() == 0, "it is not yet time"
    play.pass_time(days=40)
    assert _notice() == 1
    assert _notice() == 0, "a second run adds nothing"
    play.pass_time(days=20)
    assert (_notice(), _notice()) == (1, 0)
    assert _tasks(play) == ["turns-18-soon", "turned-18"]
    assert [event.codes["kind"] for event in play.ledger("birthday.noticed")] == ["turns-18-soon", "turned-18"]
    play.pass_time(days=200)
    assert _notice() == 0


def test_the_task_is_the_recording_agencys_and_nobody_elses(cast: dict[str, Worker]) -> None:
    play = _play(cast, days=10)
    play.admit("dks")
    _notice()
    assert _tasks(play, "dks") == []
    assert _tasks(play) == ["turns-18-soon"]
    with as_owner():
        [task] = Task.objects.filter(matter=play.matter_id, kind="turns-18-soon")
        assert (task.assigned_to_id, task.readers, task.due_at) == (play.agency("vink"), [play.agency("vink")], None)


def test_an_ended_case_gets_no_task(cast: dict[str, Worker]) -> None:
    _play(cast, days=10).to(Step.ENDED)
    assert _notice() == 0


def test_a_corrected_date_of_birth_counts(cast: dict[str, Worker]) -> None:
    play = _play(cast, days=10)
    noting.change_participant(**play.by(), root=play.person("son"), changes={"born_on": ""})
    assert _notice() == 0


@pytest.mark.req("R-104", "R-223", part="the person's page says what changes at 18, before and after")
def test_the_page_says_what_changes(cast: dict[str, Worker]) -> None:
    play = _play(cast, days=20)
    client = Client()
    client.force_login(cast["vink"])
    address = reverse("cases:person", args=[play.case().matter.reference, play.person("son")])
    assert "Fylder 18 år" in client.get(address).content.decode()
    play.pass_time(days=20)
    shown = client.get(address).content.decode()
    assert "Er fyldt 18 år" in shown
    assert "giver selv samtykke" in shown
    play.pass_time(days=60)
    assert "Er fyldt 18 år" not in client.get(address).content.decode()
