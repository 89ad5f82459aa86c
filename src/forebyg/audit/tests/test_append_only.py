"""The ledger in PostgreSQL: the web role may only add, and only as itself; the owner may not take away."""

import datetime
import uuid
from typing import LiteralString

import pytest
from conftest import as_owner
from psycopg import sql

from forebyg.access.models import Worker
from forebyg.access.tests.rows import count, insert, refused, rows, run, session_of
from forebyg.audit.models import Event
from forebyg.audit.record import record
from forebyg.store.identity import act_as, now
from forebyg.store.sealed import open_sealed

MATTER = uuid.UUID("01920000-0000-7000-8000-000000000001")


@pytest.fixture
def vink(cast: dict[str, Worker]) -> Worker:
    act_as(cast["vink"].id)
    return cast["vink"]


def _events() -> list[Event]:
    with as_owner():
        return list(Event.objects.order_by("id"))


@pytest.mark.req("R-217", part="an event says who, for which agency, what, in which matter and why")
def test_an_event_is_written_whole(vink: Worker) -> None:
    moment = now()
    record("case-read", actor=vink, at=moment, matters=[MATTER], records=[vink.id], reason="Opfundet grund", codes={"step": 2})
    (event,) = _events()
    assert (event.worker_id, event.agency_id, event.action, event.at) == (vink.id, vink.agency_id, "case-read", moment)
    assert (event.matter_ids, event.record_ids, event.codes) == ([MATTER], [vink.id], {"step": 2})
    open_sealed([event])
    assert event.reason == "Opfundet grund"


@pytest.mark.req("R-214", part="a reason in the ledger is sealed")
def test_the_reason_is_sealed(vink: Worker) -> None:
    record("case-read", actor=vink, at=now(), reason="Opfundet grund")
    with as_owner():
        assert b"Opfundet grund".hex() not in rows("SELECT to_jsonb(e)::text FROM audit_event e")[0][0]


def test_an_event_is_written_as_oneself_alone(cast: dict[str, Worker], vink: Worker) -> None:
    record("case-read", actor=vink, at=now())
    for other in (cast["sof"].id, cast["vink-kollega"].id, None):
        with refused():
            insert("audit_event", worker_id=other, agency_id=vink.agency_id)
    act_as(None)
    insert("audit_event", worker_id=None, agency_id=None)
    with refused():
        insert("audit_event", worker_id=vink.id, agency_id=vink.agency_id)


def test_a_stranger_is_kept_for_an_agency_only_as_failing_at_one_account_of_it(cast: dict[str, Worker], vink: Worker) -> None:
    fact = {"worker_id": None, "agency_id": vink.agency_id, "action": "second-factor-failed", "record_ids": [vink.id]}
    with refused():
        insert("audit_event", **fact)  # while VINK's worker is signed in
    act_as(None)
    for wrong in (
        {"agency_id": cast["sof"].agency_id},
        {"worker_id": vink.id},
        {"action": "signed-in"},
        {"record_ids": []},
        {"record_ids": [MATTER]},
        {"record_ids": [vink.id, cast["sof"].id]},
        {"matter_ids": [MATTER]},
    ):
        with refused():
            insert("audit_event", **{**fact, **wrong})
    insert("audit_event", **fact)


def test_an_event_is_written_for_ones_own_agency_alone(cast: dict[str, Worker], vink: Worker) -> None:
    with refused():
        insert("audit_event", worker_id=vink.id, agency_id=cast["sof"].agency_id)


# What can change or remove rows in PostgreSQL, one by one and in bulk.
TAKES_AWAY: list[LiteralString] = [
    "UPDATE {0} SET {1} = {1}",
    "UPDATE {0} SET {1} = o.{1} FROM {0} o WHERE o.{1} = {0}.{1}",
    "UPDATE ONLY {} SET {} = DEFAULT",
    "DELETE FROM {}",
    "DELETE FROM {0} USING {0} o WHERE o.{1} = {0}.{1}",
    "WITH gone AS (DELETE FROM {} RETURNING *) SELECT count(*) FROM gone",
    "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT ({2}) DO UPDATE SET {1} = excluded.{1}",
    "MERGE INTO {0} USING {0} o ON o.{2} = {0}.{2} WHEN MATCHED THEN UPDATE SET {1} = o.{1}",
    "MERGE INTO {0} USING {0} o ON o.{2} = {0}.{2} WHEN MATCHED THEN DELETE",
    "TRUNCATE {}",
    "TRUNCATE {} CASCADE",
]
TABLES = {"audit_event": ("action", "id"), "audit_leaf": ("hash", "position"), "audit_head": ("root", "size")}
EVERYONE = ["forebyg_web", "forebyg_worker", "forebyg_public", "forebyg_stats", "forebyg_sealer", "forebyg_owner"]


