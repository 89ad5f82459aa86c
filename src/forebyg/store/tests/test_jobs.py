"""What a killed worker left half done begins anew."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.db import connection

from forebyg.store.jobs import rescue_stalled_jobs


def _a_job_begun(*, last_sign: str | None, lock: str | None = None) -> int:
    """A job that is being done by a worker whose last sign of life is so long ago, or by one that is forgotten already."""
    with as_owner(), connection.cursor() as cursor:
        worker = None
        if last_sign is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", [last_sign]
            )
            worker = cursor.fetchone()[0]
        return _job("doing", worker=worker, lock=lock)


def _job(status: str, *, worker: int | None = None, lock: str | None = None) -> int:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, queueing_lock)"
            " VALUES ('default', 'tried', 'todo', %s, %s) RETURNING id",
            [worker, None if status == "doing" else lock],
        )
        number: int = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = %s, queueing_lock = %s WHERE id = %s", [status, lock, number])
    return number


def _rescue() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_worker")
        try:
            rescued: int = rescue_stalled_jobs(0)
        finally:
            cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    return rescued


def _status(job: int) -> str:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        status: str = cursor.fetchone()[0]
    return status


@pytest.mark.parametrize("last_sign", ["31 seconds", None])
def test_a_job_of_a_worker_that_is_gone_waits_to_be_done_again(db: None, last_sign: str | None) -> None:
    job = _a_job_begun(last_sign=last_sign)
    assert _rescue() == 1
    assert _status(job) == "todo"
    assert _rescue() == 0


def test_a_job_that_is_being_done_is_left_alone(db: None) -> None:
    job = _a_job_begun(last_sign="5 seconds")
    assert _rescue() == 0
    assert _status(job) == "doing"


def test_of_jobs_that_may_wait_once_only_the_waiting_one_stays(db: None) -> None:
    left = _a_job_begun(last_sign=None, lock="tried")
    waiting = _job("todo", lock="tried")
    assert _rescue() == 1
    assert (_status(left), _status(waiting)) == ("failed", "todo")
