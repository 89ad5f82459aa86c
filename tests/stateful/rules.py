"""The rules: what can happen. Each draws a deed with what it is about; the machine draws who does it."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.stateful.machine import BEGINNING, WORKERS, Machine
from tests.stateful.oracle.facts import Clock, Grant, Matter, Person, Record, day_of
from tests.stateful.oracle.may import AGENCY, OUR_UNIT, POLICE, STRANGER, works_in_cases
from tests.stateful.oracle.measures import FOLLOW_UPS
from tests.stateful.oracle.steps import RESULTS, dismissed, subjects

Data = st.DataObject
Facts = dict[str, Any]
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
TODAY = day_of(BEGINNING)
CASE_WORKERS = tuple(who for who in WORKERS if works_in_cases(who))
NOTERS = tuple(who for who in WORKERS if who != STRANGER)


def _born(years: int, days: int = 0) -> datetime.date:
    return TODAY.replace(year=TODAY.year - years) + datetime.timedelta(days=days)


CHILD: Facts = {"is_subject": True, "born_on": _born(16)}
SOON_18: Facts = {"is_subject": True, "born_on": _born(18, days=20)}
SAID_MINOR: Facts = {"is_subject": True, "stated": "minor"}
ADULT: Facts = {"is_subject": True, "stated": "adult"}
NO_AGE: Facts = {"is_subject": True}
GUARDIAN: Facts = {"is_guardian": True, "stated": "adult"}
SUBJECT_AND_GUARDIAN: Facts = {"is_subject": True, "is_guardian": True, "stated": "adult"}
OTHER: Facts = {"stated": "adult"}
FAMILIES: list[list[Facts]] = [
    [CHILD, GUARDIAN],
    [CHILD, SOON_18, GUARDIAN],
    [ADULT],
    [SAID_MINOR, SUBJECT_AND_GUARDIAN],
    [NO_AGE, GUARDIAN],
    [OTHER],
]


class Steps(Machine):
    """Along the nine steps, legally and not."""

    @initialize(data=st.data(), far=st.integers(0, 9))
    def begin(self, data: Data, far: int) -> None:
        """A first matter, some way along, with some agencies."""
        self.do("note_concern", "vink", None, people=data.draw(st.sampled_from(FAMILIES)), reporter_named=True)
        for contact in self.some_of(data, ["sof", "ssp", "dks", "ekp", "sekretariat"], least=1):
            self.do("admit", "vink", self.world.matters[0], contact=contact)
        for _ in range(far):
            self.go_on_with(data, self.world.matters[0])

    @precondition(lambda self: len(self.world.matters) < 4)
    @rule(data=st.data(), family=st.sampled_from(FAMILIES), reporter_named=st.booleans())
    def note_concern(self, data: Data, family: list[Facts], reporter_named: bool) -> None:
        """Another concern arises."""
        who = self.one_of(data, NOTERS)
        if "take-in-concern" in self.may(who) or data.draw(st.integers(0, 9)) == 9:
            self.do("note_concern", who, None, people=family, reporter_named=reporter_named)

    @rule(data=st.data())
    def go_on(self, data: Data) -> None:
        """The next step."""
        self.go_on_with(data, self.a_matter(data))

    @rule(data=st.data())
    def go_on_too(self, data: Data) -> None:
        """The next step, drawn as often again."""
        self.go_on_with(data, self.a_matter(data))

    @rule(data=st.data())
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

    @precondition(lambda self: self.done > 15)
    @rule(data=st.data())
    def hand_to_pet(self, data: Data) -> None:
        """The police hand over; not often, for little is left then."""
        if data.draw(st.integers(0, 3)) == 3:
            self.try_out(data, "hand_to_pet", self.a_matter(data))

    @rule(data=st.data(), held=st.booleans())
    def meet(self, data: Data, held: bool) -> None:
        """A meeting with some of them."""
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
                self.assess(data, matter, "final")
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
        }

    def assess(self, data: Data, matter: Matter, gate: str) -> None:
        """An assessment by someone who knows all subjects, if there is anyone."""
        for who in CASE_WORKERS:
            given = self.an_assessment(data, who, matter, gate)
            if given["results"] and self.is_possible("assess", who, matter, **given):
                self.do("assess", who, matter, **given)
                return

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


class Notes(Machine):
    """What agencies write, correct and wait for."""

    @rule(data=st.data(), what=st.sampled_from(["item", "item", "decision", "alarm"]))
    def write(self, data: Data, what: str) -> None:
        """Something about some of the persons."""
        matter = self.a_matter(data)
        self.try_out(data, "write", matter, what=what, about=self.some_of(data, matter.of("people_participant")))

    @rule(data=st.data(), facts=st.sampled_from([ADULT, GUARDIAN, OTHER]))
    def add_person(self, data: Data, facts: Facts) -> None:
        """A person more, seldom another subject."""
        matter = self.a_matter(data)
        if len(matter.of("people_participant")) < 7:
            self.try_out(data, "add_person", matter, facts=facts if data.draw(st.booleans()) else OTHER)

    @rule(data=st.data(), is_subject=st.booleans())
    def change_person(self, data: Data, is_subject: bool) -> None:
        """Another role."""
        if one := self.any_record(data, "people_participant"):
            self.try_out(data, "change_person", one.matter, person=one, is_subject=is_subject)

    @rule(data=st.data(), kind=st.sampled_from(["parent", "parent", "sibling"]), custody=st.sampled_from([None, True, False]))
    def relate(self, data: Data, kind: str, custody: bool | None) -> None:
        """How two of them are related, a guardian to another mostly."""
        matter = self.a_matter(data)
        people = matter.of("people_participant")
        guardians = [one for one in people if one.is_guardian] or people
        given = {"one": self.one_of(data, guardians), "to": self.one_of(data, people)} if people else None
        if given:
            self.try_out(data, "relate", matter, kind=kind, custody=custody, **given)

    @rule(data=st.data(), deed=st.sampled_from(["correct", "correct_person", "correct_matter"]))
    def correct(self, data: Data, deed: str) -> None:
        """A new version, about others, or in another case."""
        if item := self.any_record(data, "cases_item"):
            given: Facts = {}
            if deed == "correct_person":
                given["about"] = self.some_of(data, item.matter.of("people_participant"), least=1)
            elif deed == "correct_matter":
                given["to"] = self.one_of(data, self.world.matters)
            self.try_out(data, deed, item.matter, item=item, **given)

    @rule(data=st.data())
    def end_alarm(self, data: Data) -> None:
        """An alarm is resolved."""
        if alarm := self.any_record(data, "cases_alarm"):
            self.try_out(data, "end_alarm", alarm.matter, alarm=alarm)

    @rule(data=st.data(), point=st.integers(0, 1))
    def tick_or_link(self, data: Data, point: int) -> None:
        """A point of the procedure, or the journal's number."""
        if data.draw(st.booleans()):
            self.try_out(data, "tick", self.a_matter(data), point=point)
        else:
            self.try_out(data, "journal", self.a_matter(data))

    @rule(data=st.data())
    def add_task(self, data: Data) -> None:
        """A task, in words or for another agency."""
        matter = self.a_matter(data)
        text = data.draw(st.sampled_from(["", "Opdigtet opgave."]))
        self.try_out(data, "add_task", matter, to=self.one_of(data, sorted(matter.admitted)), text=text)

    @rule(data=st.data())
    def complete_task(self, data: Data) -> None:
        """One of the last tasks is done."""
        if task := self.any_record(data, "cases_task"):
            self.try_out(data, "complete_task", task.matter, task=task)


