"""make kill: the whole run, and its table as docs/durability.md shows it. Exit status 1 when anything is lost."""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.kill.run import run


def main() -> int:
    """Run and print."""
    wanted = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    wanted.add_argument("--writes", type=int, default=40_000, help="acknowledged writes to reach")
    wanted.add_argument("--kills", type=int, default=50)
    wanted.add_argument("--longest", type=float, default=900, help="seconds after which it ends with what was reached")
    asked = wanted.parse_args()
    outcome = run(
        writes=asked.writes,
        kills=asked.kills,
        longest=asked.longest,
        tell=lambda line: print(line, flush=True),
        waits_for_rescue=True,
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"\nMeasured {time.strftime('%d %B %Y')}: {os.cpu_count()} cores, {memory:.0f} GB, {outcome.seconds:.0f} s\n")
    print("| | |\n|---|---|")
    for victim, number in outcome.kills.items():
        print(f"| kill -9 of {victim} | {number} |")
    print(f"| of the acknowledged over HTTP | {outcome.by_http} |")
    for name, number in outcome.counts.items():
        print(f"| {name} | {number} |")
    print(f"| `forebyg audit verify` afterwards | {'nothing found' if outcome.verified else 'FAILED'} |")
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
