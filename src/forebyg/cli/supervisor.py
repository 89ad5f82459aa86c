"""Start processes, watch them, restart one that dies, and stop them all in order."""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from forebyg.store import embedded_launch

RESTARTS = 5
WITHIN = 60.0  # seconds
TO_STOP = 12.0  # seconds; a little more than the web takes to finish its requests
_GLANCE = 0.1  # seconds
_LAST_LINES = 12


class GaveUp(Exception):
    """A process died too often. The text names it and quotes the end of its log."""


class Child:
    """One process of the system. It runs in a session of its own, so that Ctrl-C reaches only us, and ends with us."""

    def __init__(self, name: str, command: list[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: collections.deque[float] = collections.deque(maxlen=RESTARTS)

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs or before its start."""
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """Start it, with its output added to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        end_with_us = [
            sys.executable,
            "-I",
            "-S",
            embedded_launch.__file__,
            str(os.geteuid()),
            str(os.getegid()),
            str(os.getpid()),
        ]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*end_with_us, *self._command],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def restart(self) -> None:
        """Start it again, a little later each time. Raises `GaveUp` after `RESTARTS` deaths in `WITHIN` seconds."""
        now = time.monotonic()
        if len(self._deaths) == RESTARTS and now - self._deaths[0] < WITHIN:
            raise GaveUp(f"{self.name}: {self.end_of_log()}")
        self._deaths.append(now)
        self._end_what_it_left()
        time.sleep(0.2 * len(self._deaths))
        self.start()

    def wait(self, *, glance: Callable[[], None]) -> int:
        """Wait for its end and return the exit status; `glance` is called meanwhile and may raise."""
        while (status := self.status) is None:
            glance()
            time.sleep(_GLANCE / 4)
        return status

    def ask_to_stop(self) -> None:
        """Ask it to finish what it does and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Wait until it has ended; after `TO_STOP` seconds end it and all that it started."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(TO_STOP)
        self._end_what_it_left()
        self._process.wait()

    def _end_what_it_left(self) -> None:
        """End its process group: itself, if it did not listen, and processes that it started and left behind."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def end_of_log(self) -> str:
        """The last lines that it wrote."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:])


class StopAsked(Exception):
    """The operator asked to stop while something was on its way."""


class StopSignals:
    """Within the block SIGINT and SIGTERM set `asked` instead of ending the process."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> StopSignals:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def glance(self) -> None:
        """Raises `StopAsked` when it is so."""
        if self.asked:
            raise StopAsked


class Supervisor:
    """Watches the children. `tell` gets a line for the operator when one died and was restarted."""

    def __init__(self, children: list[Child], *, tell: Callable[[str], None]) -> None:
        self._children = children
        self._tell = tell

    def glance(self) -> None:
        """Restart what has died. Raises `GaveUp`."""
        for child in self._children:
            if (status := child.status) is not None:
                self._tell(
                    f"{child.name} stoppede (status {status}) og startes igen / stopped and is restarted. Log: {child.log}"
                )
                child.restart()

    def watch(self, *, until: Callable[[], bool]) -> None:
        """Keep the children running until `until()` is true; it may raise. Raises `GaveUp`."""
        while not until():
            self.glance()
            time.sleep(_GLANCE)

    def stop(self) -> None:
        """Stop all children: asked at once, waited for in turn."""
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop()