@pytest.fixture
def sealed(vink: Worker) -> None:
    """An event, and a leaf and a head as if it were sealed."""
    record("case-read", actor=vink, at=now())
    with as_owner():
        run("INSERT INTO audit_leaf SELECT 0, id, sha256(''), '{}' FROM audit_event")
        run("INSERT INTO audit_head VALUES (1, sha256(''), now(), gen_random_uuid(), '', '')")


@pytest.mark.req("R-217", part="no database role changes or removes an event, a leaf or a head, its owner included")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", EVERYONE)
def test_nobody_changes_or_removes(sealed: None, role: LiteralString, table: str) -> None:
    column, key = map(sql.Identifier, TABLES[table])
    with session_of(role):
        for statement in TAKES_AWAY:
            with refused():
                run(sql.SQL(statement).format(sql.Identifier(table), column, key))
    with as_owner():
        assert count(table) == 1


@pytest.mark.req("R-217", part="who serves pages, jobs, forms and statistics can't read the log")
@pytest.mark.parametrize("table", [*TABLES, "audit_sealer", "audit_sealed_until"])
@pytest.mark.parametrize("role", EVERYONE[:4])
def test_no_role_that_serves_reads_the_ledger(sealed: None, role: LiteralString, table: str) -> None:
    with session_of(role), refused():
        run(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))


@pytest.mark.parametrize("role", EVERYONE[:4])
def test_no_role_that_serves_writes_leaves_or_heads(sealed: None, role: LiteralString) -> None:
    for statement in (
        "INSERT INTO audit_leaf VALUES (1, gen_random_uuid(), '', '{}')",
        "INSERT INTO audit_head VALUES (2, '', now(), gen_random_uuid(), '', '')",
        "INSERT INTO audit_sealed_until VALUES (1, '1', gen_random_uuid())",
        "UPDATE audit_sealer SET was_there_at = now()",
    ):
        with session_of(role), refused():
            run(statement)


def test_the_sealer_writes_no_events_and_moves_no_installation(sealed: None) -> None:
    with session_of("forebyg_sealer"):
        for statement in (
            "INSERT INTO audit_event SELECT * FROM audit_event",
            "UPDATE audit_sealer SET installation = gen_random_uuid()",
            "DELETE FROM audit_sealed_until",
            "COPY audit_event FROM PROGRAM 'true'",
        ):
            with refused():
                run(statement)


@pytest.mark.parametrize("deed", ["update", "delete", "bulk_update"])
def test_the_application_too_is_refused_in_bulk(sealed: None, deed: str) -> None:
    (event,) = _events()
    deeds = {
        "update": lambda: Event.objects.update(action=""),
        "delete": lambda: Event.objects.all().delete(),
        "bulk_update": lambda: Event.objects.bulk_update([event], ["action"]),
    }
    with refused():
        deeds[deed]()
    with as_owner(), refused():
        deeds[deed]()
    assert [each.action for each in _events()] == ["case-read"]


def test_transaction_and_moment_of_writing_are_postgresqls(vink: Worker) -> None:
    record("case-read", actor=vink, at=now() - datetime.timedelta(days=30))
    with as_owner():
        assert rows(
            "SELECT xid = pg_current_xact_id(), written_at BETWEEN pg_catalog.now() AND clock_timestamp(),"
            " cluster = (pg_control_system()).system_identifier FROM audit_event"
        ) == [(True, True, True)]


@pytest.mark.parametrize(("column", "value"), [("xid", "1"), ("written_at", "2016-01-01"), ("cluster", "1")])
def test_transaction_and_moment_of_writing_cannot_be_given(vink: Worker, column: str, value: str) -> None:
    with refused():
        insert("audit_event", worker_id=vink.id, agency_id=vink.agency_id, **{column: value})
