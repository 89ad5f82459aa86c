"""The functions that policies and pages ask, each by itself: one that errs must not hide behind another."""

import uuid

import pytest
from conftest import as_owner

from forebyg.access.tests.rows import Scene, begin_matter, insert, insert_grant, other_unit_worker, rows, run
from forebyg.store.identity import act_as


def _reach() -> tuple[list[uuid.UUID], list[uuid.UUID], list[uuid.UUID], list[uuid.UUID]]:
    """Whole matters, matters in part, participants, and every matter whose frame is seen."""
    found: tuple[list[uuid.UUID], ...] = rows(
        "SELECT access.my_whole_matters(), access.my_partial_matters(), access.my_participants(), access.my_matters()"
    )[0]
    whole, partial, participants, known = (sorted(ids) for ids in found)
    return whole, partial, participants, known


def test_each_function_of_reach_tells_its_own_part(scene: Scene) -> None:
    second, _ = begin_matter(scene.cast["vink"])
    expected = {
        "vink": (sorted([scene.matter, second]), [], [], sorted([scene.matter, second])),
        "sof": ([scene.matter], [], [], [scene.matter]),
        "mentor": ([], [scene.matter], [scene.son], [scene.matter]),
        "mentor-to": ([], [scene.matter], [scene.daughter], [scene.matter]),
        "dks": ([], [], [], []),
        "sekretariat": ([], [], [], []),
    }
    for key, reach in expected.items():
        scene.act(key)
        assert _reach() == reach, key


@pytest.mark.parametrize("key", ["sof", "mentor"])
def test_where_only_the_frame_is_left_only_the_frame_is_in_reach(scene: Scene, key: str) -> None:
    with as_owner():
        run("UPDATE access_admission SET frame_only = true WHERE matter_id = %s", scene.matter)
    scene.act(key)
    assert _reach() == ([], [], [], [scene.matter])


def _resolve(reference: str) -> uuid.UUID | None:
    found: uuid.UUID | None = rows("SELECT access.resolve_reference(%s)", reference)[0][0]
    return found


@pytest.fixture
def reference(scene: Scene) -> str:
    """The reference of the scene's matter."""
    scene.act("vink")
    text: str = rows("SELECT reference FROM matters_matter WHERE id = %s", scene.matter)[0][0]
    return text


@pytest.mark.req("B-001", part="a reference leads to its matter for those who know the matter, and to nothing for others")
def test_a_reference_leads_those_who_know_the_matter_to_it(scene: Scene, reference: str) -> None:
    begin_matter(scene.cast["vink"])
    for key in ("vink", "sof", "mentor"):
        scene.act(key)
        assert _resolve(reference) == scene.matter
    assert _resolve("1900-0001") is None
    for key in ("dks", "sekretariat", "vink-kollega"):
        scene.act(key)
        assert _resolve(reference) is None
    act_as(None)
    assert _resolve(reference) is None


def test_a_reference_of_another_unit_leads_nowhere(scene: Scene, reference: str) -> None:
    stranger = other_unit_worker(scene.cast["vink"])
    act_as(stranger.id)
    assert _resolve(reference) is None
    insert("matters_matter", unit_id=stranger.unit_id, reference="2026-9009")
    scene.act("vink")
    assert _resolve("2026-9009") is None
    assert _resolve(reference) == scene.matter


@pytest.mark.req("B-001", part="the reference of a joined matter leads to the matter that it joined")
def test_a_joined_matters_reference_leads_over_every_join(scene: Scene) -> None:
    vink = scene.act("vink")
    middle = insert("matters_matter", unit_id=vink.unit_id, reference="2026-9001", joined_into_id=scene.matter)
    insert("matters_matter", unit_id=vink.unit_id, reference="2026-9002", joined_into_id=middle)
    assert _resolve("2026-9001") == _resolve("2026-9002") == scene.matter
    scene.act("dks")
    assert _resolve("2026-9002") is None


def test_one_who_knows_only_the_joined_matter_is_led_nowhere(scene: Scene) -> None:
    dks = scene.cast["dks"]
    matter, _ = begin_matter(dks)
    with as_owner():
        run("UPDATE matters_matter SET joined_into_id = %s, reference = '2026-9001' WHERE id = %s", scene.matter, matter)
    act_as(dks.id)
    assert _resolve("2026-9001") is None


# --- the whole picture: numbers, so that nobody closes over what another agency knows


