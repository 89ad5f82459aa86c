"""Jobs run as the worker role and can do nothing but call their named functions; each may run twice without harm."""

from __future__ import annotations

import datetime

import pytest
from conftest import as_owner
from django.db import ProgrammingError, connection, transaction
from django.http import QueryDict

from forebyg.access.models import Unit, Worker
from forebyg.cases import jobs
from forebyg.cases.actions import assessing
from forebyg.cases.drafts import read_draft, save_draft
from forebyg.cases.models import Clock, Task
from forebyg.cases.tests.cast import Play


def _as_worker_role(job: object, *arguments: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_worker")
        try:
            return job(*arguments)  # type: ignore[operator, no-any-return]
        finally:
            cursor.execute("SET SESSION AUTHORIZATION forebyg_web")


def _start_triage(play: Play) -> None:
    for kind, value in (("severity", "high"), ("local-action", "yes")):
        assessing.qualify(**play.by("vink"), kind=kind, value=value, reason="Handling haster.")


@pytest.mark.req("B-010", part="a clock that ran out is escalated to its agency, once")
def test_a_clock_that_ran_out_gives_its_agency_one_task(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _start_triage(play)
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 0, "it is not late yet"
    play.pass_time(hours=25)
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 1
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 0, "a second run adds nothing"
    worker, _now = play.become("vink")
    tasks = Task.objects.visible_to(worker).filter(kind=Task.Kind.EXPLAIN_BREACH)
    assert [(task.assigned_to_id, task.author.is_system) for task in tasks] == [(worker.agency_id, True)]
    assert [event.codes for event in play.ledger("clock.escalated")] == [{"rule": "triage"}]


def test_a_unit_without_a_system_worker_does_not_stop_the_others(cast: dict[str, Worker]) -> None:
    theirs, play = Play(cast), Play(cast)
    for one in (theirs, play):
        _start_triage(one)
    with as_owner():
        unit = Unit.objects.create(name="En enhed, der endnu ikke er sat op", pack="copenhagen-2016")
        Clock.objects.filter(matter=theirs.matter_id).update(unit_id=unit.id)
    play.pass_time(hours=25)
    told: list[str] = []
    assert connection.connection is not None
    connection.connection.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 1, "the clock of the other unit"
    assert told == [f"unit {unit.id} has no system worker, so an overdue clock is not escalated"]
    assert (len(theirs.ledger("clock.escalated")), len(play.ledger("clock.escalated"))) == (0, 1)
    with as_owner():
        Worker.objects.create(agency=cast["vink"].agency, unit=unit, email="system@forebyg.invalid", is_system=True)
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 1, "as soon as the unit is set up"


def test_a_clock_that_stands_still_is_not_escalated(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _start_triage(play)
    with as_owner():
        Clock.objects.update(paused_at=play.now)
    play.pass_time(hours=100)
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 0


def test_old_drafts_are_forgotten_and_new_ones_kept(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, now = play.become("vink")
    typed = QueryDict("text=Den+unge+er+ked+af+det")
    save_draft(worker=worker, form="new", matter_id=None, data=typed, now=now)
    save_draft(worker=worker, form="old", matter_id=None, data=typed, now=now - datetime.timedelta(days=31))
    assert _as_worker_role(jobs.forget_old_forms, 0) == 1
    assert read_draft(worker=worker, form="old", matter_id=None) is None
    assert read_draft(worker=worker, form="new", matter_id=None) == ({"text": ["Den unge er ked af det"]}, now)


@pytest.mark.parametrize("function", ["cases_escalate_overdue", "cases_forget_old_forms"])
def test_the_web_role_cannot_call_a_jobs_function(db: None, function: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
