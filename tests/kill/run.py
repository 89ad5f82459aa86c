"""One run: a demo, six writers, kills in turn, and the table of what was found."""

from __future__ import annotations

import dataclasses
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.kill.killing import VICTIMS, RunningDemo

ORDER = ("launcher", *VICTIMS)
WRITERS = ("http", "http", "action", "action", "action", "action")
NOTHING_MAY_BE = ("lost", "doubled", "effects without event", "events without effect", "events doubled")


@dataclasses.dataclass
class Outcome:
    """What a run did and found. `verified`: the ledger's own verification found nothing."""

    kills: dict[str, int]
    by_http: int
    seconds: float
    counts: dict[str, int]
    verified: bool

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, doubled or left without its other half."""
        return self.verified and not any(self.counts[name] for name in NOTHING_MAY_BE)


def run(
    *, writes: int, kills: int, longest: float, tell: Callable[[str], None], waits_for_rescue: bool, calm: float = 4.0
) -> Outcome:
    """Kill `kills` processes in turn, at least `calm` seconds apart and spread evenly over the `writes` to be acknowledged; ends
    when they are, or about `longest` seconds after it began."""
    base = Path(tempfile.mkdtemp(prefix="forebyg-kill-"))
    base.chmod(0o711)
    demo = RunningDemo(base / "demo")
    writers: list[subprocess.Popen[bytes]] = []
    logs = [base / f"acknowledged-{number}" for number in range(len(WRITERS))]
    killed = dict.fromkeys(ORDER, 0)
    try:
        demo.start()
        environment = demo.environment("web")
        for number, (kind, log) in enumerate(zip(WRITERS, logs, strict=True)):
            log.touch()
            command = [sys.executable, "-m", "tests.kill.writing", str(number), kind, str(log)]
            writers.append(subprocess.Popen(command, env=environment, stdin=subprocess.PIPE))
        while not all(log.stat().st_size for log in logs):
            _check(writers)
            time.sleep(0.1)
        began = time.monotonic()

        def is_behind(number: int) -> bool:
            return lines_of(logs) < writes * number / kills and time.monotonic() - began < longest * number / kills

        for number, victim in enumerate(itertools.islice(itertools.cycle(ORDER), kills), start=1):
            written = lines_of(logs)
            rest_until = time.monotonic() + calm
            demo.kill(victim)
            killed[victim] += 1
            while time.monotonic() < rest_until or lines_of(logs) < written + len(WRITERS) or is_behind(number):
                _check(writers)
                time.sleep(0.1)
            tell(f"{sum(killed.values()):3} {victim:10} {lines_of(logs):6} acknowledged, {time.monotonic() - began:4.0f} s")
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.close()
        for writer in writers:
            writer.wait(120)
        seconds = time.monotonic() - began
        if waits_for_rescue:
            tell("waiting for the job that rescues what a killed worker left …")
            time.sleep(130)
        counts = counts_of(demo, logs)
        verified = _is_sealed_and_verified(demo)
        by_http = sum(lines_of([log]) for kind, log in zip(WRITERS, logs, strict=True) if kind == "http")
        return Outcome(killed, by_http, seconds, counts, verified)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
        demo.stop()
        subprocess.run(["/bin/rm", "-r", str(base)], check=True)


def _check(writers: list[subprocess.Popen[bytes]]) -> None:
    """A writer that ended met something that no kill explains."""
    assert all(writer.poll() is None for writer in writers), "a writer ended; see above"


def lines_of(logs: list[Path]) -> int:
    """How many writes are acknowledged by now."""
    return sum(log.read_bytes().count(b"\n") for log in logs)


def counts_of(demo: RunningDemo, logs: list[Path]) -> dict[str, int]:
    """What the database holds, compared with what the writers were told."""
    command = [sys.executable, "-m", "tests.kill.counting", *map(str, logs)]
    counted = subprocess.run(command, env=demo.environment("owner"), stdout=subprocess.PIPE, check=True)
    counts: dict[str, int] = json.loads(counted.stdout)
    return counts


def _is_sealed_and_verified(demo: RunningDemo) -> bool:
    time.sleep(5)  # the sealer's turn comes every two seconds
    command = [sys.executable, "-m", "forebyg.cli", "audit", "verify"]
    return subprocess.run(command, env=demo.environment("owner"), stdout=subprocess.DEVNULL, check=False).returncode == 0
