"""What a finding costs: `python -m tests.bench.law`. Facts are made and judged, sentence included, for every scenario."""

from __future__ import annotations

import dataclasses
import statistics
import time

from forebyg.law.engine import Law, rules_of
from forebyg.law.reading import pack_ids
from forebyg.law.scenario import read_scenarios

LIMIT = 200
"""Microseconds that the median may be."""


def microseconds_of_findings(*, rounds: int = 30) -> list[float]:
    """The median time of each scenario's finding, in microseconds of this process, sorted."""
    laws = {pack: Law(rules_of(pack), dict.fromkeys(rules_of(pack).versions, "bench")) for pack in pack_ids()}
    return sorted(
        statistics.median(_once(laws[scenario.pack], scenario.question) for _ in range(rounds)) for scenario in read_scenarios()
    )


def _once(law: Law, question: object) -> float:
    begun = time.process_time_ns()
    law.judge(dataclasses.replace(question))  # type: ignore[type-var]
    return (time.process_time_ns() - begun) / 1000


def main() -> int:
    """Print median, 99th percentile and longest; 1 when the median is over the limit."""
    found = microseconds_of_findings()
    median = statistics.median(found)
    print(
        f"{len(found)} findings: median {median:.0f} µs, p99 {found[len(found) * 99 // 100]:.0f} µs, longest {found[-1]:.0f} µs"
    )
    return int(median > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
