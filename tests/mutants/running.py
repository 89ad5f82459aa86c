"""Runs processes that ask the tests about mutants, against one server with one template database.

Mutants of the database and of the table of roles are asked about one after the other in a few processes; an edit of a module
needs a process of its own.
"""

from __future__ import annotations

import concurrent.futures
import enum
import json
import os
import queue
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.mutants.mutant import Mutant
from tests.mutants.plugin import ANSWERS, WORK

LONGEST = 240
"""Seconds that one mutant may take; tests that hang have noticed it."""
AT_ONCE = 40
"""Mutants for one process; then a new one begins, so that nothing is left over for long."""
# No guard lives in these, and they take long: the embedded server, whole demos, thousands of cases, 10 000 tamperings, kills and
# leaks, this tool.
OUTSIDE = (
    "src/forebyg/store/tests/test_embedded.py",
    "src/forebyg/store/tests/test_embedded_refusals.py",
    "src/forebyg/store/tests/test_backup.py",
    "src/forebyg/store/tests/test_key_rotation.py",
    "src/forebyg/store/tests/test_key_sweep.py",
    "src/forebyg/cases/tests/test_list_scale.py",
    "src/forebyg/audit/tests/test_verification.py",
    "src/forebyg/cli",
    "tests/browser",
    "tests/kill",
    "tests/leaks",
    "tests/mutants",
    "tests/requirements",
)
PATHS = ("src", "tests")
OPTIONS = ("-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "tests.database", "-p", "tests.mutants.plugin")


class Fate(enum.Enum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"  # the guard could not be broken, or the tests could not be run: nothing is known


@dataclass(frozen=True)
class Result:
    """A mutant's fate, and which test noticed it or what went wrong."""

    mutant: Mutant
    fate: Fate
    by: str


@dataclass(frozen=True)
class Scope:
    """Which tests are asked: those under `paths` of the project at `root`, but `without` these; the nearest only, if so.

    `noticing`: how many mutants each test has noticed so far; whoever noticed most is asked early.
    """

    root: Path
    paths: Sequence[str] = PATHS
    without: Sequence[str] = ()
    nearest: bool = False
    noticing: Mapping[str, int] = field(default_factory=dict)


def run_all(mutants: Sequence[Mutant], tests: Scope, *, jobs: int) -> Iterator[Result]:
    """The results in the order in which they come."""
    together = [mutant for mutant in mutants if mutant.edit is None]
    batches = [together[start : start + AT_ONCE] for start in range(0, len(together), AT_ONCE)]
    batches += [[mutant] for mutant in mutants if mutant.edit is not None]
    noticing: Counter[str] = Counter()
    places: queue.SimpleQueue[int] = queue.SimpleQueue()
    for place in range(jobs):
        places.put(place)

    def run_in_place(batch: list[Mutant]) -> list[Result]:
        place = places.get()
        try:
            return _nearest_first(batch, replace(tests, noticing=dict(noticing)), place=place)
        finally:
            places.put(place)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run_in_place, batch) for batch in batches]):
            noticing.update(result.by for result in done.result() if result.fate is Fate.KILLED)
            yield from done.result()


def _nearest_first(batch: Sequence[Mutant], tests: Scope, *, place: int) -> list[Result]:
    """An edit needs a process of its own, and only to collect all tests takes long: most are noticed by the nearest."""
    if batch[0].edit is not None and not tests.nearest:
        near = run_batch(batch, replace(tests, nearest=True), place=place)
        if near[0].fate is Fate.KILLED:
            return near
    return run_batch(batch, tests, place=place)


def run_batch(mutants: Sequence[Mutant], tests: Scope, *, place: int) -> list[Result]:
    """Ask the tests about these mutants in one process."""
    with tempfile.TemporaryDirectory(prefix="forebyg-mutants-") as folder:
        work, answers = Path(folder) / "work.json", Path(folder) / "answers.jsonl"
        fields = [mutant.as_fields() for mutant in mutants]
        told_of_tests = {"without": list(tests.without), "nearest": tests.nearest, "noticing": dict(tests.noticing)}
        work.write_text(json.dumps({"mutants": fields, **told_of_tests}))
        answers.touch()
        hung, said = False, ""
        try:
            ended = _run_tests(
                {WORK: str(work), ANSWERS: str(answers)},
                tests,
                _paths(mutants, tests),
                place=place,
                seconds=LONGEST * len(mutants),
            )
            said = _last_line(ended.stderr) or _last_line(ended.stdout)
        except subprocess.TimeoutExpired:
            hung = True
        told = {answer["name"]: answer for answer in map(json.loads, answers.read_text().splitlines())}
    results = [_result(mutant, told[mutant.name]) for mutant in mutants if mutant.name in told]
    for number, mutant in enumerate(mutant for mutant in mutants if mutant.name not in told):
        by = f"no answer within {LONGEST * len(mutants)} s" if hung else said
        results.append(Result(mutant, Fate.KILLED if hung and number == 0 else Fate.BROKEN, by))
    return results


def failing_without_a_mutant(mutants: Sequence[Mutant], tests: Scope) -> list[str]:
    """Those of the tests asked about these mutants that fail while every guard is in place. Raises `RuntimeError` when they can't be run at all."""
    with tempfile.TemporaryDirectory(prefix="forebyg-mutants-") as folder:
        answers = Path(folder) / "answers.json"
        ended = _run_tests({ANSWERS: str(answers)}, tests, _paths(mutants, tests), place=0, seconds=10 * LONGEST)
        failed: list[str] = json.loads(answers.read_text()) if answers.exists() else []
    if ended.returncode not in (0, 1) or bool(ended.returncode) != bool(failed):
        raise RuntimeError(_last_line(ended.stderr) or _last_line(ended.stdout))
    return failed


def _paths(mutants: Sequence[Mutant], tests: Scope) -> list[str]:
    if not tests.nearest:
        return list(tests.paths)
    nearest = dict.fromkeys(path for mutant in mutants for path in mutant.first)
    return [path for path in nearest if (tests.root / path).exists()]


def _result(mutant: Mutant, answer: dict[str, str | None]) -> Result:
    if answer["broken"] is not None:
        return Result(mutant, Fate.BROKEN, answer["broken"])
    if answer["noticed_by"] is not None:
        return Result(mutant, Fate.KILLED, answer["noticed_by"])
    return Result(mutant, Fate.SURVIVED, "")


def _run_tests(
    variables: dict[str, str], tests: Scope, paths: Sequence[str], *, place: int, seconds: int
) -> subprocess.CompletedProcess[str]:
    """One process in a database of its own, with a name like that of a worker process of pytest-xdist."""
    command = [sys.executable, "-m", "pytest", "-o", "addopts=", *OPTIONS, "-m", "not browser"]
    command += [f"--ignore={outside}" for outside in OUTSIDE]
    environment = os.environ | {"PYTEST_XDIST_WORKER": f"mutant{place}"} | variables
    return subprocess.run(
        [*command, *paths], cwd=tests.root, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
