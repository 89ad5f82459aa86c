"""Oracle and database side by side: every row that there is, and what each worker sees of it in two ways."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tests.stateful import looking
from tests.stateful.looking import Everything, Row
from tests.stateful.oracle.facts import ENDED, TIMELINE, Birth, Clock, Grant, Matter, Person, Record, Seat, World
from tests.stateful.oracle.may import BOARD
from tests.stateful.oracle.steps import whole_picture
from tests.stateful.product.hands import Hands

PERSONS = "people_participant"
Key = tuple[Any, ...]
_PARTS = ("table", "matter", "owner", "root", "version", "first reader", "readers", "about", "is current", "more")
_NAMES_ANOTHER = (TIMELINE, "cases_disclosure")


class Comparison:
    """Compares, and takes over the ids that the product has drawn."""

    def __init__(self, hands: Hands, world: World) -> None:
        self.hands = hands
        self.world = world
        self.known: dict[uuid.UUID, tuple[Record, int]] = {}
        self.moves: dict[uuid.UUID | None, list[uuid.UUID]] = {}

    # All that there is

    def with_everything(self, births: Iterable[Birth]) -> None:
        """All rows are those the oracle knows, and these new ones; no more, no less, and no other."""
        found = looking.everything()
        self._take_over(found, list(births))
        assert len(found.records) == len(self.known)
        for row in found.records:
            record, version = self.known[row.id]
            told, expected = self._told_of(row), self._expected(record, version)
            apart = [(name, one, other) for name, one, other in zip(_PARTS, told, expected, strict=True) if one != other]
            assert not apart, f"{row.table} is not as the oracle knows it: {apart}"
        matters = {matter.id: matter for matter in self.world.matters}
        assert {row[0]: row[1:] for row in found.cases} == {id: self._case(matter) for id, matter in matters.items()}
        moves: dict[uuid.UUID | None, list[str]] = defaultdict(list)
        self.moves = defaultdict(list)
        for id, matter_id, name in found.moves:
            moves[matter_id].append(name)
            self.moves[matter_id].append(id)
        assert moves == {id: [name for name, _at in matter.moves] for id, matter in matters.items() if matter.moves}
        assert found.seats == sorted(self._seat(seat) for matter in matters.values() for seat in matter.seats)
        assert found.grants == sorted(
            (self._grant(grant) for matter in matters.values() for grant in matter.grants), key=lambda row: row[0]
        )

    def _take_over(self, found: Everything, births: list[Birth]) -> None:
        self._number([birth.row for birth in births if isinstance(birth.row, Matter)], found.cases, of=Matter)
        self._number([birth.row for birth in births if isinstance(birth.row, Seat)], found.seats, of=Seat)
        self._number_grants([birth.row for birth in births if isinstance(birth.row, Grant)], found.grants)
        fresh = [row for row in found.records if row.id not in self.known]
        made = [(birth.row, birth.version) for birth in births if isinstance(birth.row, Record)]
        first = [(one, version) for one, version in made if isinstance(one, Person) and version == 1]
        self._match([row for row in fresh if row.table == PERSONS and row.version == 1], first, _of_person_row, self._of_person)
        for names_another in (False, True):
            self._match(
                [row for row in fresh if row.id not in self.known and (row.table in _NAMES_ANOTHER) == names_another],
                [one for one in made if one not in first and (one[0].table in _NAMES_ANOTHER) == names_another],
                self._key,
                self._key_of,
            )

    def _match(
        self,
        fresh: list[Row],
        made: list[tuple[Record, int]],
        key: Callable[[Row], Key],
        key_of: Callable[[Any, int], Key],
    ) -> None:
        rows, expected = [key(row) for row in fresh], [key_of(*one) for one in made]
        assert Counter(rows) == Counter(expected), "the deed made other records than it should"
        waiting = defaultdict(list)
        for mark, row in zip(rows, fresh, strict=True):
            waiting[mark].append(row)
        for mark, one in zip(expected, made, strict=True):
            self._name(*one, waiting[mark].pop(0))

    def _name(self, record: Record, version: int, row: Row) -> None:
        assert len(record.ids) == version - 1
        record.ids.append(row.id)
        self.known[row.id] = record, version

    @staticmethod
    def _number(made: list[Any], rows: list[tuple[Any, ...]], *, of: type) -> None:
        """New matters, seats or grants get their ids in the order that they were made; the last rows are theirs."""
        for one, row in zip(made, rows[len(rows) - len(made) :], strict=True):
            if of is Matter:
                one.id, one.case_id = row[:2]
            else:
                one.id = row[0]

    def _number_grants(self, made: list[Grant], rows: list[tuple[Any, ...]]) -> None:
        """Several at once are named by a lock, in an order of its own: each is known by whose it is, for what, and how long."""
        known = {grant.id for matter in self.world.matters for grant in matter.grants}
        fresh = [row for row in rows if row[0] not in known]
        for grant in made:
            row = next((one for one in fresh if one[1:6] == self._grant(grant)[1:6]), None)
            assert row is not None, f"there is no {grant}"
            fresh.remove(row)
            grant.id = row[0]

    def _of_person(self, person: Person, _version: int) -> Key:
        """New persons are about themselves, so their ids can't tell them apart."""
        return person.matter.id, self.hands.agency(person.owner), *self._more(person).values()

    def _key(self, row: Row) -> Key:
        return row.table, row.matter, row.owner, row.version, row.root if row.version > 1 else None, row.about, _mark(row.more)

    def _key_of(self, record: Record, version: int) -> Key:
        about = frozenset(person.root for person in record.versions[version - 1])
        owner, root = self.hands.agency(record.owner), record.root if version > 1 else None
        return record.table, record.matter.id, owner, version, root, about, _mark(self._more(record))

    def _told_of(self, row: Row) -> tuple[Any, ...]:
        """A row with the names of `_PARTS`. Of a person the oracle knows the roles of today only."""
        assert len(set(row.readers)) == len(row.readers)
        said = (row.more or {}).items() if row.is_current or row.table != PERSONS else ()
        more = {key: _moment(value) if key in ("due", "paused", "stopped") else value for key, value in said}
        whose = row.table, row.matter, row.owner, row.root, row.version
        return *whose, row.readers[0], set(row.readers), row.about, row.is_current, more

    def _expected(self, record: Record, version: int) -> tuple[Any, ...]:
        owner = self.hands.agency(record.owner)
        readers = {self.hands.agency(reader) for reader in record.readers}
        about = frozenset(person.root for person in record.versions[version - 1])
        is_current = version == len(record.versions)
        more = self._more(record) if is_current or record.table != PERSONS else {}
        whose = record.table, record.matter.id, owner, record.root, version
        return *whose, owner, readers, about, is_current, more

    def _more(self, record: Record) -> dict[str, Any]:
        if isinstance(record, Clock):
            times = {"due": record.due, "paused": record.paused, "stopped": record.stopped}
            return {"rule": record.rule, "explained": record.is_explained, "escalated": record.is_escalated, **times}
        if isinstance(record, Person):
            return {"subject": record.is_subject, "guardian": record.is_guardian, "stated": record.stated}
        if record.table == "cases_task":
            return record.says | {"assigned": str(self.hands.agency(record.says["assigned"]))}
        if record.table == "sharing_informationrequest":
            return record.says
        if record.table in _NAMES_ANOTHER and record.of:
            return {"of": str(record.of.root), **record.says}
        return {}

    def _case(self, matter: Matter) -> tuple[Any, ...]:
        reopens = matter.reopens.case_id if matter.reopens else None
        return matter.case_id, matter.step, matter.outcome, len(matter.moves), self.hands.agency(matter.lead), reopens

    def _seat(self, seat: Seat) -> tuple[Any, ...]:
        return seat.id, seat.matter.id, self.hands.agency(seat.agency), seat.frame_only

    def _grant(self, grant: Grant) -> tuple[Any, ...]:
        person = grant.person.root if grant.person else None
        worker = self.hands.cast[grant.worker].id
        return grant.id, grant.matter.id, worker, person, grant.starts, grant.ends, grant.ended

    # What a worker sees

    def sight(self, who: str) -> frozenset[uuid.UUID | None]:
        """What the policies should show the worker: records with their versions, and frames."""
        seen: set[uuid.UUID | None] = {record.ids[number - 1] for record, number in self.world.visible_rows(who)}
        for matter in self.world.matters:
            reach = self.world.reach(who, matter)
            if reach.frame or matter in self.world.board(who):
                seen |= {matter.id, matter.case_id, *self.moves.get(matter.id, ())}
            if reach.frame:
                seen |= {seat.id for seat in (*matter.seats, *matter.given_up)}
            seen |= {grant.id for grant in matter.grants if reach.whole or grant.worker == who}
        return frozenset(seen)

    def by_sql(self, who: str) -> None:
        """PostgreSQL alone shows the worker what the oracle says."""
        found = looking.seen_by_sql(self.hands.become(who), self._kinds())
        assert found == self.sight(who), self._apart(who, "PostgreSQL", found, self.sight(who))

    def by_application(self, who: str) -> None:
        """The application's own queries find what the oracle says, and so do the counts."""
        worker = self.hands.become(who)
        tables = self._kinds()
        current = {one.ids[-1] for one, number in self.world.visible_rows(who) if number == len(one.versions)}
        current -= {clock.ids[-1] for clock in self._of_board(who)}
        cases = {matter.case_id for matter in self.world.frames(who) if matter.case_id}
        found = looking.seen_by_application(worker, tables)
        assert found == current | cases, self._apart(who, "the application", found, current | cases)
        for matter in self.world.matters:
            assert matter.id
            own = {one.ids[-1] for one in matter.records if self.world.sees(who, one)}
            asked = looking.seen_in_matter(worker, matter.id, tables)
            assert asked == own, self._apart(who, "a page of the case", asked, own)
            expected = whole_picture(matter) if self.world.reach(who, matter).whole else None
            assert looking.counted(worker, matter.id) == expected, f"the whole picture of {who}"
        board = sum(matter.step != ENDED for matter in self.world.board(who)) if who == BOARD else None
        assert looking.open_cases(worker) == board, f"the board of {who}"

    def _kinds(self) -> set[str]:
        """The tables that hold any record now; the others can show nobody anything."""
        return {record.table for record, _ in self.known.values()}

    def _of_board(self, who: str) -> list[Clock]:
        """The triage clocks that only the board gives, and not the worker's own need to know."""
        all_triage = [clock for matter in self.world.board(who) for clock in matter.of("cases_clock") if clock.rule == "triage"]
        return [clock for clock in all_triage if clock not in self.world.clocks(who, clock.matter)]

    def _apart(self, who: str, where: str, found: set[uuid.UUID], expected: Iterable[uuid.UUID | None]) -> str:
        """Which kinds of rows differ; ids alone say nothing."""

        def kinds(ids: Iterable[uuid.UUID | None]) -> list[str]:
            return sorted(self.known[id][0].table if id in self.known else "frame" for id in ids if id)

        return f"{where} shows {who} too much: {kinds(found - set(expected))}, too little: {kinds(set(expected) - found)}"


def _of_person_row(row: Row) -> Key:
    more = row.more or {}
    return row.matter, row.owner, more["subject"], more["guardian"], more["stated"]


def _mark(more: dict[str, Any] | None) -> tuple[Any, ...]:
    """What tells new records of one kind apart: the other record that it names, the rule of a clock, whose a task is."""
    return tuple((more or {}).get(name) for name in ("of", "rule", "kind", "assigned"))


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
