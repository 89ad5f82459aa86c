"""Along the nine steps, legally and not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize
from tests.stateful.machine import CASE_WORKERS, WORKERS, Data, Machine
from tests.stateful.oracle.facts import Matter, Person
from tests.stateful.oracle.may import OUR_UNIT, POLICE, STRANGER
from tests.stateful.oracle.steps import FOLLOW_UP, RESULTS, dismissed, subjects
from tests.stateful.rules.people import FAMILIES, Facts

MOST_MATTERS = 4


class Steps(Machine):
    """Along the nine steps, legally and not."""

    @initialize(data=st.data(), far=st.sampled_from([0, 2, 5, 8, 11, 14]))
    def begin(self, data: Data, far: int) -> None:
        """A first matter, some way along, with some agencies."""
        self.do("note_concern", "vink", None, people=data.draw(st.sampled_from(FAMILIES)), reporter_named=True)
        for contact in self.some_of(data, ["sof", "ssp", "dks", "ekp", "sekretariat"], least=1):
            self.do("admit", "vink", self.world.matters[0], contact=contact)
        for _ in range(far):
            self.go_on_with(data, self.world.matters[0])

    def note_concern(self, data: Data) -> None:
        """Another concern arises."""
        if len(self.world.matters) == MOST_MATTERS:
            return
        family = data.draw(st.sampled_from(FAMILIES))
        reporter_named = data.draw(st.booleans())
        who = self.one_of(data, [one for one in WORKERS if one != STRANGER])
        if "take-in-concern" in self.may(who) or data.draw(st.integers(0, 9)) == 9:
            self.do("note_concern", who, None, people=family, reporter_named=reporter_named)

    def go_on(self, data: Data) -> None:
        """The next step."""
        self.go_on_with(data, self.a_matter(data))

    def any_move(self, data: Data) -> None:
        """A move, legal now or not."""
        matter, who = self.a_matter(data), self.one_of(data, CASE_WORKERS)
        name = self.one_of(
            data,
            ["receive", "bring_to_unit", "discussed", "assess", "met", "measures_agreed", "new_measures", "close", "reopen"],
        )
        given: Facts = {}
        if name == "assess":
            given = self.an_assessment(data, who, matter, self.one_of(data, sorted(RESULTS)))
        elif name == "discussed":
            given = {"taking_part": self.some_of(data, sorted(OUR_UNIT))}
        elif name == "measures_agreed":
            given = self.an_agreement(data, matter)
        elif name == "close":
            given = {"hand_over": True, "journal": ""}
        self.do(name, who, matter, **given)

    def hand_to_pet(self, data: Data) -> None:
        """The police hand over; not often, for little is left then."""
        if self.done > 15 and data.draw(st.integers(0, 3)) == 3:
            self.try_out(data, "hand_to_pet", self.a_matter(data))

    def meet(self, data: Data) -> None:
        """A meeting with some of them."""
        held = data.draw(st.booleans())
        matter = self.a_matter(data)
        people = matter.of("people_participant")
        self.try_out(data, "meet", matter, **self.a_meeting(data, people, matter, held=held))

    def go_on_with(self, data: Data, matter: Matter) -> None:
        """What lies next at the step where the matter stands."""
        match matter.step:
            case 1:
                self.try_out(data, "receive", matter)
            case 2:
                self.try_out(data, "bring_to_unit", matter)
            case 3:
                self.try_out(data, "discussed", matter, taking_part=self.some_of(data, sorted(matter.admitted)))
            case 4:
                self.assess(data, matter, "first")
            case 5:
                self.get_met(data, matter)
            case 6:
                self.assess(data, matter, "second")
            case 7:
                self.try_out(data, "measures_agreed", matter, **self.an_agreement(data, matter))
            case 8 if data.draw(st.integers(0, 2)) == 2:
                self.try_out(data, "new_measures", matter)
            case 8:
                self.follow_up_or_end(data, matter)
            case 9:
                hand_over, journal = data.draw(st.booleans()), data.draw(st.sampled_from(["", "2016-000001"]))
                self.try_out(data, "close", matter, hand_over=hand_over, journal=journal)
            case _:
                self.try_out(data, "reopen", matter)

    def an_agreement(self, data: Data, matter: Matter) -> Facts:
        """With whom measures are agreed."""
        people = matter.of("people_participant")
        return {
            "spoken_with": self.some_of(data, people),
            "taking_part": self.some_of(data, sorted(matter.admitted), least=data.draw(st.integers(0, 1))),
        }

    def get_met(self, data: Data, matter: Matter) -> None:
        """Meet all who have to be met, with the police, then go on."""
        if POLICE not in matter.admitted:
            self.try_out(data, "admit", matter, contact=POLICE)
            return
        if not self.try_out(data, "met", matter):
            given = self.a_meeting(data, [one for one in matter.of("people_participant") if one.is_subject], matter, held=True)
            self.try_out(data, "meet", matter, **given | {"taking_part": [POLICE], "excuse": "Opdigtet grund."})

    def a_meeting(self, data: Data, people: list[Person], matter: Matter, *, held: bool) -> Facts:
        """Whom it is with, and who took part."""
        return {
            "about": people if data.draw(st.booleans()) else self.some_of(data, people, least=1),
            "held": held,
            "guardians": self.some_of(data, [one for one in matter.of("people_participant") if one.is_guardian]),
            "excuse": data.draw(st.sampled_from(["", "Opdigtet grund."])),
            "taking_part": self.some_of(data, sorted(matter.admitted)),
            "kind": "follow-up" if matter.step == FOLLOW_UP else "home-visit",
        }

    def follow_up_or_end(self, data: Data, matter: Matter) -> None:
        """On to the end where both tracks were followed; else one of them is."""
        if self.assess(data, matter, "final"):
            return
        if data.draw(st.booleans()):
            seats = sorted(matter.admitted)
            self.try_out(data, "follow_up_in_unit", matter, taking_part=self.some_of(data, seats, least=1))
        else:
            given = self.a_meeting(data, [one for one in matter.of("people_participant") if one.is_subject], matter, held=False)
            self.try_out(data, "meet", matter, **given)

    def assess(self, data: Data, matter: Matter, gate: str) -> bool:
        """An assessment by someone who knows all subjects, if there is anyone; whether there was."""
        for who in CASE_WORKERS:
            given = self.an_assessment(data, who, matter, gate)
            if given["results"] and self.is_possible("assess", who, matter, **given):
                self.do("assess", who, matter, **given)
                return True
        return False

    def an_assessment(self, data: Data, who: str, matter: Matter, gate: str) -> Facts:
        """A result for everyone whom the worker knows; dismissed for all now and then."""
        left = [one for one in subjects(self.world, who, matter) if one not in dismissed(self.world, who, matter)]
        results = sorted(RESULTS[gate] - {"dismissed"}) * 3 + sorted(RESULTS[gate] & {"dismissed"})
        return {
            "gate": gate,
            "results": {person: self.one_of(data, results) for person in left},
            "ground": "" if data.draw(st.integers(0, 9)) == 9 else "Opdigtet grundlag.",
            "taking_part": self.some_of(data, sorted(matter.admitted)),
        }
