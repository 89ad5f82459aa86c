"""Draws matters with seats, persons, records and disclosures, each kept by the oracle and written as the web role writes it."""

from __future__ import annotations

import datetime
import json
import random
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from conftest import as_owner
from tests.visibility.oracle import PERSONS, Access, Id, Merge, Record, World

from forebyg.access.models import Worker
from forebyg.access.reach import SPECIAL, forget_reach
from forebyg.access.tests.rows import Scene, begin_matter, insert, insert_grant, rows, run
from forebyg.cases.finding import Terms, as_kept
from forebyg.cases.models import Case
from forebyg.cases.tests.cast import a_person, born_years_ago
from forebyg.core.ids import new_id
from forebyg.sharing.gate import finding_for
from forebyg.store.identity import now

ITEMS, DOCUMENTS, REQUESTS = 12, 5, 3
"""What is drawn in each matter."""
WITH_FORUMS = 6
"""So many matters hold what came under a forum; each time such a thing is told, the law is asked, which takes long."""
SEATED = ("coach", "dks", "ekp", "jobcenter", "kriminalforsorg", "mentor", "psykiatri", "sekretariat", "skole", "sof", "ssp")
"""One worker of each agency that is drawn for a seat; VINK's has one always, and leads."""
CLERKS = ("vink", "dks", "sof", "skole", "ssp", "psykiatri")
"""Who writes for each agency that owns records."""
FORUMS = ("ssp", "psp", "ksp")


@dataclass
class Place:
    """A matter as it is drawn: its number, its rows, and whose workers write in it."""

    number: int
    scene: Scene
    reference: str
    persons: list[uuid.UUID]
    adult_soon: uuid.UUID


