"""Disclosure in PostgreSQL: the owner alone opens a record to another agency, and readers follow."""

import uuid

import pytest

from forebyg.access.tests.rows import FOREIGN_KEY_VIOLATION, RECORD_TABLES, Scene, begin_matter, refused, rows, run

NEVER = {
    *("cases_disclosure", "cases_timelineentry", "cases_clock", "cases_task", "intake_reporteridentity"),
    *("sharing_informationrequest", "sharing_requestanswer", "sharing_letter", "meetings_agendaitem"),
}
DISCLOSABLE = [table for table in RECORD_TABLES if table not in NEVER]


def _withdraw(scene: Scene, disclosure: uuid.UUID) -> int:
    scene.act("vink")
    return run("UPDATE cases_disclosure SET withdrawn_at = store.now() WHERE id = %s", disclosure)


@pytest.mark.req("B-020", part="information reaches another agency when its owner discloses it, record by record")
@pytest.mark.req("B-023", part="a withdrawn disclosure is closed at once, earlier versions included")
@pytest.mark.parametrize("table", DISCLOSABLE)
def test_a_disclosed_record_is_read_by_its_recipient_until_it_is_withdrawn(scene: Scene, table: str) -> None:
    record, kept = scene.record(table), scene.record(table)
    scene.act("sof")
    assert not scene.sees(record, table)
    disclosure = scene.disclose(record, "sof", table=table)
    scene.act("sof")
    assert scene.sees(record, table)
    assert not scene.sees(kept, table), "one record was disclosed, not all"
    correction = scene.record(table, version=2, root=record)
    scene.act("sof")
    assert scene.sees(correction, table)
    assert _withdraw(scene, disclosure) == 1
    assert scene.sees(correction, table)
    scene.act("sof")
    assert not scene.sees(record, table)
    assert not scene.sees(correction, table)


@pytest.mark.parametrize("table", DISCLOSABLE)
@pytest.mark.parametrize("persons", ["others", "more", "nobody in particular"])
def test_a_new_version_about_others_has_its_owner_as_only_reader(scene: Scene, table: str, persons: str) -> None:
    about = {"others": [scene.father], "more": [scene.son, scene.father], "nobody in particular": []}[persons]
    record = scene.record(table)
    disclosure = scene.disclose(record, "sof", table=table)
    correction = scene.record(table, version=2, root=record, about=about)
    assert rows("SELECT withdrawn_at IS NULL FROM cases_disclosure WHERE id = %s", disclosure) == [(False,)]
    scene.disclose(record, "mentor", table=table, about=about)
    scene.act("sof")
    assert not scene.sees(record, table) and not scene.sees(correction, table)


def test_a_new_version_about_fewer_keeps_its_readers(scene: Scene) -> None:
    record = scene.record(about=[scene.son, scene.father])
    scene.disclose(record, "sof", about=[scene.son, scene.father])
    correction = scene.record(version=2, root=record, about=[scene.father])
    scene.act("sof")
    assert scene.sees(correction)


def test_the_timeline_entry_follows_its_record(scene: Scene) -> None:
    record = scene.record()
    entry = scene.record("cases_timelineentry", record_table="cases_item", record_root=record)
    other = scene.record("cases_timelineentry", record_table="cases_item", record_root=scene.record())
    scene.act("sof")
    assert not scene.sees(entry, "cases_timelineentry")
    disclosure = scene.disclose(record, "sof")
    scene.act("sof")
    assert scene.sees(entry, "cases_timelineentry")
    assert not scene.sees(other, "cases_timelineentry")
    _withdraw(scene, disclosure)
    scene.act("sof")
    assert not scene.sees(entry, "cases_timelineentry")


def test_each_recipient_is_withdrawn_apart_and_may_be_told_again(scene: Scene) -> None:
    scene.admit("skole")
    record = scene.record()
    to_sof = scene.disclose(record, "sof")
    scene.disclose(record, "skole")
    vink, sof, school = (scene.agency(key) for key in ("vink", "sof", "skole"))
    assert rows("SELECT readers FROM cases_item WHERE id = %s", record) == [([vink, sof, school],)]
    with refused("23505"):
        scene.disclose(record, "sof")
    _withdraw(scene, to_sof)
    assert rows("SELECT readers FROM cases_item WHERE id = %s", record) == [([vink, school],)]
    scene.disclose(record, "sof")
    assert set(rows("SELECT readers FROM cases_item WHERE id = %s", record)[0][0]) == {vink, sof, school}


