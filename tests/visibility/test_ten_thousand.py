"""Ten thousand combinations and more of worker and row, drawn at random: PostgreSQL and the application's own queries show each
worker what an oracle says that knows nothing of the product, on two days. The number is printed."""

from __future__ import annotations

import random
import uuid
from collections import Counter

import pytest
from conftest import as_owner, set_clock
from tests.stateful.looking import open_cases, seen_by_application, seen_by_sql
from tests.visibility.drawing import Drawing, Place
from tests.visibility.oracle import PERSONS, Opening, Record, World

from forebyg.access.models import Worker
from forebyg.access.reach import SPECIAL, forget_reach
from forebyg.access.tests.rows import insert, insert_grant, refused, rows, run, session_of
from forebyg.core.ids import new_id
from forebyg.sharing.requests.inbox import Side, open_amounts
from forebyg.store.identity import act_as

SEED = 20160301
MATTERS, MERGES, ACCESSES, EMERGENCIES = 20, 30, 220, 100
WORKERS = (
    "coach", "dks", "ekp", "jobcenter", "kriminalforsorg", "mentor", "psykiatri", "sekretariat", "skole", "sof", "ssp",
    "vink", "vink-kollega", "mentor-to", "administrator", "dpo", "politiker", "rapport",
)  # fmt: skip
RECORDS = {
    PERSONS, "cases_item", "cases_document", "cases_disclosure", "cases_task", "sharing_informationrequest", "sharing_requestanswer",
}  # fmt: skip
BESIDE = {"people_merge", "access_breakglass", "oversight_breakglassreview"}
"""What has a policy of its own, and no query of pages without it."""
TIMES = [(-1, 30 * 24), (-1, 90 * 24), (-9 * 24, -24), (24, 90 * 24), (20 * 24, 200 * 24)]
"""From and until when accesses run, in hours."""
LATER = 31 * 24
SEALED = b"\x00" * 60
HAPPENS = {
    *("forum: refused", "forum: told", "request: waits", "request: answered", "request: declined", "request: withdrawn"),
    *("merge: proposed", "merge: accepted", "merge: declined", "merge: undone"),
    *("glass: opened", "glass: nothing", "glass: has-access", "glass: too-many"),
    *("glass: too-many-attempts", "glass: nobody-reviews"),
}
"""All that must come of what is drawn, or the comparison would say less than it seems to."""


@pytest.mark.django_db
@pytest.mark.req("R-216", "R-208", "R-209", "B-020", "B-024", "B-026", "B-027", part="10 000 drawn combinations")
def test_every_worker_sees_what_the_oracle_says(cast: dict[str, Worker], record_property: pytest.RecordProperty) -> None:
    drawing = draw(cast, random.Random(SEED))
    combinations, differences = compare(drawing)
    time_goes_by(drawing)
    more, others = compare(drawing)
    record_property("visibility", (combinations + more, len(differences) + len(others)))
    assert combinations >= 10_000
    assert drawing.happened.keys() == HAPPENS, "something is no longer drawn"
    assert not drawing.told_wrongly
    assert not differences, Counter(differences)
    assert not others, Counter(others)


def compare(drawing: Drawing) -> tuple[int, list[tuple[str, str, str]]]:
    """How many pairs of worker and row were compared, and where the product shows another one: worker, kind of row, way of
    looking."""
    world, kinds = drawing.world, _kinds(drawing.world)
    differences, combinations = [], 0
    for key in WORKERS:
        worker = drawing.cast[key]
        forget_reach(worker)
        by_sql, should = seen_by_sql(worker, RECORDS | BESIDE), world.sight(key)
        differences += [(key, kinds.get(id, "unknown"), "SQL") for id in by_sql ^ should]
        board, waiting = open_cases(worker), open_amounts(worker)
        by_query, asked = seen_by_application(worker, RECORDS), world.asked_for(key)  # no policy hides what it lets through
        differences += [(key, kinds.get(id, "unknown"), "query") for id in by_query ^ asked]
        if (waiting[Side.TO_US].number, waiting[Side.FROM_US].number) != world.waiting(key):
            differences.append((key, "requests", "count"))
        if board != world.board(key):
            differences.append((key, "board", "count"))
        combinations += len(kinds)
    return combinations, differences


