"""What a page asks of the database, and what the policies cost beside a WHERE that says the same."""

from __future__ import annotations

import statistics
import time
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import transaction
from django.test import Client
from tests.bench.data import Known

from forebyg.cases.tests.costs import Cost, cost_of

_LATEST = "SELECT id FROM cases_item {where} ORDER BY happened_at DESC, id DESC LIMIT 50"
_RUNS = 60
_ASKED = 30


@dataclass(frozen=True)
class PolicyCost:
    """Milliseconds, medians."""

    policies_ms: float
    where_ms: float

    @property
    def ratio(self) -> float:
        """How many times as long with policies."""
        return self.policies_ms / self.where_ms


@dataclass(frozen=True)
class Growth:
    """The same page of a case with 20 items and 40 disclosures, and with ten times as many; times are medians of this process
    and of what it waits for, in milliseconds."""

    few: Cost
    many: Cost
    few_ms: float
    many_ms: float

    @property
    def ratio(self) -> float:
        """How many times as long with many."""
        return self.many_ms / self.few_ms


def growth(cookie: tuple[str, str], few: str, many: str) -> Growth:
    """Of the pages at two addresses, asked in turn so that a busy machine slows both."""
    costs = [page_cost(cookie, address) for address in (few, many)]
    client = _client(cookie)
    took: dict[str, list[float]] = {few: [], many: []}
    for address in (few, many) * _ASKED:
        began = time.perf_counter()
        assert client.get(address, HTTP_HOST="127.0.0.1").status_code == 200
        took[address].append(1000 * (time.perf_counter() - began))
    return Growth(costs[0], costs[1], statistics.median(took[few]), statistics.median(took[many]))


def _client(cookie: tuple[str, str]) -> Client:
    client = Client()
    client.cookies[cookie[0]] = cookie[1]
    return client


def page_cost(cookie: tuple[str, str], address: str) -> Cost:
    """Of one page, asked in this process as the web role. Raises `AssertionError` when it is not shown."""
    client = _client(cookie)

    def page() -> None:
        answer = client.get(address, HTTP_HOST="127.0.0.1")
        assert answer.status_code == 200, answer.status_code

    with transaction.atomic():  # so that who acts is known when the queries are asked again
        page()
        return cost_of(page)


def policy_cost(web: psycopg.Connection[Any], owner: psycopg.Connection[Any], one: Known) -> PolicyCost:
    """The latest 50 items that a worker may see: by the policies alone, and by the owner with an explicit WHERE."""
    agency, matters = one.agency, [case.matter for case in one.cases]
    where = _LATEST.format(where="WHERE matter_id = ANY (%s::uuid[]) AND %s::uuid = ANY (readers)")
    plain = _LATEST.format(where="")
    with_policies, with_where = [], []
    with web.transaction(), owner.transaction():
        web.execute("SELECT set_config('forebyg.worker', %s, true)", [str(one.worker)])
        for _ in range(_RUNS):
            took, seen = _timed(web, plain, [])
            with_policies.append(took)
            took, chosen = _timed(owner, where, [matters, agency])
            with_where.append(took)
            assert seen == chosen, "the policies and the WHERE show different rows"
    return PolicyCost(1000 * statistics.median(with_policies), 1000 * statistics.median(with_where))


def _timed(connection: psycopg.Connection[Any], sql: str, given: list[object]) -> tuple[float, list[uuid.UUID]]:
    began = time.perf_counter()
    found = connection.execute(sql, given).fetchall()  # type: ignore[arg-type]  # one of the two above
    return time.perf_counter() - began, [id for (id,) in found]
