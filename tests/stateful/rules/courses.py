"""Offers, answers and courses."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.stateful.machine import Data, Machine
from tests.stateful.oracle.facts import day_of
from tests.stateful.oracle.measures import FOLLOW_UPS


class Courses(Machine):
    """Offers, answers and courses."""

    def offer(self, data: Data) -> None:
        """To one of them."""
        intervention = data.draw(st.sampled_from(sorted(FOLLOW_UPS)))
        matter = self.a_matter(data)
        if people := matter.of("people_participant"):
            self.try_out(data, "offer", matter, to=self.one_of(data, people), intervention=intervention)

    def answer(self, data: Data) -> None:
        """By the one who got it, or by another."""
        kind = data.draw(st.sampled_from(["accepted", "accepted", "accepted", "refused", "withdrawn"]))
        if made := self.any_record(data, "cases_offer"):
            by = self.one_of(data, [*made.about, *made.about, *made.matter.of("people_participant")])
            self.try_out(data, "answer", made.matter, offer=made, by=by, kind=kind)

    def start_course(self, data: Data) -> None:
        """On a yes."""
        holder = data.draw(st.sampled_from(["mentor", "mentor-to", "coach", "vink-kollega", "sof", "politiker", None]))
        if made := self.any_record(data, "cases_offer"):
            self.try_out(data, "start_course", made.matter, offer=made, holder=holder)

    def course_at_once(self, data: Data) -> None:
        """Offer, yes and course in one, so that courses are not too rare."""
        matter = self.a_matter(data)
        adults = [one for one in matter.of("people_participant") if one.is_minor(day_of(self.world.now)) is False]
        if adults:
            person, holder = self.one_of(data, adults), self.one_of(data, ["mentor", "mentor-to", "coach"])
            if self.try_out(data, "offer", matter, to=person, intervention="mentorstoette"):
                made = matter.of("cases_offer")[-1]
                if self.try_out(data, "answer", matter, offer=made, by=person, kind="accepted"):
                    self.try_out(data, "start_course", matter, offer=made, holder=holder)

    def log(self, data: Data) -> None:
        """The mentor's own log."""
        kind = data.draw(st.sampled_from(["session", "session", "missed", "focus", "completed"]))
        if course := self.any_record(data, "cases_course"):
            self.try_out(data, "log", course.matter, course=course, kind=kind)

    def change_course(self, data: Data) -> None:
        """On hold, on again, ended."""
        kind = data.draw(st.sampled_from(["focus", "on-hold", "resumed", "resumed", "completed", "interrupted", "handed-over"]))
        counts = data.draw(st.booleans())
        if course := self.any_record(data, "cases_course"):
            self.try_out(data, "change_course", course.matter, course=course, kind=kind, counts=counts)
