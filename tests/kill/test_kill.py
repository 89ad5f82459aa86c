"""A short run of `make kill`, so that it stays true: every process killed once, a few hundred writes, nothing lost."""

from __future__ import annotations

from tests.kill.run import ORDER, run


def test_what_was_acknowledged_is_there_once_with_its_event_whatever_was_killed() -> None:
    outcome = run(writes=100, kills=len(ORDER), longest=10, tell=lambda line: None, waits_for_rescue=False, calm=1)
    assert outcome.kills == dict.fromkeys(ORDER, 1)
    assert outcome.counts["acknowledged"] == outcome.counts["found"] > len(ORDER)
    assert outcome.is_well, outcome
