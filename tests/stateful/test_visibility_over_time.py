"""Grants, disclosures, steps, clocks and visibility over time: Hypothesis draws deeds, and an oracle knows better.

`make stateful` plays 20 000 accepted steps in shares; the ordinary run plays a few, with the same seed each time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from conftest import connected_to
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import DjangoDbBlocker
from tests.database import clone, database_of_this_process, superuser
from tests.stateful.oracle.deeds import DEEDS
from tests.stateful.oracle.may import STRANGER
from tests.stateful.product.hands import HANDS
from tests.stateful.rules.everything import CaseOverTime

from forebyg.access.models import Worker
from forebyg.access.tests.rows import other_unit_worker

SEED = int(os.environ.get("FOREBYG_STATEFUL_SEED", "20160301"))
SHARES = int(os.environ.get("FOREBYG_STATEFUL_SHARES", "1"))
STEPS = int(os.environ.get("FOREBYG_STATEFUL_STEPS", "120"))
"""Accepted steps of each share."""
EXAMPLES = 3 + STEPS // 100
"""Examples between two looks at the number of steps; the first is always the simplest, so they are not too few."""

PROFILE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=60,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


@pytest.fixture(scope="module")
def cast_of_two_units(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Worker]]:
    """The cast and a worker of another unit, in a database of their own where every example is rolled back."""
    name = f"{database_of_this_process()}_stateful"
    clone(name)
    with django_db_blocker.unblock(), connected_to(name):
        other_unit_worker(Worker.objects.select_related("agency").get(email="vink@forebyg.example"), role="vink")
        workers = Worker.objects.filter(is_system=False).select_related("agency", "unit").prefetch_related("holdings")
        yield {worker.email.split("@")[0]: worker for worker in workers}


@pytest.fixture(scope="module")
def sweep(cast_of_two_units: dict[str, Worker]) -> Iterator[Callable[[], None]]:
    """Clears away what a rolled back example left in the tables, or they would grow with every one."""
    with superuser(f"{database_of_this_process()}_stateful") as connection:

        def vacuum() -> None:
            connection.execute("VACUUM")

        yield vacuum


@pytest.mark.req("R-216", part="oracle and product agree on who sees what, step by step")
@pytest.mark.parametrize("share", range(SHARES))
def test_every_worker_sees_what_the_oracle_says_whatever_happens(
    share: int, cast_of_two_units: dict[str, Worker], sweep: Callable[[], None], record_property: Callable[[str, object], None]
) -> None:
    facts = {"accepted": Counter(), "refused": Counter(), "cast": cast_of_two_units, "sweep": staticmethod(sweep)}
    machine = type("CaseOverTime", (CaseOverTime,), facts)
    played = 0
    while machine.accepted.total() < STEPS:
        run_state_machine_as_test(seed(SEED + 1000 * share + played)(machine), settings=PROFILE)
        played += 1
    for name, count in (("accepted", machine.accepted), ("refused", machine.refused)):
        record_property(f"stateful-{name}", dict(count))


def test_every_deed_of_the_oracle_has_its_hand_in_the_product() -> None:
    assert DEEDS.keys() == HANDS.keys()


def test_the_stranger_belongs_to_another_unit(cast_of_two_units: dict[str, Worker]) -> None:
    units = {worker.unit_id for key, worker in cast_of_two_units.items() if key != STRANGER}
    assert len(units) == 1
    assert cast_of_two_units[STRANGER].unit_id not in units
