"""The ledger in PostgreSQL: the web role may only add, and only as itself; the owner may not take away."""

import datetime
import uuid

import pytest
from conftest import as_owner

from forebyg.access.models import Worker
from forebyg.access.tests.rows import insert, refused, rows, run
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


def test_an_event_is_written_for_ones_own_agency_alone(cast: dict[str, Worker], vink: Worker) -> None:
    with refused():
        insert("audit_event", worker_id=vink.id, agency_id=cast["sof"].agency_id)


@pytest.mark.req("R-217", part="who serves pages can neither read, change nor remove an event")
@pytest.mark.parametrize(
    "statement",
    ["SELECT action FROM audit_event", "UPDATE audit_event SET action = ''", "DELETE FROM audit_event", "TRUNCATE audit_event"],
)
@pytest.mark.parametrize("role", ["forebyg_web", "forebyg_worker", "forebyg_public", "forebyg_stats"])
def test_no_role_that_serves_reads_changes_or_removes_events(vink: Worker, role: str, statement: str) -> None:
    record("case-read", actor=vink, at=now())
    run("SET SESSION AUTHORIZATION " + role)
    with refused():
        run(statement)
    run("SET SESSION AUTHORIZATION forebyg_web")


@pytest.mark.req("R-217", part="the database refuses to change or remove an event, its owner included")
@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = ''", "DELETE FROM audit_event", "TRUNCATE audit_event"])
def test_the_owner_too_is_refused(vink: Worker, statement: str) -> None:
    record("case-read", actor=vink, at=now())
    with as_owner(), refused():
        run(statement)
    assert [event.action for event in _events()] == ["case-read"]


def test_transaction_and_moment_of_writing_are_postgresqls(vink: Worker) -> None:
    record("case-read", actor=vink, at=now() - datetime.timedelta(days=30))
    with as_owner():
        assert rows(
            "SELECT xid = pg_current_xact_id(), written_at BETWEEN pg_catalog.now() AND clock_timestamp() FROM audit_event"
        ) == [(True, True)]


@pytest.mark.parametrize(("column", "value"), [("xid", "1"), ("written_at", "2016-01-01")])
def test_transaction_and_moment_of_writing_cannot_be_given(vink: Worker, column: str, value: str) -> None:
    with refused():
        insert("audit_event", worker_id=vink.id, agency_id=vink.agency_id, **{column: value})
