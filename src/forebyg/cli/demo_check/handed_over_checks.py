"""The acceptance checks of Lilleby's case that the police hand over to PET."""

from __future__ import annotations

import datetime

from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.models import Alarm, Clock, Course, Decision, Meeting, Offer
from forebyg.cases.states import Outcome, Step
from forebyg.cli.demo_check.eyes import count_as_owner, eyes_of
from forebyg.cli.demo_check.labels import check_labels
from forebyg.cli.demo_check.verdict import Check, expect, expect_equal
from forebyg.cli.scenarios.handed_over import BIRTHDAY, HandedOverPlay
from forebyg.cli.scenarios.story import Hand
from forebyg.people.models import Participant
from forebyg.people.participants import age_of
from forebyg.strategy.schema.pack import Pack

OTHERS = ("lb-team", "lb-sekretariat", "lb-skole", "lb-forvaltning", "lb-mentor")
_TALKS = """SELECT count(*) FROM public.cases_meeting m JOIN public.cases_case c USING (matter_id)
    WHERE c.id = %s AND m.result = 'held' AND m.kind = 'follow-up' AND m.happened_at::date = %s
    AND cardinality(m.guardians_present) = %s"""
_SAID_YES = """SELECT a.answered_by FROM public.cases_answer a JOIN public.cases_case c USING (matter_id)
    WHERE c.id = %s AND a.offer = %s AND a.kind = 'accepted'"""
_STARTED = """SELECT count(*) FROM public.cases_course t JOIN public.cases_case c USING (matter_id)
    WHERE c.id = %s AND t.offer = %s"""
_WAITING = """SELECT t.rule, t.paused_at FROM public.cases_clock t JOIN public.cases_case c USING (matter_id)
    WHERE c.id = %s AND t.stopped_at IS NULL"""


