"""Broken glass from the reason to the review by another person, and the reminder when that is late (B-025)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import as_owner
from django.core import mail
from django.db import ProgrammingError, connection, transaction

from forebyg.access.jobs import send_notice
from forebyg.access.models import Worker
from forebyg.access.tests.rows import rows, session_of
from forebyg.audit.models import Event
from forebyg.cases.models import Task
from forebyg.cases.queries import fetch_case
from forebyg.cases.tests.cast import Play
from forebyg.core.errors import NotVisible
from forebyg.oversight.accesses import AlreadyReviewed
from forebyg.oversight.breaking import ReasonTooShort
from forebyg.oversight.jobs import remind_of_late_reviews
from forebyg.oversight.openings import OwnOpening, StillOpen, waiting
from forebyg.oversight.tests.conftest import reference_of
from forebyg.oversight.tests.test_break_glass import REASON, review, shatter
from forebyg.store.roles import WORKER

pytestmark = pytest.mark.django_db


def remind() -> int:
    """The job, as the role that runs it."""
    with session_of(WORKER):
        return remind_of_late_reviews(0)


def mails() -> list[dict[str, Any]]:
    """What the jobs of mails on their way hold, the oldest first."""
    with as_owner():
        found = [
            args for (args,) in rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'access.send_notice' ORDER BY id")
        ]
    return [json.loads(args) if isinstance(args, str) else args for args in found]


def told_of(play: Play, notice: str) -> list[str]:
    """Who of the cast gets such a mail."""
    keys = {str(worker.id): key for key, worker in play.cast.items()}
    return sorted(keys[one["worker_id"]] for one in mails() if one["notice"] == notice)


def overdue(play: Play) -> int:
    """How many openings the officer's desk shows as late."""
    worker, now = play.become("dpo")
    return waiting(worker, now=now).overdue


def opens(play: Play, worker: Worker) -> bool:
    """Whether the case is open to a worker."""
    try:
        fetch_case(worker=worker, case_id=play.case_id)
    except NotVisible:
        return False
    return True


@pytest.mark.req("B-025")
def test_an_emergency_is_reasoned_told_ends_and_is_judged_by_another_however_late(play: Play) -> None:
    play.admit("sekretariat")  # the officers' own agency
    # a reason
    with pytest.raises(ReasonTooShort):
        shatter(play, "dpo", reason="Haster.")
    glass = shatter(play, "dpo")
    assert opens(play, play.become("dpo")[0])
    # the alert: the other overseers, the lead and the lead's task; nothing of the case in it
    assert told_of(play, "glass-broken") == ["dpo-vikar", "vink"]
    vink, _now = play.become("vink")
    [task] = Task.objects.visible_to(vink).filter(kind=Task.Kind.BREAK_GLASS)
    assert bytes(task.text) == b""
    # nobody judges what runs; it expires by itself
    with pytest.raises(StillOpen):
        review(play, glass, "dpo-vikar")
    play.pass_time(hours=5)
    assert not opens(play, play.become("dpo")[0])
    # nobody judges the own; late, the others are reminded, once a week
    with pytest.raises(OwnOpening):
        review(play, glass, "dpo")
    play.pass_time(days=6, hours=18)
    assert (overdue(play), remind()) == (0, 0)
    play.pass_time(hours=2)
    assert (overdue(play), remind(), remind()) == (1, 1, 0)
    play.pass_time(days=7, hours=1)
    assert remind() == 1
    assert told_of(play, "glass-unreviewed") == ["dpo-vikar"] * 2, "not the one who broke it"
    with as_owner():
        late = list(Event.objects.filter(action="glass.review-late"))
        assert [(one.matter_ids, one.record_ids, one.codes) for one in late] == [([play.matter_id], [glass.id], {})] * 2
    reminder = next(one for one in mails() if one["notice"] == "glass-unreviewed")
    with session_of(WORKER):
        send_notice(**reminder)
    [message] = mail.outbox
    for secret in (REASON, reference_of(play), "VINK", "http", play.cast["dpo"].name):
        assert secret not in message.subject + message.body
    # another person reviews it, once, and the reminders stop
    review(play, glass, "dpo-vikar")
    with pytest.raises(AlreadyReviewed):
        review(play, glass, "dpo-vikar")
    play.pass_time(days=30)
    assert (overdue(play), remind()) == (0, 0)


def test_the_web_role_cannot_call_the_jobs_function(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT oversight_late_reviews()")
