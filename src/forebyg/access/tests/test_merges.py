"""Merges of persons, asked of PostgreSQL alone: both sides are seen, another reviews, nothing but the `citizen` changes."""

import uuid
from dataclasses import replace

import pytest
from conftest import as_owner

from forebyg.access.tests.rows import Scene, begin_matter, count, insert, refused, rows, run
from forebyg.core.ids import new_id
from forebyg.store.identity import act_as

SERIALIZATION_FAILURE = "40001"


@pytest.fixture
def two(scene: Scene) -> tuple[Scene, Scene]:
    """Two matters of VINK's with a son each; VINK's colleague has both, SOF the first."""
    matter, case = begin_matter(scene.cast["vink"])
    other = replace(scene, matter=matter, case=case, son=new_id())
    for one in (scene, other):
        one.record("people_participant", id=one.son, root=one.son, about=[one.son], citizen=new_id())
        one.grant("vink-kollega")
    return scene, other


def _propose(one: Scene, other: Scene, *, by: str = "vink", **values: object) -> uuid.UUID:
    act_as(one.cast[by].id)
    given: dict[str, object] = {
        "matter_one_id": one.matter,
        "person_one": one.son,
        "matter_two_id": other.matter,
        "person_two": other.son,
        "proposed_by_id": one.cast[by].id,
        "outcome": "",
        "reviewed_by_id": None,
        "undone_by_id": None,
    }
    return insert("people_merge", **given | values)


def _review(one: Scene, merge: uuid.UUID, *, by: str = "vink-kollega", outcome: str = "accepted") -> int:
    act_as(one.cast[by].id)
    return run(
        "UPDATE people_merge SET outcome = %s, reviewed_by_id = %s, reviewed_at = store.now() WHERE id = %s",
        outcome,
        one.cast[by].id,
        merge,
    )


def _undo(one: Scene, merge: uuid.UUID, *, by: str = "vink") -> int:
    act_as(one.cast[by].id)
    return run("UPDATE people_merge SET undone_by_id = %s, undone_at = store.now() WHERE id = %s", one.cast[by].id, merge)


def _citizen(scene: Scene) -> uuid.UUID:
    with as_owner():
        found: uuid.UUID = rows("SELECT citizen FROM people_participant WHERE root = %s AND is_current", scene.son)[0][0]
    return found


def test_a_merge_and_its_undoing_change_who_the_person_is_and_nothing_else(two: tuple[Scene, Scene]) -> None:
    one, other = two
    before = _citizen(one), _citizen(other)
    merge = _propose(one, other)
    assert _review(one, merge) == 1
    assert (_citizen(one), _citizen(other)) == (before[0], before[0])
    assert _undo(one, merge) == 1
    assert (_citizen(one), _citizen(other)) == before
    with refused():
        _undo(one, merge)


def test_it_takes_both_persons_to_propose_and_to_see_it(two: tuple[Scene, Scene]) -> None:
    one, other = two
    with refused():
        _propose(one, other, by="sof")  # has the one matter, reads neither person
    merge = _propose(one, other)
    for key in ("sof", "mentor", "sekretariat", "dks"):
        one.act(key)
        assert count("people_merge") == 0, key
        assert _review(one, merge, by=key) == 0, key


def test_nobody_proposes_as_another_or_reviews_the_own_proposal(two: tuple[Scene, Scene]) -> None:
    one, other = two
    with refused():
        _propose(one, other, proposed_by_id=one.cast["vink-kollega"].id)
    with refused():
        _propose(one, other, outcome="accepted")
    merge = _propose(one, other)
    with refused():
        _review(one, merge, by="vink")
    with refused():
        _review(one, merge, outcome="perhaps")
    with refused():
        _undo(one, merge)
    one.act("vink-kollega")
    for statement in (
        "UPDATE people_merge SET kept = given_up",
        "UPDATE people_participant SET citizen = gen_random_uuid()",
        "DELETE FROM people_merge",
        "SELECT * FROM people_merged",
    ):
        with refused():
            run(statement)


def test_the_matters_and_citizens_of_a_proposal_are_the_persons_own(two: tuple[Scene, Scene]) -> None:
    one, other = two
    mine = _citizen(one), _citizen(other)
    merge = _propose(one, other, kept=new_id(), given_up=new_id())
    assert rows("SELECT kept, given_up, matter_one_id, matter_two_id FROM people_merge WHERE id = %s", merge) == [
        (*mine, one.matter, other.matter)
    ]
    with refused(SERIALIZATION_FAILURE):
        _propose(one, replace(other, son=new_id()))
    with refused("23505"):
        _propose(other, one)


def test_a_new_version_is_the_same_person(two: tuple[Scene, Scene]) -> None:
    one, _other = two
    before = _citizen(one)
    one.record("people_participant", root=one.son, version=2, about=[one.son], citizen=new_id())
    assert _citizen(one) == before
