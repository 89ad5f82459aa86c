"""The oracle: what is recorded and who may see it, in plain Python, from docs/architecture.md and docs/requirements.md.

It imports nothing of the product. A worker sees a record when a grant that runs covers its matter or its participants
(need to know, R-208), the worker's agency sits at the matter, and the agency is among the record's readers (owner, or told).
Workers and agencies are the keys of `may`; ids are filled in when the product has drawn them.
"""

from __future__ import annotations

import datetime
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.stateful.oracle.may import AGENCY, BOARD

ENDED = 10
HERE = zoneinfo.ZoneInfo("Europe/Copenhagen")
TIMELINE = "cases_timelineentry"
NEVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)


class Named:
    """Shown by its name alone in what Hypothesis prints of a failing example."""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


@dataclass(eq=False, repr=False)
class Record(Named):
    """Something recorded: its versions (whom each is about), its owner, and whom the owner told.

    `of` is the record that it belongs to: a timeline entry's record, a course's offer, what a disclosure tells.
    """

    table: str
    matter: Matter
    owner: str
    versions: list[frozenset[Person]]
    at: datetime.datetime
    of: Record | None = None
    reads_too: str | None = None
    told: set[str] = field(default_factory=set)
    says: dict[str, Any] = field(default_factory=dict)
    ids: list[uuid.UUID] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"{self.table}:{self.matter.records.index(self)}"

    @property
    def root(self) -> uuid.UUID:
        """The stable id: that of the first version."""
        return self.ids[0]

    @property
    def about(self) -> frozenset[Person]:
        """Whom the current version is about."""
        return self.versions[-1]

    @property
    def readers(self) -> set[str]:
        """Agencies: the owner and those who were told; a timeline entry follows its record, and what was withdrawn is
        its owner's alone."""
        if self.table == TIMELINE and self.of is not None:
            return self.of.readers
        if self.says.get("withdrawn"):
            return {self.owner}
        return {self.owner} | self.told | ({self.reads_too} if self.reads_too else set())


@dataclass(eq=False, repr=False)
class Person(Record):
    """A participant. `born_on` or `stated` says the age; neither: it is not known."""

    is_subject: bool = False
    is_guardian: bool = False
    born_on: datetime.date | None = None
    stated: str = "unknown"

    def is_minor(self, day: datetime.date) -> bool | None:
        """Under 18 on that day (R-053)."""
        if self.born_on is not None:
            birthday = self.born_on.replace(year=self.born_on.year + 18)
            return day < birthday
        return {"minor": True, "adult": False}.get(self.stated)


@dataclass(eq=False, repr=False)
class Clock(Record):
    """A deadline (B-010)."""

    rule: str = ""
    due: datetime.datetime = NEVER
    paused: datetime.datetime | None = None
    stopped: datetime.datetime | None = None
    is_explained: bool = False
    is_escalated: bool = False


@dataclass(eq=False, repr=False)
class Seat(Named):
    """An agency's admission to a matter; `frame_only` after the police took over (R-060)."""

    matter: Matter
    agency: str
    frame_only: bool = False
    id: uuid.UUID | None = None


@dataclass(eq=False, repr=False)
class Grant(Named):
    """A worker's need to know, of the whole matter or of one person, from and until."""

    matter: Matter
    worker: str
    starts: datetime.datetime
    ends: datetime.datetime
    person: Person | None = None
    ended: bool = False
    id: uuid.UUID | None = None

    def __repr__(self) -> str:
        return f"grant to {self.worker} of {self.person or 'the whole'}"

    def runs(self, now: datetime.datetime) -> bool:
        """Whether it counts at that moment (B-024)."""
        return not self.ended and self.starts <= now < self.ends


@dataclass(eq=False, repr=False)
class Matter(Named):
    """A matter and its case. `moves` are the names of the moves made, with their moments."""

    lead: str
    reopens: Matter | None = None
    step: int = 1
    outcome: str = ""
    moves: list[tuple[str, datetime.datetime]] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None

    def __repr__(self) -> str:
        return f"matter led by {self.lead} at {self.step}"

    @property
    def admitted(self) -> set[str]:
        """The agencies at the matter."""
        return {seat.agency for seat in self.seats}

    def of(self, table: str) -> list[Any]:
        """The records of one kind, as they were made."""
        return [record for record in self.records if record.table == table]