def _picture(scene: Scene, key: str = "vink") -> list[tuple[int, int, int]]:
    scene.act(key)
    return rows("SELECT * FROM cases_whole_picture(%s)", scene.matter)


def test_the_whole_picture_counts_what_other_agencies_keep_to_themselves(scene: Scene) -> None:
    assert _picture(scene) == [(0, 0, 0)]
    scene.record("people_participant", by="sof", is_subject=True)
    scene.record("cases_course", by="mentor")
    scene.record("cases_alarm", by="sof")
    assert _picture(scene) == [(1, 1, 1)]
    assert _picture(scene, "sof") == [(1, 1, 1)]


@pytest.mark.parametrize("key", ["mentor", "dks", "sekretariat", "vink-kollega"])
def test_the_whole_picture_is_for_those_who_have_the_matter_whole(scene: Scene, key: str) -> None:
    scene.record("cases_alarm")
    assert _picture(scene, key) == []


@pytest.mark.parametrize("key", ["mentor", "dks", "sekretariat", "vink-kollega"])
def test_what_was_followed_up_is_for_those_who_have_the_matter_whole(scene: Scene, key: str) -> None:
    scene.act(key)
    assert rows("SELECT * FROM cases_followed_up(%s)", scene.matter) == []


def test_the_whole_picture_is_of_one_matter(scene: Scene) -> None:
    other, _ = begin_matter(scene.cast["vink"])
    for table in ("people_participant", "cases_course", "cases_alarm"):
        scene.record(table, matter_id=other)
    assert _picture(scene) == [(0, 0, 0)]


def test_the_whole_picture_counts_what_stands_now(scene: Scene) -> None:
    person = scene.record("people_participant", is_subject=True)
    scene.record("people_participant", is_subject=False, is_involved=True)
    course, alarm = scene.record("cases_course"), scene.record("cases_alarm")
    for table, root in (("people_participant", person), ("cases_course", course), ("cases_alarm", alarm)):
        scene.record(table, version=2, root=root)
    assert _picture(scene) == [(1, 1, 1)], "a correction is not a second one"
    scene.record("people_participant", version=3, root=person, is_subject=False, is_involved=True)
    scene.record("cases_alarmend", alarm=alarm)
    assert _picture(scene) == [(0, 1, 0)]


def test_an_alarm_stands_until_its_own_end(scene: Scene) -> None:
    first, _second = scene.record("cases_alarm"), scene.record("cases_alarm")
    end = scene.record("cases_alarmend", alarm=first)
    assert _picture(scene) == [(0, 0, 1)]
    scene.record("cases_alarmend", version=2, root=end, alarm=uuid.uuid4())
    assert _picture(scene) == [(0, 0, 2)], "the end was recorded for the wrong alarm, and corrected"


@pytest.mark.parametrize(
    ("events", "running"),
    [
        ([], 1),
        (["session", "missed", "focus"], 1),
        (["on-hold"], 0),
        (["on-hold", "session"], 0),
        (["on-hold", "resumed"], 1),
        (["completed"], 0),
        (["interrupted"], 0),
        (["handed-over"], 0),
    ],
)
def test_a_course_runs_until_its_last_event_says_otherwise(scene: Scene, events: list[str], running: int) -> None:
    course, other = scene.record("cases_course"), uuid.uuid4()
    scene.record("cases_courseevent", course=other, kind="completed")
    for minute, kind in enumerate(events):
        moment = rows("SELECT store.now() + %s * interval '1 minute'", minute)[0][0]
        scene.record("cases_courseevent", course=course, kind=kind, happened_at=moment)
    assert _picture(scene) == [(0, running, 0)]


def test_a_corrected_event_counts_as_corrected(scene: Scene) -> None:
    course = scene.record("cases_course")
    event = scene.record("cases_courseevent", course=course, kind="completed")
    scene.record("cases_courseevent", version=2, root=event, course=course, kind="session")
    assert _picture(scene) == [(0, 1, 0)]


def test_a_grant_of_a_worker_who_left_for_another_unit_gives_no_board(scene: Scene) -> None:
    stranger = other_unit_worker(scene.cast["vink"], role="secretariat", same_agency=True)
    scene.act("vink")
    insert_grant(scene.matter, worker=stranger, given_by=scene.cast["vink"])
    act_as(stranger.id)
    assert rows("SELECT access.my_board_units()") == [([stranger.unit_id],)]
