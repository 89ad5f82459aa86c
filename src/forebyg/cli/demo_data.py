"""The demo's cases: the strategy's example case in the middle of its life, and about forty invented ones in every state.

All are made by the actions that the pages call, each told the moment at which it happens. Nobody is named:
persons are role labels, and every word is invented.
"""

from __future__ import annotations

import datetime
import os
import random
import traceback
from collections.abc import Callable, Iterable

from django.db import connection
from django.utils import timezone

from forebyg.cli.example_case import ExamplePlay
from forebyg.cli.scenarios.invented import invented_cases
from forebyg.cli.scenarios.telling import Scenes, Telling
from forebyg.cli.stage import Stage, a_morning
from forebyg.core.errors import ForebygError
from forebyg.store.identity import now
from forebyg.strategy.queries import current_pack

EXAMPLE_PACK = "copenhagen-2016"
EXAMPLE_STANDS_AT = 131
"""The day of the example case that is today: after the first of the regular meetings with the father."""
SEED = 2016


def build() -> None:
    """Make the demo's cases, signed in as the web role, in a database that holds the cast and the plans."""
    present = now()
    start = a_morning(timezone.localdate(present) - datetime.timedelta(days=EXAMPLE_STANDS_AT))
    with Stage(start, moves_clock=False) as stage:
        _write_without_waiting()
        example = ExamplePlay(stage, current_pack(EXAMPLE_PACK), counts_as_completed=True)
        cases = [example.scenes(until_day=EXAMPLE_STANDS_AT)]
        for number, case in enumerate(invented_cases()):
            rng = random.Random(SEED + number)  # noqa: S311 - the same demo each time
            cases.append(Telling(case, stage, now=present, rng=rng).scenes())
        begun = begin_in_order(stage, cases)
        stage.owner.execute(
            "ANALYZE public.access_grant, public.access_admission, public.cases_case, public.people_participant"
        )
        in_two_processes(lambda: play_on(stage, begun[0::2]), lambda: play_on(stage, begun[1::2]))


Begun = tuple[datetime.datetime, int, Scenes]
"""A case that has begun: when it goes on, its number, and its scenes."""


def begin_in_order(stage: Stage, cases: Iterable[Scenes]) -> list[Begun]:
    """Play the first scene of each case in the order of time, so that references rise with the days on which matters begin."""
    first = sorted((next(scenes), number, scenes) for number, scenes in enumerate(cases))
    begun = []
    for moment, number, scenes in first:
        stage.live(moment)
        following = next(scenes, None)
        if following is not None:
            begun.append((following, number, scenes))
    stage.leave()
    return begun


def play_on(stage: Stage, begun: Iterable[Begun]) -> None:
    """Play the rest of the scenes, case by case."""
    for moment, _number, scenes in begun:
        stage.live(moment)
        for following in scenes:
            stage.live(following)
    stage.leave()


def in_two_processes(here: Callable[[], None], there: Callable[[], None]) -> None:
    """Do two things at once, each with database connections of its own. Raises `DemoNotBuilt` when the other one failed."""
    connection.close()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _write_without_waiting()
            there()
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    try:
        _write_without_waiting()
        here()
    finally:
        _, status = os.waitpid(child, 0)
    if status != 0:
        raise DemoNotBuilt


class DemoNotBuilt(ForebygError):
    """A part of the demo's cases could not be made."""

    code = "demo-not-built"


def _write_without_waiting() -> None:
    """Until the stage closes, a commit does not wait for the disk: a half filled demo is filled anew anyway."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
