"""Who may write what, asked of PostgreSQL alone by raw SQL as the web role."""

import uuid
from dataclasses import replace

import pytest
from conftest import as_owner
from django.db import transaction

from forebyg.access.tests.rows import (
    RECORD_TABLES,
    SERIALIZATION_FAILURE,
    Scene,
    begin_matter,
    count,
    insert,
    insert_grant,
    other_unit_worker,
    refused,
    rows,
    run,
)
from forebyg.store.identity import act_as

each_record = pytest.mark.parametrize("table", RECORD_TABLES)
UNIQUE_VIOLATION = "23505"
WITHDRAWN_NOT_CORRECTED = {"cases_disclosure", "sharing_informationrequest", "sharing_requestanswer"}
"""From one agency to another: read by both."""


def _readers(table: str, record: uuid.UUID) -> list[uuid.UUID]:
    readers: list[uuid.UUID] = rows(f"SELECT readers FROM {table} WHERE id = %s", record)[0][0]
    return readers


# --- records


@pytest.mark.req("R-205", part="a worker writes on behalf of the worker's own organisation only")
@pytest.mark.req("R-045", part="what is recorded belongs to the agency of the worker who records it")
@each_record
def test_a_record_is_written_as_oneself_for_ones_own_agency(scene: Scene, table: str) -> None:
    written = scene.record(table)
    assert count(table, id=written, author_id=scene.cast["vink"].id, owner_id=scene.agency("vink")) == 1
    with refused():
        scene.record(table, author_id=scene.cast["vink-kollega"].id)
    with refused():
        scene.record(table, owner_id=scene.agency("sof"), **_to(scene, table, "mentor"))


def _to(scene: Scene, table: str, key: str) -> dict[str, object]:
    """For a disclosure: a recipient that is not the pretended owner."""
    if table != "cases_disclosure":
        return {}
    return {"record_table": "cases_item", "record_root": scene.record(), "recipient_id": scene.agency(key)}


@pytest.mark.req("R-216", part="without access to a matter nothing is written in it")
@each_record
def test_a_record_is_not_written_in_a_matter_without_a_grant(scene: Scene, table: str) -> None:
    given = _to(scene, table, "mentor")
    for key in ("dks", "vink-kollega", "sekretariat"):
        with refused():
            scene.record(table, by=key, **given)
    act_as(None)
    with refused():
        insert(table, **_naming(scene, table), **given)


def _naming(scene: Scene, table: str) -> dict[str, object]:
    root = uuid.uuid4()
    worker = scene.cast["vink"]
    values: dict[str, object] = {"id": root, "root": root, "matter_id": scene.matter, "owner_id": worker.agency_id}
    if table == "cases_task":
        values["assigned_to_id"] = worker.agency_id
    return values | {"author_id": worker.id, "readers": [], "about": [], "version": 1, "is_current": True}


@pytest.mark.req("R-209", part="a worker with one participant's course writes about that participant alone")
@each_record
def test_a_worker_with_one_participant_writes_about_that_one_alone(scene: Scene, table: str) -> None:
    item = scene.record(by="mentor")
    given = {} if table != "cases_disclosure" else _to(scene, table, "sof") | {"record_root": item}
    assert scene.sees(scene.record(table, by="mentor", **given), table)
    for about in ([scene.father], [scene.son, scene.father], []):
        with refused():
            scene.record(table, by="mentor", about=about, **given)
    with refused():
        scene.record(table, by="mentor", author_id=scene.cast["mentor-to"].id, **given)
    with refused():
        scene.record(table, by="mentor", owner_id=scene.agency("vink"), **given)
    second, _ = begin_matter(scene.cast["vink"])
    with refused():
        scene.record(table, by="mentor", matter_id=second, **given)


@each_record
def test_readers_are_never_what_the_writer_says(scene: Scene, table: str) -> None:
    record = scene.record(table, readers=[scene.agency("vink"), scene.agency("sof"), scene.agency("dks")])
    expected = [scene.agency("vink")]
    if table in WITHDRAWN_NOT_CORRECTED:
        expected.append(scene.agency("mentor"))
    assert _readers(table, record) == expected
    scene.act("sof")
    assert not scene.sees(record, table)


