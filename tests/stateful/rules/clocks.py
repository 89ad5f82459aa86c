"""Time, and what runs out."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.stateful.machine import Data, Machine
from tests.stateful.oracle.clocks import is_overdue
from tests.stateful.oracle.facts import Clock
from tests.stateful.rules.people import DAY, HOUR


class Clocks(Machine):
    """Time, and what runs out."""

    def qualify(self, data: Data) -> None:
        """A severity and that local action is needed start the triage clock."""
        kind = data.draw(st.sampled_from(["severity", "local-action", "local-action", "classification", "level"]))
        matter = self.a_matter(data)
        values = {"severity": ["high", "medium", "low"], "local-action": ["yes", "yes", "no"], "classification": ["at-risk"]}
        about = [one for one in matter.of("people_participant") if one.is_subject]
        given = {"kind": kind, "value": self.one_of(data, values.get(kind, ["foregribende"]))}
        person = self.one_of(data, about) if about and kind == "classification" else None
        if not self.try_out(data, "qualify", matter, about=person, **given) and kind == "local-action":
            self.try_out(data, "qualify", matter, kind="severity", value="high", about=None)
            self.try_out(data, "qualify", matter, kind=kind, value="yes", about=None)

    def take_responsibility(self, data: Data) -> None:
        """An agency accepts."""
        self.try_out(data, "take_responsibility", self.a_matter(data))

    def change_clock(self, data: Data) -> None:
        """What can be done to a clock."""
        deed = data.draw(st.sampled_from(["pause", "resume", "resume", "explain", "stop_clock"]))
        if clock := self.any_record(data, "cases_clock"):
            assert isinstance(clock, Clock)
            self.try_out(data, deed, clock.matter, clock=clock)

    def time_passes(self, data: Data) -> None:
        """Grants run out, clocks too."""
        time = data.draw(st.sampled_from([HOUR, 20 * HOUR, 2 * DAY, 3 * DAY, 12 * DAY, 31 * DAY, 100 * DAY]))
        self.pass_time(time)
        type(self).accepted["time_passes"] += 1
        self.compare()

    def escalate(self, data: Data) -> None:
        """The job that runs every minute."""
        if any(is_overdue(self.world, clock) for matter in self.world.matters for clock in matter.of("cases_clock")):
            self.do("escalate", "vink", None)
