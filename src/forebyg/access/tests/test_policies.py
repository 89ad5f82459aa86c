"""Who sees what, asked of PostgreSQL alone by raw SQL as the web role: need to know, and reader; nothing else."""

import os
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from conftest import as_owner, set_clock
from django.db import connection

from forebyg.access.models import Worker
from forebyg.access.tests.rows import RECORD_TABLES, Scene, begin_matter, count, insert, other_unit_worker, refused, rows, run
from forebyg.store.identity import act_as

each_record = pytest.mark.parametrize("table", RECORD_TABLES)
FRAME_AND_ACCESS = ["matters_matter", "cases_case", "cases_casemove", "access_grant", "access_admission"]


def _move(scene: Scene, by: str = "vink") -> None:
    worker = scene.act(by)
    insert(
        "cases_casemove",
        case_id=scene.case,
        matter_id=scene.matter,
        unit_id=worker.unit_id,
        from_step=1,
        to_step=2,
        outcome="",
        number=1,
        worker_id=worker.id,
        agency_id=worker.agency_id,
    )


# --- both halves of the rule, for every kind of record


@pytest.mark.req("R-216", part="a record is seen by those who need to know and whose agency is a reader, by nobody else")
@each_record
def test_a_record_needs_both_a_grant_and_an_agency_among_the_readers(scene: Scene, table: str) -> None:
    record = scene.record(table)
    assert scene.sees(record, table)
    scene.act("sof")
    assert not scene.sees(record, table), "a grant, but not a reader"
    scene.act("vink-kollega")
    assert not scene.sees(record, table), "a reader, but no grant"
    scene.act("dks")
    assert not scene.sees(record, table), "neither"


@pytest.mark.req("R-209", part="a worker with one participant's course sees records about that participant alone")
@each_record
def test_a_grant_for_one_participant_covers_what_is_wholly_about_that_participant(scene: Scene, table: str) -> None:
    about_son = scene.record(table, by="mentor", about=[scene.son])
    assert scene.sees(about_son, table)
    scene.act("mentor-to")
    assert not scene.sees(about_son, table), "same agency, other participant"
    scene.grant("vink-kollega", participant=scene.father)
    about_father = scene.record(table, about=[scene.father])
    hidden = [scene.record(table, about=about) for about in ([scene.son, scene.father], [], [scene.daughter])]
    hidden.append(scene.record(table, by="sof", about=[scene.father]))
    scene.act("vink")
    elsewhere = replace(scene, matter=begin_matter(scene.cast["vink"])[0])
    elsewhere.admit("mentor")
    hidden.append(elsewhere.record(table, about=[scene.father]))
    scene.act("vink-kollega")
    assert scene.sees(about_father, table)
    assert [scene.sees(record, table) for record in hidden] == [False] * 5, "joint, nobody, another, not a reader, other matter"


@each_record
def test_when_only_the_frame_is_left_no_record_is_seen(scene: Scene, table: str) -> None:
    of_sof, of_mentor = scene.record(table, by="sof"), scene.record(table, by="mentor")
    with as_owner():
        run("UPDATE access_admission SET frame_only = true WHERE matter_id = %s", scene.matter)
    for key, record in (("sof", of_sof), ("mentor", of_mentor)):
        scene.act(key)
        assert not scene.sees(record, table)
        assert scene.frame() == (1, 1)
        with refused():
            scene.record(table, by=key)


@pytest.mark.req("R-213", part="the secretariat's board shows the frame of a matter and never a record")
@each_record
def test_the_board_sees_no_record(scene: Scene, table: str) -> None:
    record = scene.record(table)
    scene.act("sekretariat")
    assert not scene.sees(record, table)
    assert count(table) == 0


# --- nobody, and those without access


def _sees_nothing() -> bool:
    return all(count(table) == 0 for table in [*RECORD_TABLES, *FRAME_AND_ACCESS, "cases_draft"])


@pytest.fixture
def full(scene: Scene) -> Scene:
    """The scene with one record of every kind and a move."""
    for table in RECORD_TABLES:
        scene.record(table)
    scene.record("cases_clock", rule="triage")
    _move(scene)
    return scene


@pytest.mark.req("R-216", part="default is no access: nobody who does not act as a known, active worker sees anything")
@pytest.mark.parametrize("setting", ["", "00000000-0000-0000-0000-000000000000"])
def test_when_nobody_acts_nothing_is_seen(full: Scene, setting: str) -> None:
    assert not _sees_nothing(), "the owning worker does see it"
    run("SELECT set_config('forebyg.worker', %s, true)", setting)
    assert _sees_nothing()


