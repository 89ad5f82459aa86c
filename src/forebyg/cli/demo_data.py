"""The demo's cases: the strategy's example case in the middle of its life, and about forty invented ones in every state.

All are made by the actions that the pages call, on days that the database then lives in, in the order of time; at the end
the database lives in the present. Nobody is named: persons are role labels, and every word is invented.
"""

from __future__ import annotations

import datetime
import heapq
import random
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from forebyg.cli.example_case import ExamplePlay
from forebyg.cli.scenarios.invented import invented_cases
from forebyg.cli.scenarios.telling import Scenes, Telling
from forebyg.cli.stage import Stage, a_morning
from forebyg.store.identity import now
from forebyg.strategy.queries import current_pack

EXAMPLE_PACK = "copenhagen-2016"
EXAMPLE_STANDS_AT = 131
"""The day of the example case that is today: after the first of the regular meetings with the father."""
SEED = 2016


def build() -> None:
    """Make the demo's cases, signed in as the web role, in a database that holds the cast and the plans."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    present = now()
    rng = random.Random(SEED)  # noqa: S311 - the same demo each time
    with Stage(a_morning(timezone.localdate(present) - datetime.timedelta(days=EXAMPLE_STANDS_AT))) as stage:
        play = ExamplePlay(stage, current_pack(EXAMPLE_PACK), counts_as_completed=True)
        cases = [Telling(case, stage, now=present, rng=rng).scenes() for case in invented_cases()]
        play_in_order(stage, [play.scenes(until_day=EXAMPLE_STANDS_AT), *cases])


def play_in_order(stage: Stage, cases: Iterable[Scenes]) -> None:
    """Play the cases' scenes in the order of time, so that references rise with the days on which matters begin."""
    waiting = [(moment, number, scenes) for number, scenes in enumerate(cases) if (moment := next(scenes, None))]
    heapq.heapify(waiting)
    while waiting:
        moment, number, scenes = heapq.heappop(waiting)
        stage.live(moment)
        following = next(scenes, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, scenes))
