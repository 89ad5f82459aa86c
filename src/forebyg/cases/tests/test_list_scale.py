"""What a page of a list costs when the worker's reach grows from 100 to 10 000 cases.

Measured as the web role with row-level security: the number of queries, and the rows that their scans read. Not in it: what
is read once of the worker's grants, by the application in each request (`reach_of`) and by the policies' functions in each
query. That grows with the reach: 10 000 grants take about 20 ms.

The first pages are measured, where the day's work is. What has no deadline comes after all that has one, and reading it
grows with the agency's open work; so does counting the clocks that stand still (the expected failure below).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from forebyg.access.models import Worker
from forebyg.access.reach import forget_reach, reach_of
from forebyg.cases.board import BoardFilters, board_page, step_counts
from forebyg.cases.inbox import InboxFilters, Waiting, inbox_page
from forebyg.cases.lists import CaseFilters, Sort, case_page, has_many
from forebyg.cases.paging import COUNT_CAP, PAGE, first_keys, first_of_each, in_index_order
from forebyg.cases.tests.costs import Cost, cost_of
from forebyg.cases.tests.many_cases import make_cases
from forebyg.store.identity import act_as, now
from forebyg.store.together import Question, ask

pytestmark = pytest.mark.django_db

SLACK = 2
"""A hundred times the cases may cost no more than twice the rows: where in the index the wanted rows lie, and which of two
equal plans is taken, differs from one run to the next."""


CAPPED = {"tiles by deadline": 6 * (COUNT_CAP + 1), "board's counts": 9 * (COUNT_CAP + 1)}
"""Counts stop at a cap in each of their parts; with 100 cases they don't come so far."""


def enter(worker: Worker) -> Worker:
    """A new request of this worker: who acts is told, and the reach is read."""
    act_as(worker.id)
    forget_reach(worker)
    reach_of(worker)
    assert worker.permissions
    return worker


def in_order(worker: Worker, question: Question[list[Any]]) -> list[Any]:
    """An answer as the lists ask for it."""
    with in_index_order(has_many(worker)):
        (found,) = ask(question)
    return list(found)


def costs(cast: dict[str, Worker]) -> dict[str, Cost]:
    """The cost of the first pages of every list, and of the second one of the inbox."""
    vink, at = enter(cast["vink"]), now()
    first = inbox_page(vink, InboxFilters(), now=at)
    assert len(first[0]) == PAGE
    found = {
        "inbox": cost_of(lambda: inbox_page(vink, InboxFilters(), now=at)),
        "inbox, next page": cost_of(lambda: inbox_page(vink, InboxFilters(), now=at, after=first[1].next)),
        "tiles by deadline": cost_of(
            lambda: in_order(vink, first_of_each(Waiting(vink, InboxFilters(), at).dated_by_filter(), "due_at"))
        ),
        "cases by move": cost_of(lambda: case_page(vink, CaseFilters(), now=at)),
        "cases by deadline": cost_of(lambda: case_page(vink, CaseFilters(sort=Sort.DUE.value), now=at)),
    }
    secretariat = enter(cast["sekretariat"])
    return found | {
        "board by step": cost_of(lambda: board_page(secretariat, BoardFilters(), now=at)),
        "board by deadline": cost_of(lambda: board_page(secretariat, BoardFilters(is_by_due=True), now=at)),
        "board's counts": cost_of(lambda: step_counts(secretariat)),
    }


def test_a_page_costs_the_same_with_100_and_with_10_000_cases(cast: dict[str, Worker]) -> None:
    if connection.pg_version < 170000:
        pytest.skip("before PostgreSQL 17 more rows are read (docs/durability.md)")
    make_cases(cast["vink"], cast["dks"], first=1, last=100)
    few = costs(cast)
    make_cases(cast["vink"], cast["dks"], first=101, last=10_000)
    assert len(reach_of(enter(cast["vink"])).whole) == 10_000
    many = costs(cast)

    assert {name: cost.queries for name, cost in many.items()} == {name: cost.queries for name, cost in few.items()}
    allowed = {name: SLACK * cost.rows for name, cost in few.items()} | {name: 10 * most for name, most in CAPPED.items()}
    assert not {name: (few[name].rows, cost.rows) for name, cost in many.items() if cost.rows > allowed[name]}


def test_counting_what_stands_still_does_not_read_what_runs(cast: dict[str, Worker]) -> None:
    make_cases(cast["vink"], cast["dks"], first=1, last=900)
    waiting = Waiting(enter(cast["vink"]), InboxFilters(), now())
    found = len(in_order(cast["vink"], first_keys(waiting.paused())))
    assert 0 < found <= COUNT_CAP
    assert cost_of(lambda: in_order(cast["vink"], first_keys(waiting.paused()))).rows <= 10 * found
