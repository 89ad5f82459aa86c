"""The supervisor, with real processes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from forebyg.cli import supervisor
from forebyg.cli.supervisor import Child, GaveUp, StopAsked, StopSignals, Supervisor

PATIENT = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "own = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(own.pid, flush=True); time.sleep(60)"
)


def _child(folder: Path, program: str, name: str = "web") -> Child:
    return Child(name, [sys.executable, "-c", program], environment=dict(os.environ), log=folder / "logs" / f"{name}.log")


def _soon(condition: Callable[[], object]) -> bool:
    until = time.monotonic() + 10
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _pid(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


def test_a_child_that_is_killed_is_reported_and_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    child = _child(tmp_path, PATIENT)
    watching = Supervisor([child], tell=told.append)
    child.start()
    first = _pid(child)
    os.kill(first, signal.SIGKILL)
    assert _soon(lambda: child.status is not None)
    watching.glance()
    assert _pid(child) != first
    assert child.status is None
    assert "web" in told[0]
    assert str(child.log) in told[0]
    watching.stop()


def test_a_child_that_dies_again_and_again_is_given_up_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "RESTARTS", 2)
    child = _child(tmp_path, "import sys; sys.exit('the port is taken')")
    child.start()
    with pytest.raises(GaveUp, match="the port is taken"):
        Supervisor([child], tell=lambda line: None).watch(until=lambda: False)


def test_stopping_asks_all_at_once_and_ends_what_does_not_listen_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "TO_STOP", 0.3)
    polite, stubborn = _child(tmp_path, PATIENT, "polite"), _child(tmp_path, STUBBORN, "stubborn")
    for child in (polite, stubborn):
        child.start()
    assert _soon(lambda: polite.end_of_log() and stubborn.end_of_log())
    grandchild = int(stubborn.end_of_log())
    Supervisor([polite, stubborn], tell=lambda line: None).stop()
    assert polite.status == -signal.SIGTERM
    assert stubborn.status == -signal.SIGKILL
    assert _soon(lambda: not _runs(grandchild))


def test_what_a_killed_child_left_behind_is_ended_before_it_starts_again(tmp_path: Path) -> None:
    child = _child(tmp_path, STUBBORN)
    child.start()
    assert _soon(child.end_of_log)
    left = int(child.end_of_log())
    os.kill(_pid(child), signal.SIGKILL)
    assert _soon(lambda: child.status is not None)
    assert _runs(left)
    child.restart()
    assert _soon(lambda: not _runs(left))
    os.kill(_pid(child), signal.SIGKILL)
    child.stop()


def test_ctrl_c_reaches_us_and_not_the_children(tmp_path: Path) -> None:
    child = _child(tmp_path, PATIENT)
    child.start()
    assert _soon(child.end_of_log)
    assert os.getsid(_pid(child)) != os.getsid(0)
    Supervisor([child], tell=lambda line: None).stop()


def test_a_signal_is_noted_and_what_is_on_its_way_stops(tmp_path: Path) -> None:
    child = _child(tmp_path, PATIENT)
    child.start()
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals() as signals:
        signals.glance()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopAsked):
            child.wait(glance=signals.glance)
    assert signal.getsignal(signal.SIGTERM) is before
    Supervisor([child], tell=lambda line: None).stop()


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
