"""Ten thousand combinations of case, item, agency, disclosure and scope, drawn at random: PostgreSQL and the application's own
queries show each worker what an oracle says that knows nothing of the product. The number is printed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import pytest
from conftest import as_owner
from tests.visibility.oracle import Access, Item, Told, World

from forebyg.access.models import Worker
from forebyg.access.reach import forget_reach
from forebyg.access.tests.rows import Scene, begin_matter, insert, rows, run
from forebyg.cases.models import Item as ItemRow
from forebyg.core.ids import new_id
from forebyg.store.identity import act_as

SEED = 20160301
MATTERS, ITEMS_A_MATTER, ACCESSES = 28, 21, 260
SEATED = ("coach", "dks", "ekp", "jobcenter", "kriminalforsorg", "mentor", "psykiatri", "sekretariat", "skole", "sof", "ssp")
"""One worker of each agency that is drawn for a seat; VINK's has one always."""
WORKERS = (*SEATED, "vink", "vink-kollega", "mentor-to", "administrator", "dpo", "politiker", "rapport")
CLERKS = {"vink": "vink", "dks": "dks", "sof": "sof", "skole": "skole", "ssp": "ssp", "psykiatri": "psykiatri"}
"""Who writes for each agency that owns items."""
TIMES = [("-1 hour", "30 days", True), ("-9 days", "-1 day", False), ("1 day", "30 days", False)]


@dataclass
class Drawn:
    """The oracle's world and the rows that stand for its items and persons."""

    world: World
    item_ids: dict[int, uuid.UUID] = field(default_factory=dict)


@pytest.mark.django_db
@pytest.mark.req("R-216", "R-208", "R-209", "B-020", "B-027", part="10 000 drawn combinations")
def test_every_worker_sees_what_the_oracle_says(
    cast: dict[str, Worker], act: Callable[[Worker], Worker], record_property: Callable[[str, object], None]
) -> None:
    drawn = draw(cast, random.Random(SEED))
    known = {row: number for number, row in drawn.item_ids.items()}
    differences, combinations = [], 0
    for key in WORKERS:
        worker = act(cast[key])
        forget_reach(worker)
        expected = {item.number for item in drawn.world.items if drawn.world.sees(key, item)}
        by_sql = {known[row] for (row,) in rows("SELECT id FROM cases_item WHERE id = ANY (%s)", list(known))}
        with as_owner():  # no policy hides what the application would have let through
            by_query = {known[row] for row in ItemRow.objects.visible_to(worker).values_list("id", flat=True) if row in known}
        differences += [(key, number, "SQL") for number in expected ^ by_sql]
        differences += [(key, number, "query") for number in expected ^ by_query]
        combinations += len(known)
    record_property("visibility", (combinations, len(differences)))
    assert combinations >= 10_000
    assert not differences


def draw(cast: dict[str, Worker], chance: random.Random) -> Drawn:
    """Matters with seats, persons, items, disclosures and accesses of every kind, written as the web role where it may."""
    drawn = Drawn(World({key: cast[key].agency.name for key in WORKERS}))
    with as_owner():  # accesses are drawn that no worker could give
        run("ALTER TABLE access_grant DISABLE TRIGGER check_grant")
    numbers, persons = count(), count()
    people: list[tuple[Scene, list[int], dict[int, uuid.UUID]]] = []
    for matter in range(MATTERS):
        scene, own, ids = _begin(cast, matter, drawn, chance, persons)
        for _ in range(ITEMS_A_MATTER):
            _write(scene, matter, drawn, chance, next(numbers), own, ids)
        people.append((scene, own, ids))
    _close_the_clerks_accesses()
    for _ in range(ACCESSES):
        _give(cast, drawn, chance, people)
    for matter, (scene, _, _) in enumerate(people):
        _end_seats(scene, matter, drawn, chance)
    return drawn


