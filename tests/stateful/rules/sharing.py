"""Who sits at the matter, who has access, who is told."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.stateful.machine import CASE_WORKERS, WORKERS, Data, Machine
from tests.stateful.oracle.facts import Grant, Matter
from tests.stateful.oracle.may import AGENCY, OUR_UNIT
from tests.stateful.rules.people import DAY, HOUR


class Sharing(Machine):
    """Who sits at the matter, who has access, who is told."""

    def admit(self, data: Data) -> None:
        """An agency more."""
        contact = data.draw(st.sampled_from(WORKERS))
        matter = self.a_matter(data)
        if AGENCY[contact] not in matter.admitted or data.draw(st.integers(0, 9)) == 9:
            self.try_out(data, "admit", matter, contact=contact)

    def give_access(self, data: Data) -> None:
        """To a colleague, or to oneself."""
        lasts = data.draw(st.sampled_from([HOUR, 5 * DAY, 30 * DAY, 90 * DAY, 365 * DAY, 366 * DAY]))
        self.try_out(data, "give_access", self.a_matter(data), to=self.one_of(data, CASE_WORKERS), lasts=lasts)

    def end_access(self, data: Data) -> None:
        """Before its time; not often, for without grants nothing goes on."""
        grants: list[Grant] = [grant for matter in self.world.matters for grant in matter.grants]
        if data.draw(st.integers(0, 2)) == 2:
            grant = self.one_of(data, grants)
            self.try_out(data, "end_access", grant.matter, grant=grant)

    def change_lead(self, data: Data) -> None:
        """Another agency leads."""
        matter = self.a_matter(data)
        self.try_out(data, "change_lead", matter, to=self.one_of(data, sorted(matter.admitted)))

    def seat_by_sql(self, data: Data) -> None:
        """An agency with the frame only, too."""
        agency = data.draw(st.sampled_from(sorted(OUR_UNIT)))
        frame_only = data.draw(st.booleans())
        self.try_out(data, "seat_by_sql", self.a_matter(data), agency=agency, frame_only=frame_only)

    def grant_by_sql(self, data: Data) -> None:
        """The whole or one person, now or later."""
        waits = data.draw(st.sampled_from([0 * DAY, 0 * DAY, HOUR, 3 * DAY]))
        lasts = data.draw(st.sampled_from([HOUR, 2 * DAY, 20 * DAY, 200 * DAY]))
        matter = self.a_matter(data)
        there = [who for who in CASE_WORKERS if AGENCY[who] in matter.admitted]
        person = self.one_of(data, [None, *matter.of("people_participant")])
        self.try_out(data, "grant_by_sql", matter, to=self.one_of(data, there), person=person, waits=waits, lasts=lasts)

    def disclose(self, data: Data) -> None:
        """Some records of one agency to another."""
        self.disclose_some(data, self.a_matter(data))

    def disclose_people(self, data: Data) -> None:
        """All persons of an agency, so that another can work with them."""
        matter = self.a_matter(data)
        if owners := sorted({one.owner for one in matter.of("people_participant")}):
            owner = self.one_of(data, owners)
            people = [one for one in matter.of("people_participant") if one.owner == owner]
            self.try_out(data, "disclose", matter, records=people, to=self.one_of(data, sorted(matter.admitted)))

    def withdraw(self, data: Data) -> None:
        """A disclosure is taken back."""
        if told := self.any_record(data, "cases_disclosure"):
            self.try_out(data, "withdraw", told.matter, disclosure=told)

    def disclose_some(self, data: Data, matter: Matter) -> None:
        """Records of one agency that can be told, now and then one that can't."""
        there = [one for one in matter.records if one.table not in ("cases_timelineentry", "cases_disclosure")]
        if kinds := sorted({(one.owner, one.table) for one in there}):
            kind = self.one_of(data, kinds)
            own = [one for one in there if (one.owner, one.table) == kind]
            to = self.one_of(data, sorted(matter.admitted))
            self.try_out(data, "disclose", matter, records=self.some_of(data, own, least=1), to=to)