def test_an_identity_that_is_no_id_is_an_error_not_an_answer(full: Scene) -> None:
    with refused("22P02"):
        run("SELECT set_config('forebyg.worker', 'somebody', true)")
        count("cases_item")


def test_a_new_connection_that_never_heard_who_acts_is_nobody(db: None) -> None:
    name = connection.settings_dict["NAME"]
    with psycopg.connect(host=os.environ["FOREBYG_DATABASE_HOST"], user="postgres", dbname=name) as fresh:
        fresh.execute("SET SESSION AUTHORIZATION forebyg_web")
        answer = fresh.execute(
            "SELECT current_setting('forebyg.worker', true), access.me(), access.my_agency(), access.my_unit(),"
            " access.my_matters(), access.my_whole_matters(), access.my_partial_matters(), access.my_participants(),"
            " access.my_board_units()"
        ).fetchone()
    assert answer == (None, None, None, None, [], [], [], [], [])


def test_an_inactive_worker_sees_nothing(full: Scene) -> None:
    with as_owner():
        run("UPDATE access_worker SET is_active = false WHERE email LIKE 'vink@%%' OR email LIKE 'sekretariat@%%'")
    for key in ("vink", "sekretariat"):
        scene_worker = full.act(key)
        assert scene_worker.id is not None
        assert _sees_nothing()


@pytest.mark.req("R-210", part="a politician sees no case")
@pytest.mark.req("R-216", part="roles without a grant see nothing, those of the secretariat's own agency included")
@pytest.mark.parametrize("key", ["politiker", "rapport", "administrator", "dpo", "dks", "skole", "vink-kollega", "coach"])
def test_a_worker_without_a_grant_sees_nothing(full: Scene, key: str) -> None:
    full.act(key)
    assert _sees_nothing()


@pytest.mark.parametrize("same_agency", [False, True])
def test_another_unit_sees_nothing(full: Scene, same_agency: bool) -> None:
    act_as(other_unit_worker(full.cast["vink"], role="secretariat", same_agency=same_agency).id)
    assert _sees_nothing()


def test_an_agency_admitted_to_one_matter_sees_nothing_of_another(full: Scene) -> None:
    matter, _ = begin_matter(full.cast["sof"])
    assert {row[0] for row in rows("SELECT id FROM matters_matter")} == {full.matter, matter}
    full.act("vink")
    assert {row[0] for row in rows("SELECT id FROM matters_matter")} == {full.matter}


# --- grants begin, end and depend on the admission


def _shut(scene: Scene, key: str) -> bool:
    scene.act(key)
    return scene.frame() == (0, 0) and not any(count(table) for table in RECORD_TABLES)


@pytest.mark.req("R-208", part="access to a matter lasts from the grant's start until its end")
@pytest.mark.req("B-024", part="a grant ends by itself on its date")
def test_a_grant_counts_from_its_start_until_its_end(scene: Scene) -> None:
    scene.admit("skole")
    scene.grant("skole", starts="1 day", ends="3 days")
    record = scene.record()
    scene.disclose(record, "skole")
    assert _shut(scene, "skole")
    set_clock("1 day 1 minute")
    assert scene.frame() == (1, 1)
    assert scene.sees(record)
    set_clock("3 days -1 second")
    assert scene.sees(record)
    set_clock("3 days 1 second")
    assert _shut(scene, "skole")


@pytest.mark.req("R-208", part="access to a matter can be ended")
def test_an_ended_grant_shows_nothing_and_one_participants_end_leaves_the_colleague(scene: Scene) -> None:
    son, daughter = scene.record(by="mentor", about=[scene.son]), scene.record(by="mentor-to", about=[scene.daughter])
    scene.act("vink")
    ended = run("UPDATE access_grant SET ended_at = store.now() WHERE worker_id = %s", scene.cast["mentor"].id)
    assert ended == 1
    assert _shut(scene, "mentor")
    scene.act("mentor-to")
    assert (scene.sees(daughter), scene.sees(son)) == (True, False)


def test_when_the_admission_ends_the_agencys_grants_show_nothing(scene: Scene) -> None:
    record = scene.record(by="sof")
    scene.act("vink")
    assert run("UPDATE access_admission SET ended_at = store.now() WHERE agency_id = %s", scene.agency("sof")) == 1
    assert _shut(scene, "sof")
    scene.admit("sof")
    scene.act("sof")
    assert scene.sees(record)


