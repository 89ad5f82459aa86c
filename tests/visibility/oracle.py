"""Who sees what, in plain Python, written from the requirements (R-010, R-043, R-208, R-209, R-213, R-216, B-020, B-023 to B-026).
Knows nothing of the product; ids are the product's, and only carried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field

Id = Hashable
PERSONS = "people_participant"
TAKES_PART = {
    "ssp": {"Sekretariatet", "VINK", "SSP København", "Socialforvaltningen", "EKP", "Skolesystemet", "DKS"},
    "psp": {"Sekretariatet", "VINK", "SSP København", "Socialforvaltningen", "EKP", "DKS", "Regionspsykiatrien"},
    "ksp": {"Sekretariatet", "VINK", "SSP København", "Socialforvaltningen", "EKP", "DKS", "Kriminalforsorgen"},
}
BOARD = "sekretariat"
"""The one worker with the unit-wide duty: the frame of every matter (R-213)."""
NO_EMERGENCY = {"mentor", "mentor-to", "coach", "administrator", "politiker", "rapport"}
"""Whose roles break no glass (B-025)."""


@dataclass(frozen=True)
class Access:
    """A worker's need to know, from and until, in hours: a whole matter, or one person in it. `named`: in a special lock."""

    id: Id
    worker: str
    matter: int
    person: Id | None
    starts: float
    ends: float
    named: bool = False


@dataclass(frozen=True)
class Record:
    """Something recorded by one agency, about none, one or more persons of a matter. `came_under`: a forum, or `own`. A request
    has whom it was `asked` of, and whether it `is_open`."""

    id: Id
    kind: str
    matter: int
    owner: str
    about: frozenset[Id]
    asked: str = ""
    is_open: bool = False
    came_under: str = "own"


@dataclass(frozen=True)
class Merge:
    """Two records of a person said to be of one; it takes both to see it."""

    id: Id
    one: Id
    other: Id


@dataclass(frozen=True)
class Opening:
    """Broken glass: whose, the access it gave, and its review."""

    id: Id
    worker: str
    access: Id
    review: Id | None = None


@dataclass(frozen=True)
class Reach:
    """How far one worker's need to know goes in one matter."""

    frame: bool = False
    whole: bool = False
    persons: frozenset[Id] = frozenset()

    def covers(self, about: frozenset[Id]) -> bool:
        """Whether what is about these persons is the worker's to know."""
        return self.whole or (bool(about) and about <= self.persons)


@dataclass
class World:
    """All that decides, at a moment `now` in hours. `seats`: how an agency takes part: `whole`, `frame` or `gone`."""

    agency_of: dict[str, str]
    controller_of: dict[str, str]
    overseers: tuple[str, ...]
    now: float = 0
    seats: dict[tuple[int, str], str] = field(default_factory=dict)
    frames: dict[int, list[Id]] = field(default_factory=lambda: defaultdict(list))
    """What stands in the frame of a matter: the matter, its case, its seats; the first two are on the board as well."""
    accesses: list[Access] = field(default_factory=list)
    ended: set[Id] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)
    readers: dict[Id, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By record: the agencies besides its owner that read it."""
    merges: list[Merge] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    refused: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    # What a worker sees

    def sight(self, worker: str) -> set[Id]:
        """The ids of all that the database shows the worker."""
        reach = self.reach(worker)
        seen = {one.id for one in self.records if self.sees(worker, one, reach)}
        for matter, frame in self.frames.items():
            if reach[matter].frame:
                seen.update(frame)
            elif self.is_on_board(worker, matter):
                seen.update(frame[:2])
        seen |= {one.id for one in self.accesses if one.worker == worker or reach[one.matter].whole}
        seen |= {one.id for one in self.merges if {one.one, one.other} <= seen}
        for opening in self.openings:
            if self.oversees(worker, opening.worker):
                seen |= {opening.id, *([opening.review] if opening.review else [])}
            elif opening.worker == worker:
                seen.add(opening.id)
        return seen

    def asked_for(self, worker: str) -> set[Id]:
        """The ids of what the pages ask for: the records, and the cases."""
        reach = self.reach(worker)
        seen = {one.id for one in self.records if self.sees(worker, one, reach)}
        return seen | {frame[1] for matter, frame in self.frames.items() if reach[matter].frame}

    def waiting(self, worker: str) -> tuple[int, int]:
        """How many requests wait for an answer: of us, and from others."""
        agency, reach = self.agency_of[worker], self.reach(worker)
        seen = [one for one in self.records if one.is_open and self.sees(worker, one, reach)]
        return sum(one.asked == agency for one in seen), sum(one.owner == agency for one in seen)

    def board(self, worker: str) -> int | None:
        """How many cases the board counts; None for whom there is none."""
        return sum(self.is_on_board(worker, matter) for matter in self.frames) if worker == BOARD else None

    # Why

    def sees(self, worker: str, record: Record, reach: dict[int, Reach]) -> bool:
        """Need to know, and the own agency is the owner or was told and still is."""
        agency = self.agency_of[worker]
        return (agency == record.owner or agency in self.readers[record.id]) and reach[record.matter].covers(record.about)

    def reach(self, worker: str) -> dict[int, Reach]:
        """By matter, what counts of the worker's accesses now. In a locked matter only those that name the worker do."""
        counts: dict[int, list[Access]] = defaultdict(list)
        for one in self.accesses:
            if one.worker == worker and self.runs(one) and (one.named or one.matter not in self.locked):
                counts[one.matter].append(one)
        found: dict[int, Reach] = defaultdict(Reach)
        for matter, own in counts.items():
            seat = self.seats.get((matter, self.agency_of[worker]), "gone")
            if seat != "gone":
                known = own if seat == "whole" else []
                persons = frozenset(one.person for one in known if one.person is not None)
                found[matter] = Reach(True, any(one.person is None for one in known), persons)
        return found

    def runs(self, access: Access) -> bool:
        """Begun, not run out, not ended."""
        return access.id not in self.ended and access.starts <= self.now < access.ends

    def is_on_board(self, worker: str, matter: int) -> bool:
        """Every matter of the unit, but no locked one that the worker is not named in."""
        return worker == BOARD and (matter not in self.locked or self.reach(worker)[matter].frame)

    def oversees(self, worker: str, other: str) -> bool:
        """The data protection officers of the same controller."""
        return worker in self.overseers and self.controller_of[worker] == self.controller_of[other]

    # What the rules say of a deed

    def may_be_told(self, record: Record, to: str, forum: str) -> bool:
        """Whether it is at all thinkable that what came under a forum is told, without a consent, and then belongs to `forum`:
        it stays in its own, and that is for those who take part (A-11)."""
        return forum == record.came_under and {record.owner, to} <= TAKES_PART[forum]

    def breaks(self, worker: str, matter: int | None) -> str:
        """What comes of breaking the glass of a matter (None: one that does not exist)."""
        if worker in NO_EMERGENCY:
            return "not permitted"
        if not any(self.oversees(one, worker) for one in self.overseers if one != worker):
            return "nobody-reviews"
        given = {one.access for one in self.openings if one.worker == worker}
        if sum(one.id in given and one.id not in self.ended and self.now < one.ends for one in self.accesses) >= 3:
            return "too-many"
        if sum(self.now - 24 < at for at in self.refused[worker]) >= 10:
            return "too-many-attempts"
        if matter is None or matter in self.locked or self.seats.get((matter, self.agency_of[worker])) != "whole":
            return "nothing"
        return "has-access" if self.reach(worker)[matter].whole else "opened"
