"""All that can happen to a case, drawn evenly."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.stateful.machine import Data
from tests.stateful.rules.clocks import Clocks
from tests.stateful.rules.courses import Courses
from tests.stateful.rules.guards import Guards
from tests.stateful.rules.notes import Notes
from tests.stateful.rules.sharing import Sharing
from tests.stateful.rules.steps import Steps

TRIES = 4
"""What can't happen now is followed by another draw, so that most steps are something done."""


class CaseOverTime(Steps, Notes, Clocks, Sharing, Courses, Guards):
    """One rule for all: Hypothesis leaves rules out of whole examples, and then cases don't get far."""

    @rule(data=st.data())
    def something_happens(self, data: Data) -> None:
        """A deed, or time goes by."""
        steps = [self.go_on] * 6 + [self.note_concern, self.any_move, self.hand_to_pet, self.meet]
        notes = [self.write, self.add_person, self.change_person, self.relate, self.correct, self.correct, self.end_alarm]
        work = [self.lay_document, self.tick_or_link, self.add_task, self.complete_task]
        clocks = [self.qualify, self.take_responsibility, self.change_clock, self.change_clock, self.time_passes, self.escalate]
        seats = [self.admit, self.give_access, self.end_access, self.change_lead, self.seat_by_sql, self.grant_by_sql]
        sharing = [self.disclose, self.disclose, self.disclose_people, self.withdraw]
        courses = [self.offer, self.answer, self.start_course, self.course_at_once, self.log, self.log, self.change_course]
        guards = [self.lock_or_lift, self.break_glass, self.close_glass, self.end_seat, self.ask, self.end_request]
        for _ in range(TRIES):
            before = self.done
            self.one_of(data, [*steps, *notes, *work, *clocks, *seats, *sharing, *courses, *guards])(data)
            if self.done > before:
                break
