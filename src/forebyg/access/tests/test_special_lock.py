"""The special lock, asked of PostgreSQL alone: named workers see the matter, and nobody else, by whatever grant."""

import uuid

import pytest
from conftest import as_owner

from forebyg.access.models import Worker
from forebyg.access.tests.rows import (
    RECORD_TABLES,
    Scene,
    begin_matter,
    count,
    insert,
    insert_grant,
    refused,
    rows,
    run,
)
from forebyg.store.identity import act_as


def _name(
    scene: Scene, key: str, *, by: str = "vink", participant: uuid.UUID | None = None, ends: str = "30 days"
) -> uuid.UUID:
    act_as(scene.cast[by].id)
    return insert_grant(
        scene.matter, worker=scene.cast[key], given_by=scene.cast[by], participant=participant, ends=ends, reason="special"
    )


def _lock(scene: Scene, *, by: str = "vink") -> uuid.UUID:
    act_as(scene.cast[by].id)
    moment = rows("SELECT store.now()")[0][0]
    return insert("access_speciallock", matter_id=scene.matter, locked_by_id=scene.cast[by].id, locked_at=moment)


@pytest.fixture
def locked(scene: Scene) -> Scene:
    """The scene, locked by VINK's worker for VINK's worker alone."""
    _name(scene, "vink")
    _lock(scene)
    return scene


@pytest.mark.req("B-026", part="nobody who is not named sees anything of a locked matter, by whatever grant")
@pytest.mark.parametrize("table", RECORD_TABLES)
def test_a_record_of_a_locked_matter_is_seen_by_those_named_alone(scene: Scene, table: str) -> None:
    own = scene.record(table)
    theirs = scene.record(table, by="sof")
    part = scene.record(table, by="mentor", about=[scene.son])
    scene.act("vink")
    _name(scene, "vink")
    _lock(scene)
    assert scene.sees(own, table)
    scene.act("sof")
    assert not scene.sees(theirs, table), "not even what one wrote oneself"
    scene.act("mentor")
    assert not scene.sees(part, table)
    _name(scene, "sof")
    scene.act("sof")
    assert scene.sees(theirs, table)
    assert not scene.sees(own, table), "a name gives need to know, and makes nobody a reader"


def test_neither_frame_nor_admission_nor_lock_is_seen_by_others(locked: Scene) -> None:
    for key in ("sof", "mentor", "mentor-to", "sekretariat", "dks"):
        locked.act(key)
        assert locked.frame() == (0, 0), key
        assert count("access_admission", matter_id=locked.matter) == 0, key
        assert count("access_speciallock") == 0, key
    locked.act("vink")
    assert locked.frame() == (1, 1)
    assert count("access_speciallock", matter_id=locked.matter) == 1


@pytest.mark.req("B-026", part="a locked matter is on no board")
def test_the_board_leaves_a_locked_matter_out_unless_one_is_named(locked: Scene) -> None:
    locked.record("cases_clock", rule="triage")
    insert(
        "cases_casemove",
        case_id=locked.case,
        matter_id=locked.matter,
        unit_id=locked.cast["vink"].unit_id,
        worker_id=locked.cast["vink"].id,
        agency_id=locked.agency("vink"),
        name="receive",
        from_step=1,
        to_step=2,
        number=1,
        outcome="",
    )
    tables = ("cases_case", "cases_casemove", "cases_clock")
    locked.act("sekretariat")
    assert [count(table, matter_id=locked.matter) for table in tables] == [0, 0, 0]
    assert rows("SELECT access.locked_matters()") == [([locked.matter],)]
    locked.admit("sekretariat")
    _name(locked, "sekretariat")
    locked.act("sekretariat")
    assert [count(table, matter_id=locked.matter) for table in tables] == [1, 1, 1]
    assert rows("SELECT access.locked_matters()") == [([],)]


def test_who_has_no_board_is_told_of_no_locked_matter(locked: Scene) -> None:
    locked.act("sof")
    assert rows("SELECT access.locked_matters()") == [([],)]


def test_a_normal_grant_given_while_locked_opens_nothing_and_an_agency_admitted_then_waits_too(locked: Scene) -> None:
    locked.grant("vink-kollega")
    locked.act("vink-kollega")
    assert locked.frame() == (0, 0)
    locked.admit("dks")
    locked.grant("dks")
    locked.act("dks")
    assert locked.frame() == (0, 0)
    _name(locked, "dks")
    locked.act("dks")
    assert locked.frame() == (1, 1)


