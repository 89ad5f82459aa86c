"""The disk fills while the demo runs and somebody writes; with room again it goes on by itself, and nothing is half written."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.kill.killing import RunningDemo
from tests.kill.run import NOTHING_MAY_BE, counts_of, lines_of

from forebyg.cli.demo import HOST


@pytest.fixture
def disk() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="forebyg-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m,mode=0711", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


def _page(port: int) -> tuple[int, str]:
    connection = http.client.HTTPConnection(HOST, port, timeout=15)
    try:
        connection.request("GET", "/konto/log-paa/")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_stops_the_writing_and_with_room_it_goes_on_without_a_restart(disk: Path) -> None:
    demo, log = RunningDemo(disk / "demo"), disk.with_suffix(".acknowledged")
    log.touch()
    command = [sys.executable, "-m", "tests.kill.writing", "0", "http", str(log)]
    writer = None
    try:
        demo.start()
        writer = subprocess.Popen(command, env=demo.environment("web"), stdin=subprocess.PIPE)
        _wait_for(lambda: lines_of([log]) > 5)
        _fill(disk / "filler")
        stood, answers = -1, []
        while lines_of([log]) != stood:
            stood = lines_of([log])
            until = time.monotonic() + 3
            while time.monotonic() < until:
                answers.append(_page(demo.port))
        assert all(status == 200 or (status >= 500 and "Der er sket en fejl" in body) for status, body in answers)
        (disk / "filler").unlink()
        _wait_for(lambda: lines_of([log]) > stood + 5)
        demo.check()
        assert writer.stdin is not None
        writer.stdin.close()
        writer.wait(30)
        counts = counts_of(demo, [log])
        assert {name: counts[name] for name in NOTHING_MAY_BE} == dict.fromkeys(NOTHING_MAY_BE, 0)
    finally:
        if writer is not None:
            writer.kill()
            writer.wait()
        demo.stop()
        log.unlink()


def _fill(filler: Path) -> None:
    """Write until nothing more goes in."""
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(65_536))


def _wait_for(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.1)
