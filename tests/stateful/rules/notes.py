"""What agencies write, correct and wait for."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.stateful.machine import Data, Machine
from tests.stateful.rules.people import ADULT, GUARDIAN, OTHER, Facts


class Notes(Machine):
    """What agencies write, correct and wait for."""

    def write(self, data: Data) -> None:
        """Something about some of the persons."""
        what = data.draw(st.sampled_from(["item", "item", "decision", "alarm"]))
        matter = self.a_matter(data)
        self.try_out(data, "write", matter, what=what, about=self.some_of(data, matter.of("people_participant")))

    def lay_document(self, data: Data) -> None:
        """A file about some of the persons, to an item now and then."""
        matter = self.a_matter(data)
        item = self.one_of(data, [None, *matter.of("cases_item")])
        self.try_out(data, "lay_document", matter, about=self.some_of(data, matter.of("people_participant")), item=item)

    def add_person(self, data: Data) -> None:
        """A person more, seldom another subject."""
        facts = data.draw(st.sampled_from([ADULT, GUARDIAN, OTHER]))
        matter = self.a_matter(data)
        if len(matter.of("people_participant")) < 7:
            self.try_out(data, "add_person", matter, facts=facts if data.draw(st.booleans()) else OTHER)

    def change_person(self, data: Data) -> None:
        """Another role."""
        is_subject = data.draw(st.booleans())
        if one := self.any_record(data, "people_participant"):
            self.try_out(data, "change_person", one.matter, person=one, is_subject=is_subject)

    def relate(self, data: Data) -> None:
        """How two of them are related, a guardian to another mostly."""
        kind = data.draw(st.sampled_from(["parent", "parent", "sibling"]))
        custody = data.draw(st.sampled_from([None, True, False]))
        matter = self.a_matter(data)
        people = matter.of("people_participant")
        guardians = [one for one in people if one.is_guardian] or people
        given = {"one": self.one_of(data, guardians), "to": self.one_of(data, people)} if people else None
        if given:
            self.try_out(data, "relate", matter, kind=kind, custody=custody, **given)

    def correct(self, data: Data) -> None:
        """A new version, about others, or in another case."""
        deed = data.draw(st.sampled_from(["correct", "correct_person", "correct_matter"]))
        if item := self.any_record(data, "cases_item"):
            given: Facts = {}
            if deed == "correct_person":
                given["about"] = self.some_of(data, item.matter.of("people_participant"), least=1)
            elif deed == "correct_matter":
                given["to"] = self.one_of(data, self.world.matters)
            self.try_out(data, deed, item.matter, item=item, **given)

    def end_alarm(self, data: Data) -> None:
        """An alarm is resolved."""
        if alarm := self.any_record(data, "cases_alarm"):
            self.try_out(data, "end_alarm", alarm.matter, alarm=alarm)

    def tick_or_link(self, data: Data) -> None:
        """A point of the procedure, or the journal's number."""
        point = data.draw(st.integers(0, 1))
        if data.draw(st.booleans()):
            self.try_out(data, "tick", self.a_matter(data), point=point)
        else:
            self.try_out(data, "journal", self.a_matter(data))

    def add_task(self, data: Data) -> None:
        """A task, in words or for another agency."""
        matter = self.a_matter(data)
        text = data.draw(st.sampled_from(["", "Opdigtet opgave."]))
        self.try_out(data, "add_task", matter, to=self.one_of(data, sorted(matter.admitted)), text=text)

    def complete_task(self, data: Data) -> None:
        """One of the last tasks is done."""
        if task := self.any_record(data, "cases_task"):
            self.try_out(data, "complete_task", task.matter, task=task)