class Drawing:
    """Writes what it draws into the database and into the oracle's world."""

    def __init__(self, cast: dict[str, Worker], chance: random.Random, world: World) -> None:
        self.cast = cast
        self.chance = chance
        self.world = world
        self.places: list[Place] = []
        self.now = now()
        self.told_wrongly: list[str] = []
        """Where the gate let through what no forum allows."""
        self.happened: Counter[str] = Counter()
        """How often what was drawn came to what."""

    def agency(self, key: str) -> str:
        """The name of a worker's agency."""
        return self.cast[key].agency.name

    def draw_matter(self) -> None:
        """A matter with three persons, five more agencies, and what they write, tell and ask."""
        place = self._begin()
        self.places.append(place)
        persons = self.world.records[-len(place.persons) :]
        for key in self.chance.sample(SEATED, 5):
            self._seat(place, key)
            if key in CLERKS:
                self.keep_access(place.scene.grant(key), key, place, ended=True)
        items = [self._write(place, "cases_item") for _ in range(ITEMS)]
        for _ in range(DOCUMENTS):
            self._write(place, "cases_document", under=self.chance.choice([None, *items]))
        for person in persons:
            self._tell(place, person, "vink")
        for _ in range(REQUESTS):
            self._ask(place)

    def draw_merge(self) -> None:
        """Two persons said to be one: waiting, accepted, declined, or accepted and undone. Nothing is seen by it but itself."""
        one, two = self.chance.choice(self.places), self.chance.choice(self.places)
        persons = self.chance.choice(one.persons), self.chance.choice(two.persons)
        known = {frozenset((merge.one, merge.other)) for merge in self.world.merges}
        if persons[0] == persons[1] or frozenset(persons) in known:
            return
        vink = one.scene.act("vink")
        [(citizens,)] = rows(f"SELECT count(DISTINCT citizen) FROM {PERSONS} WHERE root = ANY (%s)", list(persons))
        if citizens < 2:
            return
        merge = insert("people_merge", person_one=persons[0], person_two=persons[1], proposed_by_id=vink.id, outcome="")
        self.world.merges.append(Merge(merge, *persons))
        if outcome := self.chance.choice(["", "declined", "accepted", "accepted"]):
            kollega = one.scene.act("vink-kollega").id
            said = "SET outcome = %s, reviewed_by_id = %s, reviewed_at = store.now()"
            assert run(f"UPDATE people_merge {said} WHERE id = %s", outcome, kollega, merge) == 1
            if outcome == "accepted" and self.chance.random() < 0.3:
                outcome = "undone"
                run("UPDATE people_merge SET undone_by_id = %s, undone_at = store.now() WHERE id = %s", kollega, merge)
        self.happened[f"merge: {outcome or 'proposed'}"] += 1

    def lock(self, place: Place) -> None:
        """VINK locks the matter: who is not named sees nothing more of it. An agency may be let in afterwards."""
        vink = place.scene.act("vink")
        named = insert_grant(place.scene.matter, worker=vink, given_by=vink, reason=SPECIAL)
        self.keep_access(named, "vink", place, named=True, ended=True)
        insert("access_speciallock", matter_id=place.scene.matter, locked_by_id=vink.id, lifted_at=None, lifted_by_id=None)
        self.world.locked.add(place.number)
        if self.chance.random() < 0.4:
            others = [key for key in SEATED if (place.number, self.agency(key)) not in self.world.seats]
            self._seat(place, self.chance.choice(others))

    def lift(self, place: Place) -> None:
        """The lock is lifted, by the owner of the database: whoever is named may have no access any more."""
        with as_owner():
            vink = self.cast["vink"].id
            run(
                "UPDATE access_speciallock SET lifted_at = store.now(), lifted_by_id = %s WHERE matter_id = %s AND lifted_at IS NULL",
                vink,
                place.scene.matter,
            )
        self.world.locked.discard(place.number)

    def keep_access(
        self,
        grant: uuid.UUID,
        key: str,
        place: Place,
        *,
        person: uuid.UUID | None = None,
        hours: tuple[float, float] = (-1, 30 * 24),
        named: bool = False,
        ended: bool = False,
    ) -> None:
        """Let the oracle know of an access."""
        self.world.accesses.append(Access(grant, key, place.number, person, *hours, named))
        if ended:
            self.world.ended.add(grant)

    def end_drawn_accesses(self) -> None:
        """Whoever wrote has no access any more; the ones that count are drawn afterwards."""
        with as_owner():
            run("UPDATE access_grant SET ended_at = store.now() WHERE ended_at IS NULL")

    # A matter and its parts

    def _begin(self) -> Place:
        number, vink = len(self.places), self.cast["vink"]
        matter, case = begin_matter(vink)
        [(reference,)] = rows("SELECT reference FROM matters_matter WHERE id = %s", matter)
        [(grant, seat)] = rows(
            "SELECT g.id, a.id FROM access_grant g JOIN access_admission a USING (matter_id) WHERE matter_id = %s",
            matter,
        )
        adult_soon = (self.now + datetime.timedelta(days=10)).date()
        births = [born_years_ago(16, self.now.date()), adult_soon.replace(year=adult_soon.year - 18).isoformat(), ""]
        scene = Scene(matter, case, *(new_id() for _ in births), cast=self.cast)
        place = Place(number, scene, reference, [scene.son, scene.father, scene.daughter], scene.father)
        self.world.frames[number] += [matter, case, seat]
        self.world.seats[number, self.agency("vink")] = "whole"
        self.keep_access(grant, "vink", place, ended=True)
        colleague = scene.grant("vink-kollega")
        self.keep_access(colleague, "vink-kollega", place, ended=True)
        for person, born_on in zip(place.persons, births, strict=True):
            custody = self.chance.choice(["", "released", "remand"])
            self._save_person(place, person, born_on=born_on, custody_status=custody, exposed=self.chance.random() < 0.5)
        return place

    def _save_person(self, place: Place, person: uuid.UUID, **facts: object) -> None:
        vink = place.scene.act("vink")
        row = a_person("Opdigtet person", id=person, root=person, citizen=new_id(), about=[person], **facts)
        row.matter_id, row.owner, row.author, row.readers = place.scene.matter, vink.agency, vink, [vink.agency_id]
        row.happened_at = row.recorded_at = self.now
        row.save(force_insert=True)
        self._keep(person, PERSONS, place, "vink", [person])

    def _seat(self, place: Place, key: str) -> None:
        self.world.frames[place.number].append(place.scene.admit(key))
        self.world.seats[place.number, self.agency(key)] = "whole"

    def _keep(
        self, id: uuid.UUID, kind: str, place: Place, by: str, about: Iterable[Id], *, too: str = "", **more: Any
    ) -> Record:
        """Let the oracle know of a record; `too` is the agency that reads it as well."""
        record = Record(id, kind, place.number, self.agency(by), frozenset(about), asked=too, **more)
        self.world.records.append(record)
        if too:
            self.world.readers[id].add(too)
        return record

    # What is written and told

    def _write(self, place: Place, table: str, *, under: Record | None = None) -> Record:
        """An item or a document, of the own work or from a forum; a document under an item of its owner takes over the forum."""
        by = self.chance.choice(self._seated(place, CLERKS))
        about = self.chance.sample(place.persons, self.chance.choice([0, 1, 1, 2, 3]))
        is_from_forum = by == "vink" and place.number < WITH_FORUMS and self.chance.random() < 0.6
        forum = self.chance.choice(FORUMS) if is_from_forum else "own"
        given: dict[str, object] = {}
        if table == "cases_document":
            given = {"kind": "pdf", "size": 1, "content": new_id(), "item": None}
        if under is not None and under.owner == self.agency(by):
            forum, given["item"] = under.came_under, under.id
        made = place.scene.record(table, by=by, about=about, forum=forum, not_for_investigation=forum in FORUMS, **given)
        record = self._keep(made, table, place, by, about, came_under=forum)
        self._tell(place, record, by)
        return record

    def _tell(self, place: Place, record: Record, by: str) -> None:
        """To some agencies; what VINK tells in a forum, or from one, goes through the gate first."""
        others = [key for key in self._seated(place, (*SEATED, "vink")) if self.agency(key) != record.owner]
        for key in self.chance.sample(others, self.chance.randint(0, min(3, len(others)))):
            finding = {}
            if record.came_under != "own":
                forum = self.chance.choice([record.came_under, record.came_under, *FORUMS, "none"])
                found = self._asked_of_the_law(place, record, by, key, forum)
                self.happened["forum: refused" if found is None else "forum: told"] += 1
                if found is None:
                    continue
                if not self.world.may_be_told(record, self.agency(key), found["forum"]):
                    self.told_wrongly.append(
                        f"{record.came_under} told in {forum} to {key}, where it belongs to {found['forum']}"
                    )
                finding = {"finding": json.dumps(found)}
            self._disclose(place, record, by, key, **finding)

    def _asked_of_the_law(self, place: Place, record: Record, by: str, to: str, forum: str) -> dict[str, Any] | None:
        """The finding that allows it, as it is kept; or None."""
        worker = place.scene.act(by)
        forget_reach(worker)
        finding = finding_for(
            worker=worker,
            case=Case.objects.get(id=place.scene.case),
            records=[(record.kind, record.id)],
            to_agency=self.cast[to].agency_id,
            terms=Terms(forum=forum),
            now=self.now,
        )
        return as_kept(finding, purpose="crime-prevention") if finding.outcome == "allowed" else None

    def _disclose(self, place: Place, record: Record, by: str, to: str, **given: object) -> None:
        about = sorted(record.about)
        told = place.scene.disclose(record.id, to, by=by, table=record.kind, about=about, **given)
        is_withdrawn = self.chance.random() < 0.25
        self._keep(told, "cases_disclosure", place, by, about, too="" if is_withdrawn else self.agency(to))
        if is_withdrawn:
            run("UPDATE cases_disclosure SET withdrawn_at = store.now() WHERE id = %s", told)
        else:
            self.world.readers[record.id].add(self.agency(to))

    # What is asked of another agency

    def _ask(self, place: Place) -> None:
        """A request about some of the persons: waiting, answered with what was told, declined, or withdrawn (B-020)."""
        seated = self._seated(place, CLERKS)
        if len(seated) < 2:
            return
        asker, asked = self.chance.sample(seated, 2)
        about = self.chance.sample(place.persons, self.chance.choice([1, 1, 2]))
        request = place.scene.record(
            "sharing_informationrequest", by=asker, about=about, asked_id=place.scene.agency(asked), forum="ssp"
        )
        fate = self.chance.choice(["waits", "waits", "answered", "declined", "withdrawn"])
        disclosures = self._told(place, asked, asker) if fate == "answered" else []
        if fate == "answered" and not disclosures:
            fate = "declined"
        kept = self._keep(
            request, "sharing_informationrequest", place, asker, about, too=self.agency(asked), is_open=fate == "waits"
        )
        self.happened[f"request: {fate}"] += 1
        if fate == "withdrawn":
            place.scene.act(asker)
            run("UPDATE sharing_informationrequest SET outcome = 'withdrawn', ended_at = store.now() WHERE id = %s", request)
            self.world.readers[kept.id].clear()
        elif fate != "waits":
            answer = place.scene.record(
                "sharing_requestanswer",
                by=asked,
                about=about,
                request=request,
                asker_id=place.scene.agency(asker),
                kind=fate,
                disclosures=disclosures,
            )
            self._keep(answer, "sharing_requestanswer", place, asked, about, too=self.agency(asker))

    def _told(self, place: Place, by: str, to: str) -> list[uuid.UUID]:
        """One disclosure that stands, of one agency to another."""
        place.scene.act(by)
        return [
            id
            for (id,) in rows(
                "SELECT id FROM cases_disclosure WHERE matter_id = %s AND owner_id = %s AND recipient_id = %s"
                " AND withdrawn_at IS NULL ORDER BY id LIMIT 1",
                place.scene.matter,
                place.scene.agency(by),
                place.scene.agency(to),
            )
        ]

    def _seated(self, place: Place, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if (place.number, self.agency(key)) in self.world.seats]