@each_record
def test_the_name_of_a_record_is_its_first_versions_id(scene: Scene, table: str) -> None:
    record = scene.record(table, root=uuid.uuid4())
    assert rows(f"SELECT root FROM {table} WHERE id = %s", record) == [(record,)]


def test_a_task_for_another_agency_is_read_by_it(scene: Scene) -> None:
    task = scene.record("cases_task", assigned_to_id=scene.agency("sof"))
    assert _readers("cases_task", task) == [scene.agency("vink"), scene.agency("sof")]
    scene.act("sof")
    assert scene.sees(task, "cases_task")
    assert run("UPDATE cases_task SET done_at = store.now(), done_by_id = %s", scene.cast["sof"].id) == 1


# --- corrections


@pytest.mark.req("R-217", part="a correction leaves the earlier version where it was")
@pytest.mark.parametrize(
    "table", sorted(set(RECORD_TABLES) - WITHDRAWN_NOT_CORRECTED - {"sharing_letter", "meetings_agendaitem"})
)  # said is said
def test_a_correction_follows_the_current_version_and_inherits_its_readers(scene: Scene, table: str) -> None:
    first, other = scene.record(table), scene.record(table)
    if table not in ("intake_reporteridentity", "cases_timelineentry", "cases_clock", "cases_task"):
        scene.disclose(first, "sof", table=table)
    second = scene.record(table, version=2, root=first, readers=[])
    assert rows(f"SELECT id, version, is_current FROM {table} WHERE root = %s ORDER BY version", first) == [
        (first, 1, False),
        (second, 2, True),
    ]
    assert _readers(table, second) == _readers(table, first)
    assert count(table, id=other, is_current=True) == 1, "another record stands as it stood"
    with refused(SERIALIZATION_FAILURE):
        scene.record(table, version=2, root=first)
    with refused(SERIALIZATION_FAILURE):
        scene.record(table, version=4, root=first)
    with refused(SERIALIZATION_FAILURE):
        scene.record(table, version=2, root=uuid.uuid4())


def test_only_the_owner_corrects_and_only_in_the_same_matter(scene: Scene) -> None:
    record = scene.record()
    scene.disclose(record, "sof")
    with refused(SERIALIZATION_FAILURE):
        scene.record(by="sof", version=2, root=record)
    second, _ = begin_matter(scene.cast["vink"])
    with refused(SERIALIZATION_FAILURE):
        scene.record(version=2, root=record, matter_id=second)


def test_a_correction_never_leaves_a_record_without_a_current_version(scene: Scene) -> None:
    record = scene.record()
    with transaction.atomic():
        scene.record(version=2, root=record, is_current=False)
    assert count("cases_item", root=record, is_current=True) == 1


def test_a_mentor_corrects_no_record_of_a_colleague_that_the_mentor_may_not_see(scene: Scene) -> None:
    record = scene.record(by="mentor-to", about=[scene.daughter])
    with refused(SERIALIZATION_FAILURE):
        scene.record(by="mentor", about=[scene.son], version=2, root=record)


# --- what may be changed afterwards


@pytest.mark.parametrize("assignment", ["readers = '{}'", "owner_id = author_id", "about = '{}'", "is_current = false"])
@each_record
def test_who_reads_a_record_and_whose_it_is_cannot_be_changed(scene: Scene, table: str, assignment: str) -> None:
    scene.record(table)
    with refused():
        run(f"UPDATE {table} SET {assignment}")
    with refused():
        run(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "assignment"),
    [
        ("cases_clock", "paused_at = store.now()"),
        ("cases_task", "done_at = store.now()"),
        ("cases_disclosure", "withdrawn_at = store.now()"),
    ],
)
def test_clocks_tasks_and_disclosures_change_in_matters_one_has_whole_alone(scene: Scene, table: str, assignment: str) -> None:
    scene.record(table)
    statement = f"UPDATE {table} SET {assignment}"
    for key in ("dks", "vink-kollega", "sekretariat", "mentor", "sof"):
        scene.act(key)
        assert run(statement) == 0, key
    act_as(None)
    assert run(statement) == 0
    scene.act("vink")
    assert run(statement) == 1


