"""Many cases in one stroke, by SQL as the owner: for tests that ask what a list costs when the unit has grown large.

The triggers are off, so each row is written as they would have left it. Everything goes with the test's transaction.
"""

from __future__ import annotations

from conftest import as_owner
from django.db import connection

from forebyg.access.models import Worker

_TABLES = ("matters_matter", "cases_case", "access_admission", "access_grant", "cases_clock", "cases_task")


def _id(kind: str) -> str:
    return f"('{kind}' || lpad(to_hex(n), 6, '0') || '-0000-7000-8000-000000000000')::uuid"


_ROWS = f"""
INSERT INTO matters_matter (id, unit_id, reference, created_at)
    SELECT {_id("a0")}, %(unit)s, '1999-' || lpad(n::text, 5, '0'), store.now() FROM generate_series(%(first)s, %(last)s) n;
-- The steps in turn; every lead leads a few.
INSERT INTO cases_case (id, matter_id, unit_id, lead_id, step, outcome, opened_at, moved_at, version)
    SELECT {_id("c0")}, {_id("a0")}, %(unit)s, CASE WHEN n %% 3 = 0 THEN %(other)s ELSE %(agency)s END::uuid, n %% 9 + 1, '',
           store.now() - interval '100 days', store.now() - n * interval '7 minutes', n %% 9
    FROM generate_series(%(first)s, %(last)s) n;
INSERT INTO access_admission (id, matter_id, agency_id, admitted_by_id, admitted_at, frame_only, special_only)
    SELECT {_id("ad")}, {_id("a0")}, %(agency)s, %(worker)s, store.now(), false, false FROM generate_series(%(first)s, %(last)s) n;
INSERT INTO access_grant (id, worker_id, matter_id, reason, given_by_id, starts_at, ends_at)
    SELECT {_id("9a")}, %(worker)s, {_id("a0")}, 'contact', %(worker)s, store.now() - interval '1 day', store.now() + interval '300 days'
    FROM generate_series(%(first)s, %(last)s) n;
-- A triage clock each, a third of them started by the other agency, one in ten standing still.
INSERT INTO cases_clock (id, root, version, is_current, matter_id, owner_id, readers, about, author_id, happened_at, recorded_at,
                         rule, unit_id, due_at, paused_at)
    SELECT {_id("b0")}, {_id("b0")}, 1, true, {_id("a0")}, owner, ARRAY[owner], '{{}}', %(worker)s, due - interval '48 hours',
           due - interval '48 hours', 'triage', %(unit)s, due, CASE WHEN n %% 10 = 9 THEN store.now() END
    FROM generate_series(%(first)s, %(last)s) n,
         LATERAL (SELECT CASE WHEN n %% 3 = 0 THEN %(other)s ELSE %(agency)s END::uuid AS owner,
                         store.now() + (n * 37 %% 144 - 48) * interval '1 hour' + n * interval '1 second' AS due) one;
-- A new offer to be made some months on.
INSERT INTO cases_clock (id, root, version, is_current, matter_id, owner_id, readers, about, author_id, happened_at, recorded_at,
                         rule, unit_id, due_at)
    SELECT {_id("b1")}, {_id("b1")}, 1, true, {_id("a0")}, %(agency)s, ARRAY[%(agency)s::uuid], '{{}}', %(worker)s, store.now(), store.now(),
           're-offer', %(unit)s, store.now() + n %% 90 * interval '1 day' + interval '1 hour'
    FROM generate_series(%(first)s, %(last)s) n;
-- Every other step is the worker's agency's turn; every fifth case has a task with a deadline, and every fifth one without.
INSERT INTO cases_task (id, root, version, is_current, matter_id, owner_id, readers, about, author_id, happened_at, recorded_at,
                        kind, assigned_to_id, step, text, due_at)
    SELECT {_id("d0")}, {_id("d0")}, 1, true, {_id("a0")}, %(agency)s, ARRAY[%(agency)s::uuid, turn], '{{}}', %(worker)s, store.now(),
           store.now(), 'step', turn, n %% 9 + 1, '\\x00', NULL
    FROM generate_series(%(first)s, %(last)s) n,
         LATERAL (SELECT CASE WHEN n %% 2 = 0 THEN %(other)s ELSE %(agency)s END::uuid AS turn) one;
INSERT INTO cases_task (id, root, version, is_current, matter_id, owner_id, readers, about, author_id, happened_at, recorded_at,
                        kind, assigned_to_id, text, due_at)
    SELECT {_id("d1")}, {_id("d1")}, 1, true, {_id("a0")}, %(agency)s, ARRAY[%(agency)s::uuid], '{{}}', %(worker)s, store.now(),
           store.now(), 'do', %(agency)s, '\\x00', CASE WHEN n %% 10 = 0 THEN store.now() + (n %% 400) * interval '1 hour' + interval '1 minute' END
    FROM generate_series(%(first)s, %(last)s) n WHERE n %% 5 = 0;
"""


def make_cases(worker: Worker, other: Worker, *, first: int, last: int) -> None:
    """Cases number `first` to `last`, all in the worker's reach; the agency of `other` leads and owns some of what waits."""
    given = {
        "worker": worker.id,
        "agency": worker.agency_id,
        "other": other.agency_id,
        "unit": worker.unit_id,
        "first": first,
        "last": last,
    }
    with as_owner(), connection.cursor() as cursor:
        if first == 1:
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(_ROWS, given)
        cursor.execute("ANALYZE " + ", ".join(_TABLES))