class Clocks(Machine):
    """Time, and what runs out."""

    @rule(data=st.data(), kind=st.sampled_from(["severity", "local-action", "local-action", "classification", "level"]))
    def qualify(self, data: Data, kind: str) -> None:
        """A severity and that local action is needed start the triage clock."""
        matter = self.a_matter(data)
        values = {"severity": ["high", "medium", "low"], "local-action": ["yes", "yes", "no"], "classification": ["at-risk"]}
        about = [one for one in matter.of("people_participant") if one.is_subject]
        given = {"kind": kind, "value": self.one_of(data, values.get(kind, ["foregribende"]))}
        person = self.one_of(data, about) if about and kind == "classification" else None
        if not self.try_out(data, "qualify", matter, about=person, **given) and kind == "local-action":
            self.try_out(data, "qualify", matter, kind="severity", value="high", about=None)

    @rule(data=st.data())
    def take_responsibility(self, data: Data) -> None:
        """An agency accepts."""
        self.try_out(data, "take_responsibility", self.a_matter(data))

    @rule(data=st.data(), deed=st.sampled_from(["pause", "resume", "resume", "explain", "stop_clock"]))
    def change_clock(self, data: Data, deed: str) -> None:
        """What can be done to a clock."""
        if clock := self.any_record(data, "cases_clock"):
            assert isinstance(clock, Clock)
            self.try_out(data, deed, clock.matter, clock=clock)

    @rule(time=st.sampled_from([HOUR, 20 * HOUR, 2 * DAY, 3 * DAY, 12 * DAY, 31 * DAY, 100 * DAY]))
    def time_passes(self, time: datetime.timedelta) -> None:
        """Grants run out, clocks too."""
        self.pass_time(time)
        type(self).accepted["time_passes"] += 1
        self.compare()

    @rule()
    def escalate(self) -> None:
        """The job that runs every minute."""
        self.do("escalate", "vink", None)