def draw(cast: dict[str, Worker], chance: random.Random) -> Drawing:
    """Matters with all that is written in them, then accesses of every kind, locks, seats that end, and emergencies."""
    controllers = {key: cast[key].agency.controller_id for key in cast}
    world = World({key: cast[key].agency.name for key in cast}, controllers, overseers=("dpo", "dpo-vikar"))
    drawing = Drawing(cast, chance, world)
    with as_owner():  # accesses are drawn that no worker could give
        run("ALTER TABLE access_grant DISABLE TRIGGER check_grant")
    for _ in range(MATTERS):
        drawing.draw_matter()
    for _ in range(MERGES):
        drawing.draw_merge()
    for place in chance.sample(drawing.places, MATTERS // 4):
        drawing.lock(place)
    drawing.end_drawn_accesses()
    with as_owner():
        for _ in range(ACCESSES):
            _give(drawing)
    for place in drawing.places:
        _end_seats(drawing, place)
    for place in chance.sample(drawing.places, MATTERS // 8):
        drawing.lift(place)
    for _ in range(EMERGENCIES):
        _break_glass(drawing)
    return drawing


def time_goes_by(drawing: Drawing) -> None:
    """A month later: accesses have begun and run out, locks were lifted, openings are over and reviewed, and some are of age."""
    set_clock(f"{LATER} hours")
    drawing.world.now = LATER
    for place in drawing.chance.sample(drawing.places, MATTERS // 8):
        drawing.lift(place)
    for opening in list(drawing.world.openings):
        _review(drawing, opening)
    _notice_birthdays(drawing)


def _give(drawing: Drawing) -> None:
    chance, place, key = drawing.chance, drawing.chance.choice(drawing.places), drawing.chance.choice(WORKERS)
    person, hours = chance.choice([None, None, *place.persons]), chance.choice(TIMES)
    ended, named = chance.random() < 0.2, chance.random() < 0.4
    grant = insert_grant(
        place.scene.matter,
        worker=drawing.cast[key],
        given_by=drawing.cast["vink"],
        participant=person,
        starts=f"{hours[0]} hours",
        ends=f"{hours[1]} hours",
        reason=SPECIAL if named else "test",
    )
    if ended:
        run("UPDATE access_grant SET ended_at = store.now() WHERE id = %s", grant)
    drawing.keep_access(grant, key, place, person=person, hours=hours, named=named, ended=ended)


def _end_seats(drawing: Drawing, place: Place) -> None:
    """Some agencies leave a matter, and some keep only its frame."""
    for seat in [seat for seat in drawing.world.seats if seat[0] == place.number]:
        fate = drawing.chance.choice(["whole"] * 6 + ["frame", "gone"])
        drawing.world.seats[seat] = fate
        change = {"frame": "SET frame_only = true", "gone": "SET ended_at = store.now()"}.get(fate)
        if change is not None:
            with as_owner():
                run(
                    f"UPDATE access_admission {change} WHERE matter_id = %s AND agency_id = (SELECT id FROM access_agency WHERE name = %s)",
                    place.scene.matter,
                    seat[1],
                )


def _break_glass(drawing: Drawing) -> None:
    """Somebody tries to open a matter in an emergency; it comes to what the oracle says (B-025)."""
    world, chance = drawing.world, drawing.chance
    key = chance.choice(["vink-kollega", "vink", "sekretariat", "dpo"] * 4 + [*WORKERS])
    open_already = [place for place in drawing.places if world.reach(key)[place.number].whole]
    place = chance.choice(open_already if open_already and chance.random() < 0.2 else [None, *drawing.places])
    expected = world.breaks(key, place.number if place else None)
    glass, grant = new_id(), new_id()
    act_as(drawing.cast[key].id)
    if expected == "not permitted":
        with refused():
            _knock(place, glass, grant)
        return
    assert _knock(place, glass, grant) == expected, (key, place and place.number)
    drawing.happened[f"glass: {expected}"] += 1
    if expected != "opened" or place is None:
        world.refused[key].append(world.now)
        return
    drawing.keep_access(grant, key, place, hours=(0, 4))
    world.openings.append(Opening(glass, key, grant))
    with as_owner():
        [(task,)] = rows(
            "SELECT id FROM cases_task WHERE matter_id = %s AND id <> ALL (%s)", place.scene.matter, _ids(world, "cases_task")
        )
    world.records.append(Record(task, "cases_task", place.number, world.agency_of["vink"], frozenset()))
    if chance.random() < 0.4:
        act_as(drawing.cast[key].id)
        assert rows("SELECT oversight_close_glass(%s)", glass) == [(place.scene.matter,)]
        world.ended.add(grant)


def _knock(place: Place | None, glass: uuid.UUID, grant: uuid.UUID) -> str:
    [(outcome,)] = rows(
        "SELECT outcome FROM oversight_break_glass(%s, 'life', '4 hours', %s, %s, %s, %s, %s, %s, %s)",
        place.reference if place else "1999-0001", glass, new_id(), SEALED, grant, new_id(), new_id(), SEALED,
    )  # fmt: skip
    return str(outcome)


def _review(drawing: Drawing, opening: Opening) -> None:
    """By an officer, never the own opening."""
    officer, review = drawing.cast["dpo"], new_id()
    act_as(officer.id)
    given = {"id": review, "glass_id": opening.id, "reviewed_by_id": officer.id, "outcome": "justified"}
    if opening.worker == "dpo":
        with refused():
            insert("oversight_breakglassreview", **given)
        return
    insert("oversight_breakglassreview", **given)
    openings = drawing.world.openings
    openings[openings.index(opening)] = Opening(opening.id, opening.worker, opening.access, review)


def _notice_birthdays(drawing: Drawing) -> None:
    """Who turned 18: the agency that recorded the person gets a task about the person, and nobody's sight changes."""
    soon = {place.adult_soon: place for place in drawing.places}
    with session_of("forebyg_worker"):
        assert rows("SELECT cases_notice_birthday('turned-18', %s)", list(soon)) == [(len(soon),)]
    with as_owner():
        tasks = rows("SELECT id, about[1] FROM cases_task WHERE kind = 'turned-18'")
    for task, person in tasks:
        owner = drawing.world.agency_of["vink"]
        drawing.world.records.append(Record(task, "cases_task", soon[person].number, owner, frozenset([person])))


def _ids(world: World, kind: str) -> list[object]:
    return [one.id for one in world.records if one.kind == kind]


def _kinds(world: World) -> dict[object, str]:
    """What each row is."""
    kinds: dict[object, str] = {one.id: one.kind for one in world.records}
    kinds |= {id: "frame" for frame in world.frames.values() for id in frame}
    kinds |= {one.id: "access" for one in world.accesses}
    kinds |= {one.id: "merge" for one in world.merges}
    kinds |= {one.id: "opening" for one in world.openings}
    return kinds | {one.review: "review" for one in world.openings if one.review}
