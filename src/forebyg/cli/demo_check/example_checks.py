"""The acceptance checks of the strategy's example case, asked of the database as the right worker sees it (R-068)."""

from __future__ import annotations

import uuid
from collections import Counter

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from forebyg.cases.models import (
    Alarm,
    AlarmEnd,
    Answer,
    Assessment,
    Clock,
    Course,
    CourseEvent,
    Item,
    Meeting,
    Offer,
    Qualification,
    TimelineEntry,
)
from forebyg.cases.queries import course_states, standing_answers
from forebyg.cases.states import Outcome, Step
from forebyg.cli.demo_check.eyes import count_as_owner, eyes_of
from forebyg.cli.demo_check.labels import check_labels
from forebyg.cli.demo_check.verdict import Check, expect, expect_equal
from forebyg.cli.example_case import ExamplePlay
from forebyg.intake.models import Concern
from forebyg.people.models import Participant
from forebyg.people.participants import is_minor
from forebyg.strategy.schema.pack import Pack

MENTOR = "mentorstoette"
COACH = "foraeldrecoaching"


class ExampleChecks:
    """The checks of one finished play. `counts_as_completed` is the branch that was played."""

    def __init__(self, play: ExamplePlay, pack: Pack, *, counts_as_completed: bool) -> None:
        self.play = play
        self.stage = play.stage
        self.example = play.example
        self.played = play.so_far
        self.case_id = play.so_far.case_id
        self.pack = pack
        self.counts = counts_as_completed

    def by_text(self) -> dict[str, Check]:
        """The checks by the prose that the pack has for them."""
        return {
            "the replay visits all nine steps in order, with step 4 leading to step 5 and step 6 confirming": self.nine_steps,
            "at step 5 the parent requirement is met although the parent is himself a subject of the concern": self.parent_is_there,
            "three offers, three acceptances, three courses (1 coach + 2 mentor) count as 3 case courses in one case of 3 persons": self.three_courses,
            "two missed meetings and the feared departure are visible on the timeline and resolved; no PET hand-over is created automatically": self.alarm_is_resolved,
            "after closing, follow-ups at 6 and 12 months remain for the two mentor courses if counted as completed (see 'on-hold' ambiguity)": self.follow_ups_remain,
            "final outcome is handed-to-ordinary-system; day 272": self.ends_in_the_ordinary_system,
            "role labels only; no personal names anywhere": self.role_labels_only,
            "father and son carry separate statuses; the daughter has a mentor course but never a concern or assessment of her own": self.separate_statuses,
            "the son's claim about his absence is stored apart from the assessment of where he stayed": self.claim_stands_apart,
        }

    def nine_steps(self) -> None:
        """R-050: all nine steps in order; A-04 at step 4; every event was played at the step that the pack gives it."""
        with eyes_of(self.stage, "sekretariat", self.case_id) as seen:
            moves = seen.moves()
        expect_equal([(move.from_step, move.to_step) for move in moves], [(n, n + 1) for n in range(1, 10)], "trinnene")
        expect_equal((moves[3].name, moves[5].name), ("proceed-to-meeting", "confirm"), "trin 4 og 6")
        steps = {step.id: step.number for step in self.pack.steps}
        expect_equal(
            self.played.step_at, {event.order: steps[event.step_ref] for event in self.example.events}, "hændelsernes trin"
        )
        with eyes_of(self.stage, "vink", self.case_id) as seen:
            results = Counter((one.gate, one.result) for one in seen.all(Assessment))
        expected = {("first", "proceed"): 2, ("second", "confirmed"): 2, ("final", "dealt-with"): 2}
        expect_equal(dict(results), expected, "vurderingerne")

    def parent_is_there(self) -> None:
        """R-052, R-012: the son is under 18, so the father takes part at the visit, though the concern is about him too;
        without him it would not have been recorded."""
        with eyes_of(self.stage, "dks", self.case_id) as seen:
            people = {person.root: person for person in seen.all(Participant)}
            visits = [one for one in seen.all(Meeting) if one.result == Meeting.Result.HELD and self._on_day(one, 14)]
        father, son = people[self._root("far")], people[self._root("soen")]
        expect(father.is_subject and father.is_guardian, "faren er ikke både omfattet af bekymringen og forælder")
        expect(son.is_subject, "bekymringen gælder ikke sønnen")
        expect_equal(len(visits), 1, "DKS' besøg på dag 14")
        visit = visits[0]
        expect(is_minor(son, timezone.localdate(visit.happened_at)) is True, "sønnen er ikke under 18 på dagen")
        expect({father.root, son.root} <= set(visit.about), "besøget er ikke holdt med både far og søn")
        expect_equal((len(visit.guardians_present), visit.no_guardian_reason), (1, ""), "deltagende forældre")
        expect(visit.guardians_present == [father.root], "det var ikke faren, der deltog som forælder")
        expect_equal(self.play.so_far.refused.get("visit-without-parent"), "guardian-missing", "besøget uden forælder")

    def three_courses(self) -> None:
        """R-102, A-05, A-32: courses count per person and type; the minors' own yes and the father's are both there."""
        with eyes_of(self.stage, "vink", self.case_id) as seen:
            people, offers, courses = seen.all(Participant), seen.all(Offer), seen.all(Course)
            answers = {offer.root: standing_answers(seen.worker, seen.case, offer.root) for offer in offers}
        expect_equal(len(people), 3, "personer")
        expect_equal(Counter(offer.intervention for offer in offers), {COACH: 1, MENTOR: 2}, "tilbud")
        expect_equal(
            sum(
                answer.kind == Answer.Kind.ACCEPTED
                for offer in offers
                for by, answer in answers[offer.root].items()
                if by == offer.about[0]
            ),
            3,
            "ja fra borgeren selv",
        )
        for offer in offers:
            if offer.intervention == MENTOR:
                by_father = answers[offer.root].get(self._root("far"))
                expect(by_father is not None and by_father.kind == Answer.Kind.ACCEPTED, "farens ja til en mentor mangler")
        expect_equal(Counter(course.intervention for course in courses), {COACH: 1, MENTOR: 2}, "forløb")
        expect_equal(len({(course.about[0], course.intervention) for course in courses}), 3, "forløb talt pr. person og type")
        expect({course.offer for course in courses} == {offer.root for offer in offers}, "et forløb har ikke sit tilbud")
        expect({course.about[0] for course in courses} == {person.root for person in people}, "en person har ikke sit forløb")

    def alarm_is_resolved(self) -> None:
        """R-065, R-059: missed meetings and alarm stand on the timeline of those who work with the family, and are resolved."""
        with eyes_of(self.stage, "vink", self.case_id) as seen:
            missed = [
                one for one in seen.timeline(TimelineEntry.Kind.MEETING) if one.codes["result"] in ("missed", "cancelled")
            ]
            held = [
                one for one in seen.all(Meeting) if one.kind == Meeting.Kind.FOLLOW_UP and one.result == Meeting.Result.HELD
            ]
            end_entries = seen.timeline(TimelineEntry.Kind.ALARM_END)
        with eyes_of(self.stage, "dks", self.case_id) as seen:
            alarms, entries = seen.all(Alarm), seen.timeline(TimelineEntry.Kind.ALARM)
            ends = seen.all(AlarmEnd)
        expect_equal(len(missed), 2, "aflyste og udeblevne møder på tidslinjen")
        expect(all(one.about == [self._root("soen")] for one in missed), "et udeblevet møde er ikke sønnens")
        expect(
            bool(held) and held[-1].happened_at > missed[-1].happened_at,
            "efter udeblivelserne er der ikke holdt et opfølgende møde",
        )
        expect_equal([one.kind for one in alarms], [Alarm.Kind.DEPARTURE.value], "alarmer, som DKS ser")
        expect_equal(len(entries), 1, "alarmer på tidslinjen hos DKS")
        expect([one.alarm for one in ends] == [one.root for one in alarms], "alarmen er ikke afsluttet")
        expect_equal(len(end_entries), 1, "alarmens afslutning på tidslinjen")
        expect(ends[0].happened_at > alarms[0].happened_at, "alarmen er afsluttet, før den blev rejst")
        for table, condition in (
            ("cases_casemove", "t.name = 'hand-to-pet' OR t.outcome = 'handed-to-pet'"),
            ("cases_decision", "t.kind = 'pet'"),
            ("access_admission", "t.frame_only OR a.actor = 'pet'"),
        ):
            agency = "LEFT JOIN public.access_agency a ON a.id = t.agency_id" if table == "access_admission" else ""
            found = count_as_owner(
                self.stage,
                f"SELECT count(*) FROM public.{table} t JOIN public.cases_case c ON c.matter_id = t.matter_id {agency} "  # noqa: S608
                f"WHERE c.id = %s AND ({condition})",
                self.case_id,
            )
            expect_equal(found, 0, f"spor af en overlevering til PET i {table}")

    def follow_ups_remain(self) -> None:
        """R-074, R-075, A-21: clocks at 6 and 12 months for the two mentor courses when they count as completed, else none."""
        with eyes_of(self.stage, "vink", self.case_id) as seen:
            expect(seen.case.is_ended, "sagen er ikke afsluttet")
            states = {course.root: state for course, state in course_states(seen.worker, seen.case)}
            mentors = [course for course in seen.all(Course) if course.intervention == MENTOR]
            held_at = {
                event.course: event.happened_at for event in seen.all(CourseEvent) if event.kind == CourseEvent.Kind.ON_HOLD
            }
            clocks = [one for one in seen.all(Clock) if one.rule in (Clock.Rule.OUTCOME, Clock.Rule.OCCUPATION)]
        expect_equal(sorted(states.values()), ["on-hold"] * 3, "forløbenes tilstand")
        expect(all(clock.is_running for clock in clocks), "en opfølgning løber ikke længere")
        expected = {
            (rule.value, course.root, held_at[course.root] + relativedelta(months=months))
            for course in mentors
            for rule, months in ((Clock.Rule.OUTCOME, 6), (Clock.Rule.OCCUPATION, 12))
            if self.counts
        }
        found = {(clock.rule, clock.concerns, clock.due_at) for clock in clocks}
        expect_equal(len(clocks), 4 if self.counts else 0, "opfølgninger efter 6 og 12 måneder")
        expect(found == expected, "opfølgningernes forløb eller frister passer ikke")

    def ends_in_the_ordinary_system(self) -> None:
        """R-062: as the secretariat's board shows it."""
        with eyes_of(self.stage, "sekretariat", self.case_id) as seen:
            case = seen.case
        expect_equal((case.step, case.outcome), (Step.ENDED, Outcome.HANDED_TO_ORDINARY_SYSTEM), "trin og udfald")
        assert case.ended_at is not None
        days = (timezone.localdate(case.ended_at) - timezone.localdate(case.opened_at)).days
        expect_equal(days, self.example.duration_days, "dage fra bekymring til afslutning")
        expect_equal(days, 272, "dage")

    def role_labels_only(self) -> None:
        """R-222."""
        check_labels(self.play, self.pack, seen_by="vink")

    def separate_statuses(self) -> None:
        """R-011, R-110, A-33: each subject has its own assessments and classification; the daughter has none, but a mentor."""
        father, son, daughter = (self._root(key) for key in ("far", "soen", "datter"))
        with eyes_of(self.stage, "vink", self.case_id) as seen:
            assessments, courses, concerns = seen.all(Assessment), seen.all(Course), seen.all(Concern)
            chosen = [one for one in seen.all(Qualification) if one.kind == Qualification.Kind.CLASSIFICATION]
            people = {person.root: person for person in seen.all(Participant)}
        expect(all(len(one.about) == 1 for one in [*assessments, *chosen]), "en vurdering gælder flere personer på én gang")
        gates = Counter((one.about[0], one.gate) for one in assessments)
        expected = {(person, gate): 1 for person in (father, son) for gate in Assessment.Gate.values}
        expect(dict(gates) == expected, "far og søn har ikke hver sin første, anden og afsluttende vurdering")
        expect({one.about[0] for one in chosen} == {father, son}, "far og søn har ikke hver sin klassifikation")
        expect(people[daughter].is_involved and not people[daughter].is_subject, "datteren er ikke kun involveret")
        expect([one.intervention for one in courses if one.about == [daughter]] == [MENTOR], "datterens mentorforløb mangler")
        expect(bool(concerns) and all(one.about for one in concerns), "en henvendelse har ingen, den gælder")
        for table in ("intake_concern", "cases_assessment", "cases_qualification"):
            about_her = count_as_owner(
                self.stage,
                f"SELECT count(*) FROM public.{table} WHERE %s = ANY (about)",  # noqa: S608
                daughter,
            )
            expect_equal(about_her, 0, f"om datteren i {table}")

    def claim_stands_apart(self) -> None:
        """R-014: two items, of two kinds, each with its own words."""
        event = next(one for one in self.example.events if one.claim is not None)
        assert event.claim is not None and event.assessment is not None
        with eyes_of(self.stage, "vink", self.case_id) as seen:
            back = [one for one in seen.all(Item) if self._on_day(one, event.day_offset)]
        claims = [one for one in back if one.kind == Item.Kind.CLAIM]
        assessments = [one for one in back if one.kind == Item.Kind.ASSESSMENT]
        expect_equal((len(claims), len(assessments), len(back)), (1, 1, 2), "påstand, vurdering og oplysninger i alt den dag")
        expect(claims[0].root != assessments[0].root, "påstand og vurdering er samme oplysning")
        expect((claims[0].text, assessments[0].text) == (event.claim.da, event.assessment.da), "ordene er blandet sammen")
        expect(claims[0].source == Item.Source.CITIZEN, "påstanden er ikke sønnens egen")
        expect(all(one.about == [self._root("soen")] for one in back), "oplysningerne gælder ikke sønnen")

    def _root(self, key: str) -> uuid.UUID:
        return self.played.persons[key]

    def _on_day(self, record: Meeting | Item, day: int) -> bool:
        return timezone.localdate(record.happened_at) == timezone.localdate(self.stage.moment(day))