class Sharing(Machine):
    """Who sits at the matter, who has access, who is told."""

    @rule(data=st.data(), contact=st.sampled_from(WORKERS))
    def admit(self, data: Data, contact: str) -> None:
        """An agency more."""
        matter = self.a_matter(data)
        if AGENCY[contact] not in matter.admitted or data.draw(st.integers(0, 9)) == 9:
            self.try_out(data, "admit", matter, contact=contact)

    @rule(data=st.data(), lasts=st.sampled_from([HOUR, 5 * DAY, 30 * DAY, 90 * DAY, 365 * DAY, 366 * DAY]))
    def give_access(self, data: Data, lasts: datetime.timedelta) -> None:
        """To a colleague, or to oneself."""
        self.try_out(data, "give_access", self.a_matter(data), to=self.one_of(data, CASE_WORKERS), lasts=lasts)

    @rule(data=st.data())
    def end_access(self, data: Data) -> None:
        """Before its time; not often, for without grants nothing goes on."""
        grants: list[Grant] = [grant for matter in self.world.matters for grant in matter.grants]
        if data.draw(st.integers(0, 2)) == 2:
            grant = self.one_of(data, grants)
            self.try_out(data, "end_access", grant.matter, grant=grant)

    @rule(data=st.data())
    def change_lead(self, data: Data) -> None:
        """Another agency leads."""
        matter = self.a_matter(data)
        self.try_out(data, "change_lead", matter, to=self.one_of(data, sorted(matter.admitted)))

    @rule(data=st.data(), agency=st.sampled_from(sorted(OUR_UNIT)), frame_only=st.booleans())
    def seat_by_sql(self, data: Data, agency: str, frame_only: bool) -> None:
        """An agency with the frame only, too."""
        self.try_out(data, "seat_by_sql", self.a_matter(data), agency=agency, frame_only=frame_only)

    @rule(
        data=st.data(),
        waits=st.sampled_from([0 * DAY, 0 * DAY, HOUR, 3 * DAY]),
        lasts=st.sampled_from([HOUR, 2 * DAY, 20 * DAY, 200 * DAY]),
    )
    def grant_by_sql(self, data: Data, waits: datetime.timedelta, lasts: datetime.timedelta) -> None:
        """The whole or one person, now or later."""
        matter = self.a_matter(data)
        there = [who for who in CASE_WORKERS if AGENCY[who] in matter.admitted]
        person = self.one_of(data, [None, *matter.of("people_participant")])
        self.try_out(data, "grant_by_sql", matter, to=self.one_of(data, there), person=person, waits=waits, lasts=lasts)

    @rule(data=st.data())
    def disclose(self, data: Data) -> None:
        """Some records of one agency to another."""
        self.disclose_some(data, self.a_matter(data))

    @rule(data=st.data())
    def disclose_too(self, data: Data) -> None:
        """As often again: sharing is what this is about."""
        self.disclose_some(data, self.a_matter(data))

    @rule(data=st.data())
    def disclose_people(self, data: Data) -> None:
        """All persons of an agency, so that another can work with them."""
        matter = self.a_matter(data)
        owner = self.one_of(data, sorted({one.owner for one in matter.of("people_participant")}))
        people = [one for one in matter.of("people_participant") if one.owner == owner]
        self.try_out(data, "disclose", matter, records=people, to=self.one_of(data, sorted(matter.admitted)))

    @rule(data=st.data())
    def withdraw(self, data: Data) -> None:
        """A disclosure is taken back."""
        if told := self.any_record(data, "cases_disclosure"):
            self.try_out(data, "withdraw", told.matter, disclosure=told)

    def disclose_some(self, data: Data, matter: Matter) -> None:
        """Records that can be told, now and then one that can't."""
        owner = self.one_of(data, sorted({one.owner for one in matter.records}))
        tables = sorted(
            {one.table for one in matter.records if one.owner == owner} - {"cases_timelineentry", "cases_disclosure"}
        )
        table = self.one_of(data, tables)
        own: list[Record] = [one for one in matter.of(table) if one.owner == owner]
        self.try_out(
            data, "disclose", matter, records=self.some_of(data, own, least=1), to=self.one_of(data, sorted(matter.admitted))
        )