def test_a_special_grant_of_another_matter_opens_nothing_here(locked: Scene) -> None:
    matter, _case = begin_matter(locked.cast["vink"])
    insert("access_admission", matter_id=matter, agency_id=locked.agency("sof"), admitted_by_id=locked.cast["vink"].id)
    insert_grant(matter, worker=locked.cast["sof"], given_by=locked.cast["vink"], reason="special")
    locked.act("sof")
    assert locked.frame() == (0, 0)
    assert count("matters_matter", id=matter) == 1


def test_a_name_for_one_participant_covers_that_participant(scene: Scene) -> None:
    about_son = scene.record(by="mentor", about=[scene.son])
    about_daughter = scene.record(by="mentor-to", about=[scene.daughter])
    _name(scene, "vink")
    _name(scene, "mentor", participant=scene.son)
    _lock(scene)
    scene.act("mentor")
    assert scene.sees(about_son)
    assert not scene.sees(about_daughter)
    scene.act("mentor-to")
    assert not scene.sees(about_daughter)


def test_a_named_worker_is_out_when_the_special_grant_has_ended(scene: Scene) -> None:
    _name(scene, "vink")
    _name(scene, "sof", ends="1 hour")
    _lock(scene)
    run("UPDATE access_grant SET ended_at = store.now() WHERE worker_id = %s AND reason = 'special'", scene.cast["sof"].id)
    scene.act("sof")
    assert scene.frame() == (0, 0)


def test_when_the_lock_is_lifted_every_grant_counts_again(locked: Scene) -> None:
    locked.act("vink")
    lift = "UPDATE access_speciallock SET lifted_at = store.now(), lifted_by_id = %s WHERE matter_id = %s"
    assert run(lift, locked.cast["vink"].id, locked.matter) == 1
    assert run(lift, locked.cast["vink"].id, locked.matter) == 0, "once"
    for key in ("sof", "mentor"):
        locked.act(key)
        assert locked.frame() == (1, 1), key


@pytest.mark.req("B-026", part="who locks has the whole matter and is named; nobody lifts a lock who is not")
def test_who_may_lock_and_lift(scene: Scene) -> None:
    with refused():
        _lock(scene)  # not named
    with refused():
        _lock(scene, by="mentor")  # knows one participant
    with refused():
        _lock(scene, by="dks")  # has no part in the matter
    _name(scene, "vink")
    lock = _lock(scene)
    with refused("23505"):
        _lock(scene)
    scene.act("sof")
    assert run("UPDATE access_speciallock SET lifted_at = store.now(), lifted_by_id = %s", scene.cast["sof"].id) == 0
    scene.act("vink")
    with refused():
        run(
            "UPDATE access_speciallock SET lifted_at = store.now(), lifted_by_id = %s WHERE id = %s", scene.cast["sof"].id, lock
        )
    for statement in (
        "UPDATE access_speciallock SET matter_id = matter_id",
        "DELETE FROM access_speciallock",
        "UPDATE access_admission SET special_only = false",
    ):
        with refused():
            run(statement)
    with as_owner():
        assert rows("SELECT bool_and(special_only) FROM access_admission WHERE matter_id = %s", scene.matter) == [(True,)]


def test_an_admission_says_itself_nothing_of_a_lock(scene: Scene) -> None:
    scene.admit("dks", special_only=True)
    scene.grant("dks")
    scene.act("dks")
    assert scene.frame() == (1, 1)


def test_to_be_named_prolongs_nothing(scene: Scene) -> None:
    _name(scene, "vink")
    with refused():
        _name(scene, "vink", ends="300 days")


def test_the_application_asks_the_same_as_the_policies(locked: Scene, cast: dict[str, Worker]) -> None:
    from forebyg.access.reach import forget_reach, reach_of
    from forebyg.cases.board import on_the_board_of
    from forebyg.store.together import ask

    for key, sees in (("vink", True), ("sof", False), ("mentor", False), ("vink-kollega", False)):
        worker = cast[key]
        forget_reach(worker)
        act_as(worker.id)
        with as_owner():  # so that no policy hides what the application would let through
            act_as(worker.id)
            reach = reach_of(worker)
            assert (locked.matter in reach.matters, locked.matter in reach.locked) == (sees, sees), key
    secretary = cast["sekretariat"]
    with as_owner():
        act_as(secretary.id)
        (shown,) = ask(on_the_board_of(secretary).where("cases_case.matter_id = %s", locked.matter).asked())
        assert not shown