def test_a_grant_in_an_agency_that_was_left_counts_no_more(scene: Scene) -> None:
    with as_owner():
        run("UPDATE access_worker SET agency_id = %s WHERE id = %s", scene.agency("skole"), scene.cast["sof"].id)
    assert _shut(scene, "sof")


# --- the frame


@pytest.mark.req("R-213", part="the secretariat sees frame and triage clock of every matter of its unit")
def test_the_board_sees_frame_and_triage_clock_of_all_matters_of_its_unit(full: Scene) -> None:
    second, _ = begin_matter(full.cast["dks"])
    full.act("sekretariat")
    assert {row[0] for row in rows("SELECT id FROM matters_matter")} == {full.matter, second}
    assert count("cases_case") == 2
    assert count("cases_casemove") == 1
    assert rows("SELECT rule FROM cases_clock") == [("triage",)]
    assert count("access_grant") == count("access_admission") == 0


def test_the_board_and_the_frame_see_no_sealed_text_on_a_triage_clock() -> None:
    """A policy shows whole rows: what a triage clock's row holds, the whole unit's board sees."""
    from forebyg.cases.models import Clock
    from forebyg.store.sealed import sealed_fields

    assert sealed_fields(Clock) == ()


@pytest.mark.parametrize("key", ["sof", "mentor"])
def test_a_grant_shows_the_frame_and_the_triage_clock(full: Scene, key: str) -> None:
    full.act(key)
    assert full.frame() == (1, 1)
    assert count("cases_casemove") == 1
    assert rows("SELECT rule FROM cases_clock") == [("triage",)]
    assert count("access_admission") == 3


def test_a_triage_clock_of_another_matter_is_not_seen(full: Scene) -> None:
    begin_matter(full.cast["dks"])
    assert count("cases_clock") == 0


def test_grants_are_seen_by_their_worker_and_by_those_who_have_the_whole_matter(scene: Scene) -> None:
    seen = {}
    for key in ("vink", "sof", "mentor", "mentor-to", "sekretariat", "dks"):
        scene.act(key)
        seen[key] = count("access_grant")
    assert seen == {"vink": 4, "sof": 4, "mentor": 1, "mentor-to": 1, "sekretariat": 0, "dks": 0}


# --- drafts and used forms


@pytest.mark.parametrize("table", ["cases_draft", "cases_usedform"])
def test_what_a_worker_has_half_written_is_that_workers_alone(scene: Scene, table: str) -> None:
    mine = scene.act("vink")
    insert(table, worker_id=mine.id)
    assert count(table) == 1
    with refused():
        insert(table, worker_id=scene.cast["vink-kollega"].id)
    scene.act("vink-kollega")
    assert count(table) == 0
    act_as(None)
    assert count(table) == 0


def test_only_ones_own_draft_is_changed_or_removed(scene: Scene) -> None:
    mine = scene.act("vink")
    insert("cases_draft", worker_id=mine.id)
    with refused():
        run("UPDATE cases_draft SET worker_id = %s", scene.cast["vink-kollega"].id)
    scene.act("vink-kollega")
    assert run("UPDATE cases_draft SET form = 'other'") == 0
    assert run("DELETE FROM cases_draft") == 0
    scene.act("vink")
    assert run("UPDATE cases_draft SET form = 'other'") == 1
    assert run("DELETE FROM cases_draft") == 1


# --- the two halves ask the same


@pytest.mark.parametrize("key", ["vink", "sof", "mentor", "mentor-to", "vink-kollega", "sekretariat", "dks"])
def test_the_applications_half_of_the_rule_finds_exactly_what_the_policy_shows(
    full: Scene, act: Callable[[Worker], Worker], key: str
) -> None:
    from django.apps import apps

    from forebyg.access.records import Record

    full.disclose(full.record(), "sof")
    full.disclose(full.record(about=[full.son]), "mentor")
    full.disclose(full.record(about=[full.father]), "mentor")
    worker = act(full.cast[key])
    found = shown = 0
    for model in apps.get_models():
        if issubclass(model, Record):
            expected = {row.id for row in model.objects.visible_to(worker)}
            table = model._meta.db_table
            query = f"SELECT id FROM {table} WHERE is_current" + (" AND rule <> 'triage'" if table == "cases_clock" else "")
            policy = {row[0] for row in rows(query)}
            assert policy == {row for row in expected if table != "cases_clock" or row in policy}, table
            found, shown = found + len(expected), shown + len(policy)
    assert found >= shown
    if key in ("vink", "sof", "mentor"):
        assert shown > 0