def test_a_reader_who_is_not_the_owner_withdraws_no_disclosure(scene: Scene) -> None:
    scene.disclose(scene.record(), "sof")
    scene.act("sof")
    assert count("cases_disclosure") == 1
    assert run("UPDATE cases_disclosure SET withdrawn_at = store.now()") == 0


def test_a_triage_clock_is_stopped_by_any_agency_that_has_the_matter_whole(scene: Scene) -> None:
    scene.record("cases_clock", rule="triage")
    for key, changed in (("dks", 0), ("sekretariat", 0), ("mentor", 0), ("sof", 1)):
        scene.act(key)
        assert run("UPDATE cases_clock SET stopped_at = store.now()") == changed, key


def test_a_clock_is_not_put_on_the_board_of_another_unit(scene: Scene) -> None:
    other = other_unit_worker(scene.cast["vink"])
    for key in ("vink", "mentor"):
        with refused():
            scene.record("cases_clock", by=key, rule="triage", unit_id=other.unit_id)


def test_a_task_is_not_said_to_be_done_by_somebody_else(scene: Scene) -> None:
    scene.record("cases_task")
    with refused():
        run("UPDATE cases_task SET done_at = store.now(), done_by_id = %s", scene.cast["vink-kollega"].id)


# --- grants and admissions


def test_a_grant_is_given_in_a_matter_that_one_has_whole_and_as_oneself(scene: Scene) -> None:
    assert scene.grant("vink-kollega")
    with refused():
        insert_grant(scene.matter, worker=scene.cast["vink-kollega"], given_by=scene.cast["sof"])
    with refused():
        scene.grant("dks")


@pytest.mark.req("R-216", part="nobody lets oneself into a matter")
@pytest.mark.parametrize("key", ["dks", "vink-kollega", "sekretariat", "mentor", "administrator"])
def test_nobody_lets_oneself_or_a_colleague_into_a_matter(scene: Scene, key: str) -> None:
    for colleague in (key, "vink-kollega", "mentor-to"):
        for participant in (None, scene.father):
            with refused():
                scene.grant(colleague, by=key, participant=participant)
    with refused():
        scene.admit(key, by=key)
    with refused():
        scene.admit("skole", by=key)


def test_nobody_who_acts_for_nobody_gives_access(scene: Scene) -> None:
    act_as(None)
    with refused():
        insert_grant(scene.matter, worker=scene.cast["vink"], given_by=scene.cast["vink"])
    with refused():
        insert("access_admission", matter_id=scene.matter, agency_id=scene.agency("dks"), admitted_by_id=scene.cast["dks"].id)


@pytest.mark.req("B-024", part="PostgreSQL lets nobody prolong the own access by more than 30 days")
def test_the_own_access_is_prolonged_by_30_days_at_most(scene: Scene) -> None:
    assert scene.grant("vink", ends="30 days")
    with refused():
        scene.grant("vink", ends="31 days")
    assert scene.grant("vink-kollega", ends="365 days")


def test_the_first_grant_and_the_first_admission_of_a_matter_come_once(scene: Scene) -> None:
    vink, colleague = scene.cast["vink"], scene.cast["vink-kollega"]
    scene.act("vink")
    matter = insert("matters_matter", unit_id=vink.unit_id, reference="2026-9001")
    fresh = replace(scene, matter=matter)
    with refused():
        fresh.admit("sof")
    with refused():
        fresh.grant("vink")
    fresh.admit("vink")
    with refused():
        fresh.admit("sof")
    with refused():
        fresh.admit("dks", by="dks")
    with refused():
        fresh.grant("vink-kollega")
    fresh.grant("vink")
    act_as(colleague.id)
    with refused():
        fresh.grant("vink-kollega", by="vink-kollega")
    fresh.act("vink")
    with as_owner():
        run("UPDATE access_grant SET ended_at = store.now() WHERE matter_id = %s", matter)
    with refused():
        fresh.grant("vink")


