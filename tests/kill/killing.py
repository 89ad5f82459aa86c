"""A demo as an operator runs it, its processes by name, and their end by SIGKILL."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from forebyg.cli.demo import HOST, STATE
from forebyg.cli.environment import DATABASE_FOLDER, Role, demo_environment
from forebyg.store.embedded import Embedded

_TO_START = 180.0  # seconds, with filling
VICTIMS = {
    "postmaster": b"postgres\0-D",
    "web": b"forebyg.cli\0serve",
    "worker": b"forebyg.cli\0work",
    "sealer": b"forebyg.cli\0seal",
}
"""What stands in the command line of each; the launcher is the demo itself."""


class DemoDown(Exception):
    """The demo did not come up again; holds the end of what it said."""


class RunningDemo:
    """`forebyg demo` in `folder`, started again whenever it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = folder.with_suffix(".log")
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self._launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and return when the first page answers. Raises `DemoDown`."""
        command = [sys.executable, "-m", "forebyg.cli", "demo", "--folder", str(self.folder), "--port", str(self.port)]
        with self.said.open("ab") as log:
            self._launcher = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + _TO_START
        while not self.answers() or not json.loads((self.folder / STATE).read_text())["is_filled"]:
            self.check()
            if time.monotonic() > until:
                raise DemoDown(self.said.read_text()[-3000:])
            time.sleep(0.1)

    def check(self) -> None:
        """Raise `DemoDown` when the launcher ended by itself."""
        if self._launcher is None or self._launcher.poll() is not None:
            raise DemoDown(self.said.read_text()[-3000:])

    def stop(self) -> None:
        """Stop it as Ctrl-C would."""
        if self._launcher is not None and self._launcher.poll() is None:
            self._launcher.send_signal(signal.SIGTERM)
            self._launcher.wait(60)

    def answers(self) -> bool:
        """Whether the page of sign-in can be had, which asks the database."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/konto/log-paa/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self, victim: str) -> None:
        """Kill one process and wait until there is a living one in its place."""
        self.check()
        assert self._launcher is not None
        if victim == "launcher":
            self._launcher.kill()
            self._launcher.wait()
            self.start()
            return
        before = self._wait_for(victim, but=None)
        with contextlib.suppress(ProcessLookupError):
            os.kill(before, signal.SIGKILL)
        self._wait_for(victim, but=before)

    def environment(self, role: Role) -> dict[str, str]:
        """The environment of a process of this demo."""
        secret = json.loads((self.folder / STATE).read_text())["secret_key"]
        database = Embedded(self.folder / DATABASE_FOLDER)
        told = demo_environment(role=role, database=database, folder=self.folder, port=self.port, secret_key=secret)
        return told | {"PYTHONPATH": f"src{os.pathsep}."}

    def _wait_for(self, victim: str, *, but: int | None) -> int:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.check()
            for pid in self._children():
                with contextlib.suppress(OSError):
                    if VICTIMS[victim] in Path(f"/proc/{pid}/cmdline").read_bytes() and pid != but:
                        return pid
            time.sleep(0.05)
        raise DemoDown(f"no {victim}\n{self.said.read_text()[-3000:]}")

    def _children(self) -> list[int]:
        assert self._launcher is not None
        launcher = self._launcher.pid
        return [int(pid) for pid in Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()]
