"""The plays of the check, one after the other, and what is printed of them: no names, no texts that workers wrote."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from forebyg.cli.demo_check.dismissed_checks import DismissedChecks
from forebyg.cli.demo_check.example_checks import ExampleChecks
from forebyg.cli.demo_check.handed_over_checks import HandedOverChecks
from forebyg.cli.demo_check.verdict import Check, Verdict, judge
from forebyg.cli.example_case import ExamplePlay
from forebyg.cli.scenarios.dismissed import DismissedPlay
from forebyg.cli.scenarios.handed_over import HandedOverPlay
from forebyg.cli.scenarios.lilleby import pack_with_cases
from forebyg.cli.scenarios.play import Play
from forebyg.cli.stage import Stage, a_morning
from forebyg.core.errors import ForebygError
from forebyg.strategy.queries import current_pack
from forebyg.strategy.schema.example import Event

EXAMPLE_PACK = "copenhagen-2016"
FIRST_DAY = datetime.date(2016, 1, 4)


def play_all() -> int:
    """Play every case and ask its checks; returns how many of them are not met."""
    with Stage(a_morning(FIRST_DAY)) as stage:
        verdicts = [verdict for perform in _performances(stage) for verdict in perform()]
    problems = sum(not verdict.is_met for verdict in verdicts)
    print(f"\n{len(verdicts) - problems} af {len(verdicts)} tjek er ok / checks are met")
    return problems


def _performances(stage: Stage) -> Iterable[Callable[[], list[Verdict]]]:
    """The example case in both readings of A-21, then the two cases of the other municipality."""
    copenhagen, lilleby = current_pack(EXAMPLE_PACK), pack_with_cases()

    def example(counts: bool) -> list[Verdict]:
        play = ExamplePlay(stage, copenhagen, counts_as_completed=counts)
        reading = "forløb i bero tæller som gennemført" if counts else "forløb i bero tæller ikke som gennemført"
        return perform(play, reading, lambda: ExampleChecks(play, copenhagen, counts_as_completed=counts).by_text())

    def dismissed() -> list[Verdict]:
        play = DismissedPlay(stage, lilleby)
        return perform(play, "Lilleby", lambda: DismissedChecks(play, lilleby).by_text())

    def handed_over() -> list[Verdict]:
        play = HandedOverPlay(stage, lilleby)
        return perform(play, "Lilleby", lambda: HandedOverChecks(play, lilleby).by_text())

    return [lambda: example(True), lambda: example(False), dismissed, handed_over]


def perform(play: Play, heading: str, checks: Callable[[], dict[str, Check]]) -> list[Verdict]:
    """Play a case with a line for each event, then ask its checks with a line for each. An event that cannot be played is a
    check that is not met, and no other is asked."""
    print(f"\n{play.example.name.da} ({heading})")
    try:
        play.play(tell=_tell)
    except ForebygError as error:
        verdicts = [Verdict("every event can be played", f"{error.code}: {error}")]
    else:
        verdicts = judge(play.example.acceptance_checks, checks())
    for verdict in verdicts:
        print(f"  ok    {verdict.text}" if verdict.is_met else f"  FEJL  {verdict.text}\n        {verdict.problem}")
    return verdicts


def _tell(event: Event, step: int) -> None:
    print(f"  dag {event.day_offset:>3}  trin {step}  {event.name.da}")
