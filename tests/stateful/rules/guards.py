"""Who locks, who breaks the glass, who asks."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.stateful.machine import Data, Machine
from tests.stateful.oracle import asking, guarding
from tests.stateful.oracle.facts import Grant
from tests.stateful.oracle.may import BREAKS_GLASS
from tests.stateful.oracle.sharing import REQUEST

DEEDS_OF = (asking, guarding)
"""The modules that put these deeds into the oracle's book."""


class Guards(Machine):
    """Special locks, emergencies, requests between agencies."""

    def lock_or_lift(self, data: Data) -> None:
        """Locked for one who locks it and some more; lifted soon, for little goes on under a lock."""
        matter = self.a_matter(data)
        if matter.is_locked and data.draw(st.integers(0, 3)):
            self.try_out(data, "lift", matter)
        elif data.draw(st.booleans()):
            there = sorted({grant.worker for grant in matter.grants if grant.runs(self.world.now)})
            self.try_out(data, "lock", matter, keep=self.some_of(data, there))

    def break_glass(self, data: Data) -> None:
        """By someone who mostly may."""
        matter = self.a_matter(data)
        who = self.one_of(data, ["vink-kollega", "vink", "sekretariat", "jobcenter", "dpo", *sorted(BREAKS_GLASS)])
        if self.is_possible("break_glass", who, matter) or data.draw(st.integers(0, 4)) == 4:
            self.do("break_glass", who, matter)

    def close_glass(self, data: Data) -> None:
        """An opening, whether it still runs or not."""
        openings: list[Grant] = [one for matter in self.world.matters for one in matter.grants if one.is_emergency]
        if openings:
            self.try_out(data, "close_glass", None, opening=self.one_of(data, openings[-3:]))

    def end_seat(self, data: Data) -> None:
        """An agency leaves that does not lead."""
        matter = self.a_matter(data)
        others = sorted(matter.admitted - {matter.lead})
        if others and data.draw(st.integers(0, 2)) == 2:
            self.try_out(data, "end_seat_by_sql", matter, agency=self.one_of(data, others))

    def ask(self, data: Data) -> None:
        """Another agency at the matter, about some of the persons."""
        matter = self.a_matter(data)
        about = self.some_of(data, matter.of("people_participant"))
        self.try_out(data, "ask_by_sql", matter, asked=self.one_of(data, sorted(matter.admitted)), about=about)

    def end_request(self, data: Data) -> None:
        """A no, or a withdrawal."""
        deed = data.draw(st.sampled_from(["decline_by_sql", "withdraw_by_sql"]))
        if request := self.any_record(data, REQUEST):
            self.try_out(data, deed, request.matter, request=request)