@pytest.mark.req("B-020", part="only the owner's workers disclose")
def test_only_the_owner_discloses(scene: Scene) -> None:
    scene.admit("skole")
    record = scene.record()
    scene.disclose(record, "sof")
    with refused():
        scene.disclose(record, "skole", by="sof")
    with refused():
        scene.disclose(record, "skole", by="sof", owner_id=scene.agency("vink"))
    for key in ("dks", "vink-kollega", "sekretariat"):
        with refused():
            scene.disclose(record, "skole", by=key)


def test_a_recipient_is_an_agency_that_is_admitted(scene: Scene) -> None:
    record = scene.record()
    with refused():
        scene.disclose(record, "dks")
    scene.act("vink")
    run("UPDATE access_admission SET ended_at = store.now() WHERE agency_id = %s", scene.agency("sof"))
    with refused():
        scene.disclose(record, "sof")
    with refused("23514"):
        scene.disclose(record, "vink")


def test_what_is_disclosed_is_a_record_of_the_matter(scene: Scene) -> None:
    record, disclosure = scene.record(), scene.disclose(scene.record(), "mentor")
    for table, root in (
        ("cases_disclosure", disclosure),
        ("cases_case", scene.case),
        ("access_worker", scene.cast["vink"].id),
        ("no_such_table", record),
        ("cases_decision", record),
        ("cases_item", uuid.uuid4()),
    ):
        with refused(FOREIGN_KEY_VIOLATION):
            scene.disclose(root, "sof", table=table)
    second, _ = begin_matter(scene.cast["vink"])
    elsewhere = scene.record(matter_id=second)
    with refused(FOREIGN_KEY_VIOLATION):
        scene.disclose(elsewhere, "sof")


@pytest.mark.req("B-003", part="a reporter's identity cannot be disclosed with the case")
def test_a_reporters_identity_is_never_disclosed(scene: Scene) -> None:
    identity = scene.record("intake_reporteridentity")
    with refused(FOREIGN_KEY_VIOLATION):
        scene.disclose(identity, "sof", table="intake_reporteridentity")


def test_a_timeline_entry_is_not_disclosed_apart_from_its_record(scene: Scene) -> None:
    entry = scene.record("cases_timelineentry", record_table="cases_item", record_root=scene.record())
    with refused(FOREIGN_KEY_VIOLATION):
        scene.disclose(entry, "sof", table="cases_timelineentry")


def test_a_disclosure_is_withdrawn_never_rewritten(scene: Scene) -> None:
    disclosure = scene.disclose(scene.record(), "sof")
    with refused("23514"):
        item = scene.record()
        scene.record(
            "cases_disclosure",
            version=2,
            root=disclosure,
            record_table="cases_item",
            record_root=item,
            recipient_id=scene.agency("mentor"),
        )
    _withdraw(scene, disclosure)
    assert run("UPDATE cases_disclosure SET withdrawn_at = NULL WHERE id = %s", disclosure) == 0


def test_a_mentor_discloses_no_record_of_a_colleague_that_the_mentor_may_not_see(scene: Scene) -> None:
    record = scene.record(by="mentor-to", about=[scene.daughter])
    with refused():
        scene.disclose(record, "sof", by="mentor", about=[scene.son])


def test_a_recipient_cannot_hinder_the_withdrawal(scene: Scene) -> None:
    relation = scene.record("people_relation")
    disclosure = scene.disclose(relation, "sof", table="people_relation")
    scene.record("cases_timelineentry", by="sof", record_table="people_relation", record_root=relation)
    assert _withdraw(scene, disclosure) == 1


def test_a_timeline_entry_of_another_owner_does_not_follow_the_record(scene: Scene) -> None:
    relation = scene.record("people_relation", by="sof")
    entry = scene.record("cases_timelineentry", record_table="people_relation", record_root=relation)
    scene.disclose(relation, "mentor", by="sof", table="people_relation")
    scene.act("vink")
    assert rows("SELECT readers FROM cases_timelineentry WHERE id = %s", entry) == [([scene.agency("vink")],)]