@dataclass(frozen=True)
class Reach:
    """How far one worker's need to know goes in one matter."""

    frame: bool
    whole: bool
    people: frozenset[Person]

    def covers(self, about: frozenset[Person]) -> bool:
        """Whether what is about these persons is the worker's to know."""
        return self.whole or (bool(about) and about <= self.people)


@dataclass(frozen=True)
class Birth:
    """A row that a deed makes: a version of a record, or a matter, seat or grant."""

    row: Record | Matter | Seat | Grant
    version: int = 1


class World:
    """All matters, and the time. `births` are the rows that the last deed must have made."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now
        self.matters: list[Matter] = []
        self.births: list[Birth] = []

    def reach(self, worker: str, matter: Matter) -> Reach:
        """What runs for the worker in the matter now."""
        seat = next((seat for seat in matter.seats if seat.agency == AGENCY[worker]), None)
        running = [grant for grant in matter.grants if grant.worker == worker and grant.runs(self.now)] if seat else []
        known = [] if seat is None or seat.frame_only else running
        return Reach(
            frame=bool(running),
            whole=any(grant.person is None for grant in known),
            people=frozenset(grant.person for grant in known if grant.person is not None),
        )

    def sees(self, worker: str, record: Record) -> bool:
        """Whether the worker sees the current version of a record."""
        return AGENCY[worker] in record.readers and self.reach(worker, record.matter).covers(record.about)

    def seen(self, worker: str, matter: Matter, table: str) -> list[Any]:
        """The records of one kind that the worker sees, oldest first."""
        agency, reach = AGENCY[worker], self.reach(worker, matter)
        return [one for one in matter.of(table) if agency in one.readers and reach.covers(one.about)]

    def people(self, worker: str, matter: Matter) -> list[Person]:
        """The participants that the worker sees."""
        return self.seen(worker, matter, "people_participant")

    def clocks(self, worker: str, matter: Matter) -> list[Clock]:
        """The clocks that the worker sees: the own agency's, and the triage clock, which belongs to the frame."""
        own, has_frame = self.seen(worker, matter, "cases_clock"), self.reach(worker, matter).frame
        return [clock for clock in matter.of("cases_clock") if clock in own or (clock.rule == "triage" and has_frame)]

    def visible_rows(self, worker: str) -> Iterator[tuple[Record, int]]:
        """Every version of every record that the worker may read, each judged by whom that version is about."""
        agency = AGENCY[worker]
        for matter in self.matters:
            reach = self.reach(worker, matter)
            for record in matter.records:
                is_in_frame = isinstance(record, Clock) and record.rule == "triage" and (reach.frame or worker == BOARD)
                is_reader = agency in record.readers
                for number, about in enumerate(record.versions, start=1):
                    if is_in_frame or (is_reader and reach.covers(about)):
                        yield record, number

    def frames(self, worker: str) -> list[Matter]:
        """The matters whose frame the worker's own grants give."""
        return [matter for matter in self.matters if self.reach(worker, matter).frame]

    def board(self, worker: str) -> list[Matter]:
        """The matters whose frame the unit-wide duty gives (R-213): those of the own unit."""
        return list(self.matters) if worker == BOARD else []

    # What a deed makes

    def keep(
        self, matter: Matter, worker: str, table: str, about: Iterable[Person] = (), *, entry: bool = True, **more: Any
    ) -> Record:
        """A new record of the worker's agency, with its line on the timeline."""
        record = Record(table, matter, AGENCY[worker], [frozenset(about)], more.pop("at", self.now), **more)
        return self._add(record, entry=entry)

    def keep_person(self, matter: Matter, worker: str, **facts: Any) -> Person:
        """A new participant, who is about itself."""
        person = Person("people_participant", matter, AGENCY[worker], [frozenset()], self.now, **facts)
        person.versions = [frozenset({person})]
        self._add(person, entry=True)
        return person

    def keep_clock(
        self, matter: Matter, worker: str, rule: str, *, start: datetime.datetime, due: datetime.datetime,
        about: Iterable[Person] = (), of: Record | None = None,
    ) -> None:  # fmt: skip
        """A new clock of the worker's agency."""
        self._add(
            Clock("cases_clock", matter, AGENCY[worker], [frozenset(about)], start, of=of, rule=rule, due=due), entry=False
        )

    def keep_task(self, matter: Matter, owner: str, kind: str, assigned: str, of: Record | None = None) -> None:
        """A new task of one agency for an agency, which reads it too (R-220: a fixed word)."""
        says = {"kind": kind, "assigned": assigned, "done": False}
        self._add(
            Record("cases_task", matter, owner, [frozenset()], self.now, of=of, reads_too=assigned, says=says), entry=False
        )

    def keep_version(self, record: Record, about: frozenset[Person] | None = None) -> None:
        """A new version, and its line on the timeline. About the same persons or fewer, it is read by those who read the one before,
        and they get a notice to do so; about others, by its owner alone. Who was told once and still takes part in the matter gets
        a notice that it changed (B-023)."""
        lines = [line for line in record.matter.of(TIMELINE) if line.of is record]
        now_about = record.about if about is None else about
        misled = set() if now_about == record.about or (now_about and now_about <= record.about) else set(record.told)
        for one in (record, *lines):
            one.versions.append(now_about)
            self.births.append(Birth(one, len(one.versions)))
        for told in record.matter.of("cases_disclosure"):
            if told.of is record and told.reads_too in misled and not told.says["withdrawn"]:
                self.take_back(told)
        for recipient in record.told:
            self.keep_task(record.matter, record.owner, "read-correction", recipient, of=record)
        once = {one.reads_too for one in record.matter.of("cases_disclosure") if one.of is record and one.owner == record.owner}
        for recipient in record.matter.admitted:
            if recipient in once - record.told - misled:
                self.keep_task(record.matter, record.owner, "corrected-earlier", recipient, of=record)

    def take_back(self, disclosure: Record) -> None:
        """From now on the recipient does not see the record, nor its line on the timeline (B-023). It is told so, and a notice to
        read a correction of it leads nowhere."""
        record, recipient = disclosure.of, disclosure.reads_too
        disclosure.says["withdrawn"] = True
        if record is None or recipient is None:
            return
        record.told.discard(recipient)
        for task in record.matter.of("cases_task"):
            if task.of is record and (task.says["kind"], task.says["assigned"]) == ("read-correction", recipient):
                task.says["done"] = True
        self.keep_task(record.matter, record.owner, "disclosure-gone", recipient, of=record)

    def seat(self, matter: Matter, agency: str, *, frame_only: bool = False) -> None:
        """Admit an agency."""
        matter.seats.append(Seat(matter, agency, frame_only))
        self.births.append(Birth(matter.seats[-1]))

    def grant(self, matter: Matter, worker: str, *, ends: datetime.datetime, **more: Any) -> None:
        """Give a worker need to know, from now on unless `starts` is given."""
        matter.grants.append(Grant(matter, worker, more.pop("starts", self.now), ends, **more))
        self.births.append(Birth(matter.grants[-1]))

    def begin_matter(self, worker: str, reopens: Matter | None = None) -> Matter:
        """A new matter: its maker's agency is admitted and leads, its maker has it whole for a year."""
        matter = Matter(lead=AGENCY[worker], reopens=reopens)
        self.matters.append(matter)
        self.births.append(Birth(matter))
        self.seat(matter, AGENCY[worker])
        self.grant(matter, worker, ends=self.now + datetime.timedelta(days=365))
        return matter

    def _add(self, record: Record, *, entry: bool) -> Record:
        record.matter.records.append(record)
        self.births.append(Birth(record))
        if entry:
            line = Record(TIMELINE, record.matter, record.owner, list(record.versions), record.at, of=record)
            record.matter.records.append(line)
            self.births.append(Birth(line))
        return record


def day_of(moment: datetime.datetime) -> datetime.date:
    """The day it is here."""
    return moment.astimezone(HERE).date()