def test_an_admission_is_made_as_oneself_for_an_agency_with_a_seat_in_the_unit(scene: Scene) -> None:
    assert scene.admit("skole")
    with refused():
        scene.admit("dks", admitted_by_id=scene.cast["sof"].id)
    other = other_unit_worker(scene.cast["vink"])
    with refused():
        scene.admit("dks", agency_id=other.agency_id)
    with refused(UNIQUE_VIOLATION):
        scene.admit("sof")


def test_grants_and_admissions_are_ended_by_those_who_have_the_matter_whole_alone(scene: Scene) -> None:
    for key in ("dks", "sekretariat", "mentor", "vink-kollega"):
        scene.act(key)
        assert run("UPDATE access_grant SET ended_at = store.now()") == 0, key
        assert run("UPDATE access_admission SET ended_at = store.now()") == 0, key
    scene.act("sof")
    assert run("UPDATE access_grant SET ended_at = store.now() WHERE worker_id = %s", scene.cast["mentor"].id) == 1
    assert run("UPDATE access_admission SET ended_at = store.now() WHERE agency_id = %s", scene.agency("mentor")) == 1


@pytest.mark.parametrize("table", ["access_grant", "access_admission"])
def test_what_ended_does_not_begin_again_without_a_new_row(scene: Scene, table: str) -> None:
    column, value = ("worker_id", scene.cast["sof"].id) if table == "access_grant" else ("agency_id", scene.agency("sof"))
    scene.act("vink")
    assert run(f"UPDATE {table} SET ended_at = store.now() WHERE {column} = %s", value) == 1
    assert run(f"UPDATE {table} SET ended_at = NULL WHERE {column} = %s", value) == 0


# --- the frame


def test_a_matter_begins_in_ones_own_unit_alone(scene: Scene) -> None:
    other = other_unit_worker(scene.cast["vink"])
    scene.act("vink")
    insert("matters_matter", unit_id=scene.cast["vink"].unit_id, reference="2026-9001")
    with refused():
        insert("matters_matter", unit_id=other.unit_id, reference="2026-9002")
    act_as(None)
    with refused():
        insert("matters_matter", unit_id=scene.cast["vink"].unit_id, reference="2026-9003")


def _new_case(scene: Scene, **values: object) -> uuid.UUID:
    worker = scene.act("vink")
    matter = insert("matters_matter", unit_id=worker.unit_id, reference="2026-9001")
    fresh = replace(scene, matter=matter)
    fresh.admit("vink")
    fresh.grant("vink")
    given = {
        "matter_id": matter,
        "unit_id": worker.unit_id,
        "lead_id": worker.agency_id,
        "step": 1,
        "outcome": "",
        "version": 0,
    }
    return insert("cases_case", **(given | values))


@pytest.mark.req("R-050", part="a case begins at the first step and moves by recorded moves alone")
def test_a_case_begins_at_the_first_step_without_outcome(scene: Scene) -> None:
    other = other_unit_worker(scene.cast["vink"])
    moment = rows("SELECT store.now()")[0][0]
    for values in ({"step": 2}, {"outcome": "dealt-with"}, {"version": 1}, {"ended_at": moment}, {"unit_id": other.unit_id}):
        with refused():
            _new_case(scene, **values)
    assert _new_case(scene)


def test_a_case_is_opened_in_a_matter_that_one_has_whole_alone(scene: Scene) -> None:
    mine = scene.act("vink")
    matter = insert("matters_matter", unit_id=mine.unit_id, reference="2026-9001")
    fresh = replace(scene, matter=matter)
    fresh.admit("vink")
    fresh.grant("vink")
    fresh.admit("mentor")
    fresh.grant("mentor", participant=scene.son)
    for key in ("dks", "mentor", "sekretariat", "vink-kollega"):
        worker = scene.act(key)
        with refused():
            insert(
                "cases_case", matter_id=matter, unit_id=worker.unit_id, lead_id=worker.agency_id, step=1, outcome="", version=0
            )


@pytest.mark.parametrize("assignment", ["step = 10", "outcome = 'dealt-with'", "ended_at = store.now()", "version = 7"])
def test_where_a_case_stands_cannot_be_written(scene: Scene, assignment: str) -> None:
    with refused():
        run(f"UPDATE cases_case SET {assignment}")


