"""The demo itself: all its processes for real, from nothing to the first page and back to nothing."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from forebyg.cli.demo import HOST, STATE
from forebyg.store.embedded import Embedded
from forebyg.store.roles import DATABASE


def _soon(condition: Callable[[], object], seconds: float = 120) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _status(port: int) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _processes_of(folder: Path) -> list[str]:
    """The command lines of processes whose environment or arguments name the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in command + environment and int(process.name) != os.getpid():
            found.append(command.replace(b"\0", b" ").decode())
    return found


def _run(folder: Path, port: int, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "forebyg.cli", "demo", "--folder", str(folder), "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _cases_and_marks(folder: Path) -> tuple[int, bool]:
    """How many cases there are, and whether the mark is there that the test leaves in the database."""
    with psycopg.connect(Embedded(folder / "postgres").dsn("postgres", DATABASE), autocommit=True) as owner:
        ((cases, marked),) = owner.execute("SELECT count(*), to_regclass('a_mark') IS NOT NULL FROM cases_case")
        owner.execute("CREATE TABLE IF NOT EXISTS a_mark ()")
    return cases, marked


def test_the_demo_starts_resumes_after_being_killed_begins_anew_and_stops_with_nothing_left() -> None:
    temporary = Embedded.temporary()  # for its folder, which the server's account can reach
    folder = temporary.folder / "demo"
    port = _free_port()
    try:
        with _run(folder, port) as first:
            assert _soon(lambda: _status(port) in (200, 302)), first.stdout and first.stdout.read().decode()
            assert _soon(lambda: json.loads((folder / STATE).read_text())["is_filled"])
            filled = (folder / "sign-ins.json").stat().st_mtime_ns
            secret = json.loads((folder / STATE).read_text())["secret_key"]
            first.kill()
        assert _soon(lambda: not _processes_of(folder)), _processes_of(folder)
        with _run(folder, port) as second:
            assert _soon(lambda: _status(port) in (200, 302)), second.stdout and second.stdout.read().decode()
            assert second.stdout is not None
            assert _soon(
                lambda: (line := second.stdout and second.stdout.readline()) and f"http://{HOST}:{port}/" in line.decode()
            )
            cases, marked = _cases_and_marks(folder)
            assert cases > 40 and not marked
            second.send_signal(signal.SIGTERM)
            assert second.wait(30) == 0
        assert _processes_of(folder) == []
        assert json.loads((folder / STATE).read_text())["secret_key"] == secret
        assert (folder / "sign-ins.json").stat().st_mtime_ns == filled  # the second start resumed
        with _run(folder, port, "--fresh") as third:
            assert _soon(lambda: _status(port) in (200, 302)), third.stdout and third.stdout.read().decode()
            assert _cases_and_marks(folder) == (cases, False)
            third.send_signal(signal.SIGTERM)
            assert third.wait(30) == 0
    finally:
        Embedded(folder / "postgres").remove()
        subprocess.run(["/bin/rm", "-r", str(folder)], check=True)
        temporary.remove()
