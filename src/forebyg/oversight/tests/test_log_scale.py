"""What a page of the log costs when the ledger grows from 300 to 10 000 events: the rows that PostgreSQL reads for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import pytest
from conftest import as_owner
from django.db import connection

from forebyg.access.models import Worker
from forebyg.access.tests.rows import insert, rows, run
from forebyg.cases.paging import PAGE
from forebyg.oversight.events import EventFilters, event_page
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db

SLACK = 1.5
"""Where in an index the wanted rows lie differs a little."""

_EVENTS = """
INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
SELECT (%(kind)s || lpad(to_hex(n), 6, '0') || '-0000-7000-8000-000000000000')::uuid, store.now() - n * interval '3 minutes',
       %(worker)s, %(agency)s, (ARRAY['case.seen', 'cases.listed', 'item.written', 'refused', 'record.disclosed'])[n %% 5 + 1],
       CASE WHEN n <= 100 THEN ARRAY[%(matter)s::uuid] ELSE '{}' END, CASE WHEN n %% 4 = 0 THEN ARRAY[%(root)s::uuid] ELSE '{}' END,
       '{}', ''
  FROM generate_series(%(first)s, %(last)s) n
"""


def write_events(kind: str, worker: Worker, about: Mapping[str, uuid.UUID], first: int, last: int) -> None:
    """Events number `first` to `last` of a worker, from now backwards, by SQL as the owner. Triggers run."""
    given = {"kind": kind, "worker": worker.id, "agency": worker.agency_id, "first": first, "last": last, **about}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_EVENTS, given)
        cursor.execute("ANALYZE audit_event, oversight_touch")


def rows_read() -> int:
    """How many rows of the tables that a log is read from were read in this transaction so far."""
    return int(
        rows(
            "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('audit_event', 'oversight_touch')"
        )[0][0]
    )


def costs(officer: Worker, filters: Mapping[str, dict[str, str]]) -> dict[str, int]:
    """Rows read for a page with each of these filters, and for the page after the first one."""
    act_as(officer.id)
    found = {}
    for name, query in filters.items():
        before = rows_read()
        page = event_page(officer, EventFilters.read(query))
        found[name] = rows_read() - before
        assert len(page.rows) == PAGE, name
    before = rows_read()
    event_page(officer, EventFilters(), after=event_page(officer, EventFilters()).next)
    return found | {"next page": rows_read() - before}


def test_a_page_of_the_log_costs_the_same_with_300_and_with_10_000_events(officers: dict[str, Worker]) -> None:
    if connection.pg_version < 170000:
        pytest.skip("before PostgreSQL 17 more rows are read (docs/durability.md)")
    vink, dks, officer = officers["vink"], officers["dks"], officers["dpo"]
    matter, root, other_root = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    with as_owner():
        insert("matters_matter", id=matter, unit_id=vink.unit_id, reference="1999-0001")
        run("INSERT INTO access_record_owner VALUES (%s, %s, %s, 'cases_item')", root, vink.agency_id, matter)
        run("INSERT INTO access_record_owner VALUES (%s, %s, %s, 'cases_item')", other_root, vink.agency_id, uuid.uuid4())
    filters = {
        "nothing": {},
        "matter": {"sag": "1999-0001"},
        "worker": {"medarbejder": str(vink.id)},
        "worker of others": {"medarbejder": str(dks.id)},
        "agency": {"myndighed": str(vink.agency_id)},
        "agency of others": {"myndighed": str(dks.agency_id)},
        "reading": {"type": "laest"},
        "sharing": {"type": "delt"},
    }
    write_events("a0", vink, {"matter": matter, "root": root}, 1, 300)
    write_events("b0", dks, {"matter": matter, "root": root}, 1, 300)
    few = costs(officer, filters)
    assert all(few.values()), "reading is counted"
    write_events("a0", vink, {"matter": matter, "root": other_root}, 301, 10_000)
    write_events("b0", dks, {"matter": matter, "root": other_root}, 301, 10_000)
    many = costs(officer, filters)
    assert not {name: (few[name], cost) for name, cost in many.items() if cost > SLACK * few[name]}