def test_the_lead_changes_in_a_matter_that_one_has_whole_alone(scene: Scene) -> None:
    for key in ("dks", "mentor", "sekretariat", "vink-kollega"):
        worker = scene.act(key)
        assert run("UPDATE cases_case SET lead_id = %s", worker.agency_id) == 0, key
    scene.act("sof")
    assert run("UPDATE cases_case SET lead_id = %s", scene.agency("sof")) == 1


def _move(scene: Scene, from_step: int, to_step: int, number: int, *, by: str = "vink", **values: object) -> uuid.UUID:
    worker = scene.act(by)
    given = {"case_id": scene.case, "matter_id": scene.matter, "unit_id": worker.unit_id, "outcome": "", "number": number}
    given |= {"worker_id": worker.id, "agency_id": worker.agency_id, "from_step": from_step, "to_step": to_step}
    return insert("cases_casemove", **(given | values))


def _stands(scene: Scene) -> tuple[int, str, int, bool]:
    found: tuple[int, str, int, bool] = rows(
        "SELECT step, outcome, version, ended_at IS NOT NULL FROM cases_case WHERE id = %s", scene.case
    )[0]
    return found


@pytest.mark.req("R-217", part="a case's moves are kept in order and its step follows them")
def test_a_case_stands_where_its_last_move_left_it(scene: Scene) -> None:
    assert _stands(scene) == (1, "", 0, False)
    _move(scene, 1, 2, 1)
    assert _stands(scene) == (2, "", 1, False)
    _move(scene, 2, 10, 2, outcome="dealt-with")
    assert _stands(scene) == (10, "dealt-with", 2, True)


def test_a_move_begins_where_the_case_stands(scene: Scene) -> None:
    _move(scene, 1, 2, 1)
    second, other_case = begin_matter(scene.cast["vink"])
    for from_step, number in ((1, 2), (3, 2), (2, 3)):
        with refused(SERIALIZATION_FAILURE):
            _move(scene, from_step, 4, number)
    with refused(UNIQUE_VIOLATION):
        _move(scene, 2, 3, 1)
    with refused(SERIALIZATION_FAILURE):
        _move(scene, 1, 2, 1, case_id=other_case)
    assert _stands(scene) == (2, "", 1, False)
    assert second


def test_a_move_is_made_as_oneself_in_a_matter_that_one_has_whole(scene: Scene) -> None:
    other = other_unit_worker(scene.cast["vink"])
    for values in (
        {"worker_id": scene.cast["vink-kollega"].id},
        {"agency_id": scene.agency("sof")},
        {"unit_id": other.unit_id},
    ):
        with refused():
            _move(scene, 1, 2, 1, **values)
    for key in ("dks", "mentor", "sekretariat", "vink-kollega"):
        with refused():
            _move(scene, 1, 2, 1, by=key)
    _move(scene, 1, 2, 1, by="sof")
    with refused():
        run("UPDATE cases_casemove SET to_step = 5")
    with refused():
        run("DELETE FROM cases_casemove")


@pytest.mark.req("R-060", part="after the hand-over to PET the others keep the frame alone, and follow-up stands still")
def test_after_hand_over_to_pet_the_others_keep_the_frame_alone(scene: Scene) -> None:
    scene.admit("dks")
    scene.grant("dks")
    clock = scene.record("cases_clock")
    record = scene.record()
    _move(scene, 1, 10, 1, by="dks", outcome="handed-to-pet")
    assert count("access_admission", frame_only=False) == 1
    scene.act("vink")
    assert scene.frame() == (1, 1)
    assert not scene.sees(record)
    with as_owner():
        assert rows("SELECT paused_at IS NOT NULL FROM cases_clock WHERE id = %s", clock) == [(True,)]


# --- facts


def test_a_fact_is_written_for_ones_own_unit_and_never_read_again(scene: Scene) -> None:
    other = other_unit_worker(scene.cast["vink"])
    scene.act("vink")
    insert("cases_fact", unit_id=scene.cast["vink"].unit_id)
    with refused():
        insert("cases_fact", unit_id=other.unit_id)
    for statement in ("SELECT * FROM cases_fact", "UPDATE cases_fact SET kind = ''", "DELETE FROM cases_fact"):
        with refused():
            run(statement)