class HandedOverChecks:
    """The checks of one finished play."""

    def __init__(self, play: HandedOverPlay, pack: Pack) -> None:
        self.play = play
        self.pack = pack
        self.stage = play.stage
        self.played = play.so_far
        self.case_id = play.so_far.case_id

    def by_text(self) -> dict[str, Check]:
        """The checks by their prose."""
        return {
            "confirmed at step 6, the case goes from 8 back to 7 and on to 8 again, and ends from step 8": self.goes_back_once,
            "while the young person is 17 a meeting without a parent is refused; from the 18th birthday it is recorded without one": self.parent_until_18,
            "the first course waits for the guardian's yes; the second begins on the citizen's yes alone": self.whose_yes,
            "triage of medium severity is due 72 hours after the receipt, as this municipality's own pack has it, and is met": self.own_hours,
            "only the police can record the hand-over": self.police_decide,
            "after the hand-over the police see what they saw before, and every other agency only the frame": self.only_the_frame,
            "no clock runs after the hand-over; each stands still from that moment": self.clocks_stand_still,
            "after the hand-over no other agency can add anything": self.nothing_is_added,
            "role labels only; no personal names anywhere": lambda: check_labels(self.play, self.pack, seen_by="lb-politi"),
        }

    def goes_back_once(self) -> None:
        """R-050, R-059, R-064: as the frame shows it to the secretariat, too."""
        with eyes_of(self.stage, "lb-sekretariat", self.case_id) as seen:
            moves, case = seen.moves(), seen.case
        expected = [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8), (8, 7), (7, 8), (8, 10)]
        expect_equal([(move.from_step, move.to_step) for move in moves], expected, "trinnene")
        expect_equal(moves[5].name, "confirm", "trin 6")
        expect_equal((case.step, case.outcome), (Step.ENDED, Outcome.HANDED_TO_PET), "trin og udfald")
        steps = {step.id: step.number for step in self.pack.steps}
        expected_at = {event.order: steps[event.step_ref] for event in self.play.example.events}
        expect_equal(self.played.step_at, expected_at, "hændelsernes trin")

    def parent_until_18(self) -> None:
        """R-052, R-053: by age on the day of the meeting."""
        tried = {name: self.played.refused.get(name) for name in ("meeting-at-17", "follow-up-at-17")}
        expect_equal(tried, {"meeting-at-17": "guardian-missing", "follow-up-at-17": "guardian-missing"}, "møder uden forælder")
        with eyes_of(self.stage, "lb-politi", self.case_id) as seen:
            young = next(person for person in seen.all(Participant) if person.is_subject)
            talks = seen.all(Meeting)
        birthday = timezone.localdate(self.stage.moment(BIRTHDAY))
        ages = (age_of(young, birthday - datetime.timedelta(days=1)), age_of(young, birthday))
        expect_equal(ages, (17, 18), "alder før og på dag 75")
        expect_equal([len(one.guardians_present) for one in talks], [1], "forældre ved politiets samtale")
        for day, parents in ((40, 1), (80, 0)):
            moment = self.stage.moment(day).date()
            held = count_as_owner(self.stage, _TALKS, self.case_id, moment, parents)
            expect_equal(held, 1, f"opfølgende møder på dag {day} med {parents} forælder")

    def whose_yes(self) -> None:
        """R-092, R-102, A-32."""
        tried = {name: self.played.refused.get(name) for name in ("course-at-17", "course-without-answer")}
        expect_equal(tried, dict.fromkeys(tried, "consent-missing"), "forløb uden ja")
        mother, young = self.played.persons["mor"], self.played.persons["ung"]
        for name, expected in (("mentor", {mother, young}), ("way-out", {young})):
            offer = self.played.offers[name]
            said_yes = {by for (by,) in self.stage.owner.execute(_SAID_YES, [self.case_id, offer])}
            expect(said_yes == expected, f"{name}: det er ikke de rette, der har sagt ja")
            started = count_as_owner(self.stage, _STARTED, self.case_id, offer)
            expect_equal(started, 1, f"forløb på tilbuddet {name}")

    def own_hours(self) -> None:
        """R-069, R-072: 72 hours from the receipt, not Copenhagen's 48 from the finding; the administration accepted within
        them. The frame has the clock."""
        with eyes_of(self.stage, "lb-sekretariat", self.case_id) as seen:
            clocks = list(Clock.objects.filter(matter=seen.case.matter_id, rule=Clock.Rule.TRIAGE))
            received_at = seen.moves()[0].at
        expect_equal(len(clocks), 1, "frister for visitation")
        clock = clocks[0]
        expect_equal(clock.happened_at, received_at, "fristens begyndelse")
        expect_equal(clock.due_at - clock.happened_at, datetime.timedelta(hours=72), "fristens længde")
        expect(clock.stopped_at is not None and clock.stopped_at < clock.due_at, "ingen påtog sig ansvaret i tide")

    def police_decide(self) -> None:
        """R-059: the team was refused; the decision is the police's own record."""
        expect_equal(self.played.refused.get("hand-over-by-the-team"), "not-permitted", "teamets forsøg")
        with eyes_of(self.stage, "lb-politi", self.case_id) as seen:
            decisions = [one for one in seen.all(Decision) if one.kind == Decision.Kind.PET]
            moves = seen.moves()
        police = self.stage.agency_id("lb-politi")
        expect_equal(len(decisions), 1, "beslutninger om overlevering")
        expect(decisions[0].owner_id == police and moves[-1].agency_id == police, "det var ikke politiet, der besluttede")
        expect(decisions[0].readers == [police], "beslutningen er delt")

    def only_the_frame(self) -> None:
        """R-060, A-12: reference, step and outcome for those admitted; not one record about a person but for the police."""
        for key in OTHERS:
            with eyes_of(self.stage, key, self.case_id) as seen:
                expect_equal(seen.counts(), {"cases_clock": seen.triage_clocks()}, f"hvad {key} ser")
                expect(bool(seen.case.matter.reference) and seen.case.is_ended, f"{key} ser ikke rammen")
        with eyes_of(self.stage, "lb-politi", self.case_id) as seen:
            kinds = {kind.__name__: len(seen.all(kind)) for kind in (Participant, Meeting, Alarm, Decision)}
        expect_equal(kinds, {"Participant": 2, "Meeting": 1, "Alarm": 1, "Decision": 1}, "hvad politiet ser")

    def clocks_stand_still(self) -> None:
        """R-060: the two re-offer clocks after the mother's no."""
        with eyes_of(self.stage, "lb-politi", self.case_id) as seen:
            ended_at = seen.case.ended_at
        waiting = self.stage.owner.execute(_WAITING, [self.case_id]).fetchall()
        expect_equal([rule for rule, _ in waiting], [Clock.Rule.RE_OFFER] * 2, "frister, der ikke er stoppet")
        expect(all(paused_at == ended_at for _, paused_at in waiting), "en frist løber endnu")

    def nothing_is_added(self) -> None:
        """R-033: municipal action has stopped."""
        for key in OTHERS:

            def write(worker: Worker, now: datetime.datetime) -> None:
                Hand(self.play.story, worker, now).write("Bekymringen.", "ung")

            expect(self.stage.refusal_of(key, write) in ("police-matter", "not-permitted"), f"{key} kunne skrive en oplysning")
        with eyes_of(self.stage, "lb-team", self.case_id) as seen:
            expect_equal((len(seen.all(Offer)), len(seen.all(Course))), (0, 0), "tilbud og forløb, som teamet ser")