def _begin(
    cast: dict[str, Worker], matter: int, drawn: Drawn, chance: random.Random, persons: count[int]
) -> tuple[Scene, list[int], dict[int, uuid.UUID]]:
    matter_id, case = begin_matter(cast["vink"])
    own = [next(persons) for _ in range(3)]
    ids = {person: new_id() for person in own}
    scene = Scene(matter_id, case, *ids.values(), cast=cast)
    drawn.world.seats[matter, cast["vink"].agency.name] = "whole"
    for key in chance.sample(SEATED, 5):
        scene.admit(key)
        drawn.world.seats[matter, cast[key].agency.name] = "whole"
        if key in CLERKS:
            scene.grant(key)
    return scene, own, ids


def _write(
    scene: Scene, matter: int, drawn: Drawn, chance: random.Random, number: int, own: list[int], ids: dict[int, uuid.UUID]
) -> None:
    seated = [key for key in CLERKS if (matter, scene.cast[key].agency.name) in drawn.world.seats]
    clerk = chance.choice(seated)
    about = chance.sample(own, chance.choice([0, 1, 1, 2, 3]))
    drawn.item_ids[number] = scene.record(by=clerk, about=[ids[person] for person in about])
    drawn.world.items.append(Item(number, matter, scene.cast[clerk].agency.name, frozenset(about)))
    others = [key for key in (*SEATED, "vink") if (matter, scene.cast[key].agency.name) in drawn.world.seats]
    agencies = {scene.cast[key].agency.name: key for key in others if scene.cast[key].agency_id != scene.cast[clerk].agency_id}
    for agency in chance.sample(sorted(agencies), chance.randint(0, min(3, len(agencies)))):
        told = scene.disclose(drawn.item_ids[number], agencies[agency], by=clerk)
        withdrawn = chance.random() < 0.25
        if withdrawn:
            run("UPDATE cases_disclosure SET withdrawn_at = store.now() WHERE id = %s", told)
        drawn.world.told.append(Told(number, agency, withdrawn))


def _close_the_clerks_accesses() -> None:
    with as_owner():
        run("UPDATE access_grant SET ended_at = store.now() WHERE ended_at IS NULL")


def _give(
    cast: dict[str, Worker],
    drawn: Drawn,
    chance: random.Random,
    people: list[tuple[Scene, list[int], dict[int, uuid.UUID]]],
) -> None:
    matter = chance.randrange(len(people))
    scene, own, ids = people[matter]
    key = chance.choice(WORKERS)
    person = chance.choice([None, *own])
    starts, ends, runs = chance.choice(TIMES)
    ended = chance.random() < 0.2
    with as_owner():  # of the past and the future too, and for agencies without a seat
        [(begins, until)] = rows("SELECT store.now() + %s::interval, store.now() + %s::interval", starts, ends)
        insert(
            "access_grant",
            worker_id=cast[key].id,
            matter_id=scene.matter,
            participant=None if person is None else ids[person],
            reason="test",
            given_by_id=cast["vink"].id,
            starts_at=begins,
            ends_at=until,
            **({"ended_at": begins} if ended else {}),
        )
    drawn.world.accesses.append(Access(key, matter, person, runs and not ended))


def _end_seats(scene: Scene, matter: int, drawn: Drawn, chance: random.Random) -> None:
    """Some agencies leave a matter, and some keep only its frame."""
    for seat in [seat for seat in drawn.world.seats if seat[0] == matter]:
        fate = chance.choice(["whole"] * 6 + ["frame", "gone"])
        drawn.world.seats[seat] = fate
        change = {"frame": "SET frame_only = true", "gone": "SET ended_at = store.now()"}.get(fate)
        if change is not None:
            with as_owner():
                run(
                    f"UPDATE access_admission {change} WHERE matter_id = %s AND agency_id = (SELECT id FROM access_agency WHERE name = %s)",
                    scene.matter,
                    seat[1],
                )
    act_as(None)
