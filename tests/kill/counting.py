"""What is in the database at the end: python -m tests.kill.counting LOG… prints the counts as JSON. Runs as the owner."""

from __future__ import annotations

import collections
import json
import re
import sys
import uuid
from pathlib import Path

import django
from django.db import connection

_MARK = re.compile(r"skrevet af \d+ som nummer \d+")
_AT_ONCE = 2_000


def count(acknowledged: list[str]) -> dict[str, int]:
    """Compare what the writers were told with what is there, opened, and each with its event in the ledger."""
    from forebyg.cases.models import Item
    from forebyg.store.sealed import open_sealed

    found: collections.Counter[str] = collections.Counter()
    effects: set[uuid.UUID] = set()
    matters: set[uuid.UUID] = set()
    rows: list[Item] = []

    def take() -> None:
        open_sealed(rows)
        for row in rows:
            if _MARK.fullmatch(row.text):
                found[row.text] += 1
                effects.add(row.root)
                matters.add(row.matter_id)
        rows.clear()

    for row in Item.objects.iterator(chunk_size=_AT_ONCE):
        rows.append(row)
        if len(rows) == _AT_ONCE:
            take()
    take()
    every_item = set(Item.objects.values_list("root", flat=True))
    events = _events_of(matters)
    return {
        "acknowledged": len(acknowledged),
        "found": len(found),
        "lost": len(set(acknowledged) - set(found)),
        "doubled": sum(found.values()) - len(found),
        "effects without event": len(effects - set(events)),
        "events without effect": len(set(events) - every_item),
        "events doubled": sum(events[root] - 1 for root in effects if root in events),
        "jobs left half done": _number("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"),
    }


def _events_of(matters: set[uuid.UUID]) -> collections.Counter[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(record_ids) FROM audit_event WHERE action = 'item.written' AND matter_ids && %s", [list(matters)]
        )
        return collections.Counter(root for (root,) in cursor.fetchall())


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        number: int = cursor.fetchone()[0]
    return number


if __name__ == "__main__":
    django.setup()
    print(json.dumps(count([line for log in sys.argv[1:] for line in Path(log).read_text().splitlines()])))