class Courses(Machine):
    """Offers, answers and courses."""

    @rule(data=st.data(), intervention=st.sampled_from(sorted(FOLLOW_UPS)))
    def offer(self, data: Data, intervention: str) -> None:
        """To one of them."""
        matter = self.a_matter(data)
        if people := matter.of("people_participant"):
            self.try_out(data, "offer", matter, to=self.one_of(data, people), intervention=intervention)

    @rule(data=st.data(), kind=st.sampled_from(["accepted", "accepted", "accepted", "refused", "withdrawn"]))
    def answer(self, data: Data, kind: str) -> None:
        """By the one who got it, or by another."""
        if made := self.any_record(data, "cases_offer"):
            by = self.one_of(data, [*made.about, *made.about, *made.matter.of("people_participant")])
            self.try_out(data, "answer", made.matter, offer=made, by=by, kind=kind)

    @rule(data=st.data(), holder=st.sampled_from(["mentor", "mentor-to", "coach", "vink-kollega", "sof", "politiker", None]))
    def start_course(self, data: Data, holder: str | None) -> None:
        """On a yes."""
        if made := self.any_record(data, "cases_offer"):
            self.try_out(data, "start_course", made.matter, offer=made, holder=holder)

    @rule(data=st.data())
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

    @rule(data=st.data(), kind=st.sampled_from(["session", "session", "missed", "focus", "completed"]))
    def log(self, data: Data, kind: str) -> None:
        """The mentor's own log."""
        if course := self.any_record(data, "cases_course"):
            self.try_out(data, "log", course.matter, course=course, kind=kind)

    @rule(
        data=st.data(),
        kind=st.sampled_from(["focus", "on-hold", "resumed", "resumed", "completed", "interrupted", "handed-over"]),
        counts=st.booleans(),
    )
    def change_course(self, data: Data, kind: str, counts: bool) -> None:
        """On hold, on again, ended."""
        if course := self.any_record(data, "cases_course"):
            self.try_out(data, "change_course", course.matter, course=course, kind=kind, counts=counts)


class CaseOverTime(Steps, Notes, Clocks, Sharing, Courses):
    """All of it."""
