"""`python -m tests.mutants`: break each guard in turn; exit 1 when no test notices one of them, 2 when nothing can be said."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests import database
from tests.mutants.guarded_twice import GUARDED_TWICE
from tests.mutants.mutant import Mutant
from tests.mutants.of_code import mutants_of_code
from tests.mutants.of_database import mutants_of_database
from tests.mutants.running import Fate, Result, Scope, failing_without_a_mutant, run_all

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="only mutants whose name holds this text; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes at once (2)")
    parser.add_argument("--go-on", action="store_true", help="leave out tests that fail with every guard in place, and say so")
    parser.add_argument("--nearest", action="store_true", help="ask the nearest tests only, not all when those don't notice")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    chosen = parser.parse_args()
    try:
        mutants = [mutant for mutant in _all_mutants() if not chosen.only or any(text in mutant.name for text in chosen.only)]
        if chosen.list:
            print(*(mutant.name for mutant in mutants), sep="\n")
            return 0
        return _run(mutants, Scope(ROOT, nearest=chosen.nearest), jobs=chosen.jobs, go_on=chosen.go_on)
    finally:
        database.pytest_unconfigure()


def _all_mutants() -> list[Mutant]:
    with database.superuser(database.TEMPLATE) as connection:
        return [*mutants_of_database(connection), *mutants_of_code(ROOT)]


def _run(mutants: list[Mutant], tests: Scope, *, jobs: int, go_on: bool) -> int:
    if not mutants:
        print("No mutant has such a name.")
        return 2
    unsound = failing_without_a_mutant(mutants, tests)
    if unsound:
        print("These tests fail with every guard in place:", *unsound, sep="\n  ")
        if not go_on:
            print("Mend them first, or leave them out with --go-on.")
            return 2
    begun = time.monotonic()
    results: list[Result] = []
    for result in run_all(mutants, replace(tests, without=unsound), jobs=jobs):
        results.append(result)
        print(f"{len(results):4}/{len(mutants)} {_line(result)}", flush=True)
    return _conclude(results, time.monotonic() - begun)


def _line(result: Result) -> str:
    by = result.by
    if result.fate is Fate.SURVIVED and result.mutant.name in GUARDED_TWICE:
        return f"{'twice':8} {result.mutant.name}  {GUARDED_TWICE[result.mutant.name]}"
    return f"{result.fate.value:8} {result.mutant.name}  {by}".rstrip()


def _conclude(results: list[Result], seconds: float) -> int:
    twice = [result for result in results if result.fate is Fate.SURVIVED and result.mutant.name in GUARDED_TWICE]
    alive = [result for result in results if result.fate is not Fate.KILLED and result not in twice]
    print(*sorted(map(_line, twice + alive)), sep="\n")
    noticed = len(results) - len(alive) - len(twice)
    print(
        f"{len(results)} guards broken one at a time in {seconds / 60:.0f} minutes:"
        f" {noticed} noticed, {len(twice)} guarded twice, {len(alive)} not noticed."
    )
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
