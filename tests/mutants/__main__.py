"""`python -m tests.mutants`: break each guard in turn; exit 1 when no test notices one of them, 2 when nothing can be said."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tests import database
from tests.mutants.guarded_twice import GUARDED_TWICE
from tests.mutants.mutant import Mutant
from tests.mutants.of_code import mutants_of_code
from tests.mutants.of_database import mutants_of_database
from tests.mutants.of_packs import PackMutant, asked, mutants_of_packs
from tests.mutants.running import Fate, Result, Scope, failing_without_a_mutant, run_all

from forebyg.law.engine import rules_of
from forebyg.law.scenario import read_scenarios

ROOT = Path(__file__).parents[2]
Named = TypeVar("Named", Mutant, PackMutant)


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
        packs = _chosen(mutants_of_packs(), chosen.only)
        mutants = _chosen(_all_mutants(), chosen.only)
        if chosen.list:
            print(*(mutant.name for mutant in [*packs, *mutants]), sep="\n")
            return 0
        return _run(packs, mutants, Scope(ROOT, nearest=chosen.nearest), jobs=chosen.jobs, go_on=chosen.go_on)
    finally:
        database.pytest_unconfigure()


def _chosen(mutants: list[Named], only: list[str]) -> list[Named]:
    return [mutant for mutant in mutants if not only or any(text in mutant.name for text in only)]


def _all_mutants() -> list[Mutant]:
    with database.superuser(database.TEMPLATE) as connection:
        return [*mutants_of_database(connection), *mutants_of_code(ROOT)]


def _run(packs: list[PackMutant], mutants: list[Mutant], tests: Scope, *, jobs: int, go_on: bool) -> int:
    if not packs and not mutants:
        print("No mutant has such a name.")
        return 2
    scenarios = read_scenarios()
    unsound = [difference for scenario in scenarios for difference in scenario.differences(rules_of(scenario.pack))]
    unsound += failing_without_a_mutant(mutants, tests) if mutants else []
    if unsound:
        print("These tests fail with every guard in place:", *unsound, sep="\n  ")
        if not go_on:
            print("Mend them first, or leave them out with --go-on.")
            return 2
    begun = time.monotonic()
    results: list[Result] = []
    all_results = itertools.chain(asked(packs, scenarios), run_all(mutants, replace(tests, without=unsound), jobs=jobs))
    for result in all_results:
        results.append(result)
        print(f"{len(results):4}/{len(packs) + len(mutants)} {_line(result)}", flush=True)
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
