"""Who may read what of the ledger: asked of PostgreSQL by raw SQL, as two controllers' officers and as everybody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pytest
from conftest import as_owner

from forebyg.access.models import RoleHolding, Worker
from forebyg.access.permissions import OVERSEEING_ROLES, Role
from forebyg.access.tests.rows import insert, refused, rows, run, session_of
from forebyg.audit.record import record
from forebyg.cases.actions import noting
from forebyg.cases.models import Item
from forebyg.cases.queries import records_of
from forebyg.cases.tests.cast import Play, an_item
from forebyg.oversight.tests.conftest import reference_of
from forebyg.store.identity import act_as
from forebyg.store.roles import PUBLIC, SEALER, STATS, WORKER

pytestmark = pytest.mark.django_db

LOG = "SELECT * FROM oversight_events(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, 1000)"
WHOLE_DAY = "store.now() - interval '30 days', store.now() + interval '1 day', 'Europe/Copenhagen'"
UNUSUAL = f"SELECT * FROM oversight_unusual({WHOLE_DAY}, '{{case.seen}}', '{{case.seen}}', '{{}}', 0, 0, 24, '1 hour', 0, 100)"
ID, AT, WORKER_ID, AGENCY_ID, ACTION, REFERENCES, KINDS, CODES, HAS_REASON, IS_OWN = range(10)


@pytest.fixture
def shared(play: Play) -> Item:
    """An item of VINK's that was disclosed to DKS, and an item of DKS's own; then DKS saw the case with both."""
    acting = play.by()
    ours = noting.write_item(**acting, item=an_item("Opdigtet."), about=play.subjects, happened_at=acting["now"])
    play.disclose(ours, to="dks")
    worker, now = play.become("dks")
    case = play.case("dks")
    theirs = noting.write_item(**play.by("dks"), item=an_item("Opdigtet."), about=[], happened_at=now)
    seen = records_of(worker, case, Item)
    assert {row.root for row in seen} == {ours.root, theirs.root}
    see(play, "dks", [ours.root, theirs.root])
    return ours


def see(play: Play, key: str, roots: Iterable[uuid.UUID]) -> None:
    """The event of a page of the case that showed these records."""
    worker, now = play.become(key)
    record(
        "case.seen", actor=worker, at=now, matters=[play.matter_id], records=roots, codes={"tab": "items"}, reason="Hemmeligt"
    )


def log_of(worker: Worker) -> list[tuple[object, ...]]:
    """What this worker reads of the log by raw SQL."""
    act_as(worker.id)
    return rows(LOG)


@pytest.mark.req("R-217", part="an officer reads every event of the own controller's workers, and nobody else does")
def test_an_officer_reads_all_that_own_workers_did_and_nothing_that_others_did(
    play: Play, shared: Item, officers: dict[str, Worker]
) -> None:
    own_agencies = {
        id for (id,) in rows("SELECT id FROM access_agency WHERE controller_id = %s", officers["dpo"].agency.controller_id)
    }
    with as_owner():
        expected = {id for (id,) in rows("SELECT id FROM audit_event WHERE agency_id = ANY (%s)", list(own_agencies))}
        others = {id for (id,) in rows("SELECT id FROM audit_event WHERE agency_id <> ALL (%s)", list(own_agencies))}
    found = log_of(officers["dpo"])
    assert {row[ID] for row in found if row[IS_OWN]} == expected
    assert all(row[AGENCY_ID] in own_agencies for row in found if row[IS_OWN])
    assert others - {row[ID] for row in found}, "what DKS did with its own records is DKS's"


@pytest.mark.req("R-217", part="whoever else saw one's own records is told, and nothing of what others recorded")
def test_of_an_event_of_others_an_officer_reads_the_own_records_only(
    play: Play, shared: Item, officers: dict[str, Worker]
) -> None:
    (touched,) = [row for row in log_of(officers["dpo"]) if not row[IS_OWN] and row[ACTION] == "case.seen"]
    assert touched[WORKER_ID] == officers["dks"].id
    assert touched[AGENCY_ID] == officers["dks"].agency_id
    assert touched[KINDS] in ('{"cases_item": 1}', {"cases_item": 1}), "DKS's own item is not counted"
    assert touched[CODES] in ("{}", {})
    assert touched[REFERENCES] == [reference_of(play)]
    assert touched[HAS_REASON] is False
    assert rows("SELECT * FROM oversight_sealed_reason(%s)", touched[ID]) == []


def test_the_other_controllers_officer_reads_the_other_side(play: Play, shared: Item, officers: dict[str, Worker]) -> None:
    found = log_of(officers["dpo-politi"])
    own = [row for row in found if row[IS_OWN]]
    assert {row[AGENCY_ID] for row in own} == {officers["dks"].agency_id}
    (seen,) = [row for row in own if row[ACTION] == "case.seen"]
    assert seen[KINDS] in ('{"cases_item": 2}', {"cases_item": 2}), "its own worker saw two, one of which VINK disclosed"
    assert seen[HAS_REASON] is True
    assert [row for row in found if not row[IS_OWN]] == [], "nobody else saw what DKS recorded"
    see(play, "vink", [shared.root])
    assert [row for row in log_of(officers["dpo-politi"]) if not row[IS_OWN]] == []


@pytest.mark.req("R-217", part="the log obeys visibility itself")
@pytest.mark.parametrize("key", ["vink", "dks", "sekretariat", "administrator", "politiker", "mentor"])
def test_nobody_but_an_officer_reads_the_log(play: Play, shared: Item, officers: dict[str, Worker], key: str) -> None:
    assert log_of(officers[key]) == []
    event = rows_as_owner("SELECT id FROM audit_event WHERE action = 'case.seen'")
    for query in (
        f"SELECT * FROM oversight_dealings('{reference_of(play)}', '{{}}', 'UTC', 100)",
        f"SELECT * FROM oversight_days({WHOLE_DAY})",
        UNUSUAL,
        "SELECT * FROM oversight_grant",
        "SELECT * FROM oversight_grantreview",
    ):
        act_as(officers[key].id)
        assert rows(query) == [], query
    assert rows("SELECT * FROM oversight_sealed_reason(%s)", event[0][0]) == []
    assert rows("SELECT oversight_agencies(), oversight_controller()") == [([], None)]
    for table in ("audit_event", "oversight_touch", "access_record_owner"):
        with refused():
            rows(f"SELECT * FROM {table}")


def test_nobody_who_is_not_known_reads_the_log(play: Play, shared: Item) -> None:
    act_as(None)
    assert rows(LOG) == rows(UNUSUAL) == rows("SELECT * FROM oversight_grant") == []


@pytest.mark.parametrize("role", [WORKER, PUBLIC, STATS, SEALER])
def test_no_other_role_of_the_database_reads_the_log(officers: dict[str, Worker], role: str) -> None:
    with session_of(role):
        for query in (LOG, UNUSUAL, "SELECT * FROM oversight_grant", "SELECT * FROM oversight_touch"):
            with refused():
                rows(query)


def test_the_officer_may_not_read_the_tables_themselves_nor_change_anything(
    play: Play, shared: Item, officers: dict[str, Worker]
) -> None:
    act_as(officers["dpo"].id)
    for table in ("audit_event", "oversight_touch", "access_record_owner"):
        with refused():
            rows(f"SELECT * FROM {table}")
        with refused():
            run(f"DELETE FROM {table}")
    assert rows("SELECT count(*) FROM cases_item") == [(0,)]
    assert rows("SELECT count(*) FROM people_participant") == [(0,)]


def test_an_officer_whose_role_ended_reads_nothing(play: Play, shared: Item, officers: dict[str, Worker]) -> None:
    assert log_of(officers["dpo"])
    with as_owner():
        RoleHolding.objects.filter(worker=officers["dpo"]).delete()
    assert log_of(officers["dpo"]) == []


def test_the_roles_that_oversee_are_the_same_in_python_and_in_sql(officers: dict[str, Worker]) -> None:
    worker = officers["politiker"]
    for role in Role:
        with as_owner():
            RoleHolding.objects.filter(worker=worker).delete()
            insert("access_roleholding", worker_id=worker.id, role=role.value)
        act_as(worker.id)
        (agencies,) = rows("SELECT oversight_agencies()")[0]
        assert (worker.agency_id in agencies) == (role in OVERSEEING_ROLES), role


def test_a_touch_is_told_to_each_owners_controller_and_to_no_other(play: Play, officers: dict[str, Worker]) -> None:
    acting = play.by("dks")
    theirs = noting.write_item(**acting, item=an_item("Opdigtet."), about=[], happened_at=acting["now"])
    father = play.person("father")
    worker, now = play.become("sof")
    record("case.seen", actor=worker, at=now, matters=[play.matter_id], records=[theirs.root, father, uuid.uuid4()])
    with as_owner():
        told = rows("SELECT controller_id, record_ids FROM oversight_touch WHERE agency_id = %s", worker.agency_id)
    assert sorted(told, key=str) == sorted(
        [(officers["dks"].agency.controller_id, [theirs.root]), (officers["vink"].agency.controller_id, [father])], key=str
    )


def rows_as_owner(query: str) -> list[tuple[uuid.UUID]]:
    """Rows as the owner of the database sees them."""
    with as_owner():
        return rows(query)
