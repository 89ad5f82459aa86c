"""Who sees what, in plain Python, written from the requirements (R-208, R-209, R-216, B-020, B-023). Knows nothing of the product."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Access:
    """A worker's need to know: a whole matter, or one person in it. `runs`: it has begun and neither run out nor been ended."""

    worker: str
    matter: int
    person: int | None
    runs: bool


@dataclass(frozen=True)
class Told:
    """An item told to an agency; `withdrawn` when its owner took it back."""

    item: int
    to: str
    withdrawn: bool


@dataclass(frozen=True)
class Item:
    """A piece of information of one agency, about none, one or more persons of a matter."""

    number: int
    matter: int
    owner: str
    about: frozenset[int]


@dataclass
class World:
    """All that decides. `seats`: whether an agency takes part in a matter, wholly ('whole'), or only in its frame ('frame')."""

    agency_of: dict[str, str]
    seats: dict[tuple[int, str], str] = field(default_factory=dict)
    accesses: list[Access] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def sees(self, worker: str, item: Item) -> bool:
        """Need to know, and the own agency is the owner or was told and still is."""
        return self._needs_to_know(worker, item) and self._agency_reads(self.agency_of[worker], item)

    def _needs_to_know(self, worker: str, item: Item) -> bool:
        if self.seats.get((item.matter, self.agency_of[worker])) != "whole":
            return False
        own = [one for one in self.accesses if one.worker == worker and one.matter == item.matter and one.runs]
        if any(one.person is None for one in own):
            return True
        persons = {one.person for one in own}
        return bool(item.about) and item.about <= persons

    def _agency_reads(self, agency: str, item: Item) -> bool:
        return agency == item.owner or any(
            one.item == item.number and one.to == agency and not one.withdrawn for one in self.told
        )
