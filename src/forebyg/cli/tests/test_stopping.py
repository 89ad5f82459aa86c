"""SIGTERM: what is on its way is finished, nothing new is begun."""

from __future__ import annotations

import concurrent.futures
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.database import clone, database_of_this_process, superuser

HOST = "127.0.0.1"


def _soon(condition: Callable[[], object], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def database(django_db_setup: None) -> str:
    """A copy of the template, truly committed to."""
    name = f"{database_of_this_process()}_stopping"
    clone(name)
    return name


@pytest.fixture
def forebyg(database: str, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process of a demo on that database; whatever still runs after the test is ended."""
    (tmp_path / "static").mkdir()
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "forebyg.config.settings",
        "FOREBYG_DEMO": "true",
        "FOREBYG_DATABASE_NAME": database,
        "FOREBYG_DATA_FOLDER": str(tmp_path),
    }

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "forebyg.cli", *arguments]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


@pytest.fixture
def lock(database: str) -> Iterator[Callable[[str], psycopg.Connection]]:
    """Holds a table so that whoever needs it waits, until the connection is rolled back."""
    with superuser(database) as connection:
        connection.autocommit = False

        def take(table: str) -> psycopg.Connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            return connection

        yield take
        connection.rollback()


def _somebody_waits(database: str) -> bool:
    with superuser() as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        return connection.execute(waiting, [database]).fetchone() != (0,)


def _get(port: int, path: str, cookie: str = "", *, patience: float = 30) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=patience)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        return connection.getresponse().status
    finally:
        connection.close()


def _is_not_served(port: int) -> bool:
    """A new request is refused, or left in the queue of the socket until that closes."""
    try:
        _get(port, "/health/live", patience=1)
    except OSError:
        return True
    return False


def test_the_web_finishes_its_requests_and_takes_no_new_ones(
    forebyg: Callable[..., subprocess.Popen[str]], lock: Callable[[str], psycopg.Connection], database: str
) -> None:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    web = forebyg("serve", "--port", str(port), "--processes", "1")
    assert _soon(lambda: not _is_not_served(port))
    held = lock("django_session")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(_get, port, "/", f"forebyg={secrets.token_hex(16)}")
        assert _soon(lambda: _somebody_waits(database))
        web.send_signal(signal.SIGTERM)
        assert _soon(lambda: _is_not_served(port), 8), "new ones are not begun"
        assert not slow.done()
        held.rollback()
        assert slow.result(30) == http.client.FOUND, "the one on its way gets its answer"
    assert web.wait(30) == 0


def _job(database: str) -> tuple[str, ...]:
    with superuser(database) as connection:
        return (
            connection.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'cases.forget_old_forms'").fetchone()
            or ()
        )


def test_the_worker_finishes_its_job(
    forebyg: Callable[..., subprocess.Popen[str]], lock: Callable[[str], psycopg.Connection], database: str
) -> None:
    held = lock("cases_draft")
    with superuser(database) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args)"
            " VALUES ('cases.forget_old_forms', 'default', '{\"timestamp\": 0}')"
        )
    worker = forebyg("work")
    assert _soon(lambda: _job(database) == ("doing",) and _somebody_waits(database))
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1)
    held.rollback()
    assert worker.wait(30) == 0
    assert _job(database) == ("succeeded",)
