"""What a page costs the database: how many queries it asks, and how many rows their scans read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from forebyg.store.together import BETWEEN

_READING = ("SELECT", "WITH", "(SELECT")
_AROUND = ("SET ", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
"""What surrounds queries; it asks for nothing."""


@dataclass(frozen=True)
class Cost:
    """Of one page: queries, several asked in one message counting as one, and rows that their scans read."""

    queries: int
    rows: int


def cost_of(page: Callable[[], object]) -> Cost:
    """What a page asks, and what its queries read when they are asked again under the settings that stood then."""
    with CaptureQueriesContext(connection) as captured:
        page()
    asked = [query["sql"] for query in captured.captured_queries]
    rows = 0.0
    with connection.cursor() as cursor:
        for sql in asked:
            if sql.startswith("SET "):
                cursor.execute(sql)
            elif sql.startswith(_READING):
                rows += sum(map(_rows_read, sql.split(BETWEEN)))
    return Cost(sum(not sql.startswith(_AROUND) for sql in asked), round(rows))


def _rows_read(sql: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"), [])
        (plan,) = cursor.fetchone()
    return _scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _scanned(node: dict[str, Any]) -> float:
    here = 0.0
    if "Scan" in node["Node Type"]:
        read = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
        here = node["Actual Loops"] * sum(node.get(name, 0) for name in read)
    return here + sum(_scanned(inner) for inner in node.get("Plans", []))
