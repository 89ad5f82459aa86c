"""The acceptance checks of Lilleby's dismissed case."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone

from forebyg.cases.actions.assessing import assess, bring_to_unit
from forebyg.cases.models import Assessment, Clock, Item, Task
from forebyg.cases.states import Outcome, Step
from forebyg.cli.demo_check.eyes import count_as_owner, eyes_of
from forebyg.cli.demo_check.labels import check_labels
from forebyg.cli.demo_check.verdict import Check, expect, expect_equal
from forebyg.cli.scenarios.dismissed import POLICE_NOTE, DismissedPlay
from forebyg.people.models import Participant
from forebyg.strategy.schema.pack import Pack


class DismissedChecks:
    """The checks of one finished play."""

    def __init__(self, play: DismissedPlay, pack: Pack) -> None:
        self.play = play
        self.pack = pack
        self.stage = play.stage
        self.played = play.so_far
        self.case_id = play.so_far.case_id

    def by_text(self) -> dict[str, Check]:
        """The checks by their prose."""
        return {
            "the case visits steps 1 to 4 in order and ends there as dismissed in the unit, on day 4": self.ends_at_step_4,
            "the dismissal has its reason and those who took part, and needs no ground": self.has_reason,
            "nothing waits after the end; no task is open and no clock runs": self.nothing_waits,
            "no further step can be taken, and those who worked with the case can still read it": self.stays_ended,
            "what the police wrote and did not disclose is seen by the police alone": self.police_note_stays,
            "role labels only; no personal names anywhere": lambda: check_labels(self.play, self.pack, seen_by="lb-team"),
        }

    def ends_at_step_4(self) -> None:
        """R-020, R-023: as the secretariat's board shows it."""
        with eyes_of(self.stage, "lb-sekretariat", self.case_id) as seen:
            moves, case = seen.moves(), seen.case
        expect_equal([(move.from_step, move.to_step) for move in moves], [(1, 2), (2, 3), (3, 4), (4, 10)], "trinnene")
        expect_equal((case.step, case.outcome), (Step.ENDED, Outcome.DISMISSED_IN_UNIT), "trin og udfald")
        expect_equal(self.played.step_at, {1: 1, 2: 2, 3: 3, 4: 4}, "hændelsernes trin")
        assert case.ended_at is not None
        days = (timezone.localdate(case.ended_at) - timezone.localdate(case.opened_at)).days
        expect_equal(days, self.play.example.duration_days, "dage")

    def has_reason(self) -> None:
        """R-024, R-030."""
        with eyes_of(self.stage, "lb-team", self.case_id) as seen:
            made = seen.all(Assessment)
        expect_equal([(one.gate, one.result) for one in made], [("first", "dismissed")], "vurderinger")
        expect(made[0].about == [self.played.persons["elev"]], "vurderingen gælder ikke eleven")
        expect(made[0].reason == self.play.example.events[3].summary.da and not made[0].ground, "begrundelsen passer ikke")
        took_part = {self.stage.agency_id(key) for key in ("lb-team", "lb-politi")}
        expect(set(made[0].taking_part) == took_part, "de, der tog del, passer ikke")

    def nothing_waits(self) -> None:
        """As every agency that was admitted sees it, and as the owner does."""
        for key in ("lb-team", "lb-sekretariat", "lb-politi"):
            with eyes_of(self.stage, key, self.case_id) as seen:
                steps = [task for task in seen.all(Task) if task.kind == Task.Kind.STEP and task.done_at is None]
                clocks = [clock for clock in seen.all(Clock) if clock.stopped_at is None]
            expect_equal((len(steps), len(clocks)), (0, 0), f"trin og frister hos {key}")
        for table, still_open in (("cases_task", "done_at IS NULL AND kind = 'step'"), ("cases_clock", "stopped_at IS NULL")):
            waiting = count_as_owner(
                self.stage,
                f"SELECT count(*) FROM public.{table} t JOIN public.cases_case c USING (matter_id) "  # noqa: S608
                f"WHERE c.id = %s AND {still_open}",
                self.case_id,
            )
            expect_equal(waiting, 0, table)

    def stays_ended(self) -> None:
        """R-023: the end is the end; what was written stays readable to those who know."""
        refused = {
            self.stage.refusal_of("lb-team", lambda worker, now: bring_to_unit(worker=worker, case_id=self.case_id, now=now)),
            self.stage.refusal_of(
                "lb-team",
                lambda worker, now: assess(
                    worker=worker,
                    case_id=self.case_id,
                    gate=Assessment.Gate.FIRST,
                    results={self.played.persons["elev"]: Assessment.Result.PROCEED},
                    ground="Bekymringen.",
                    reason="Bekymringen.",
                    taking_part=[],
                    happened_at=now,
                    now=now,
                ),
            ),
        }
        expect_equal(refused, {"move-not-legal"}, "flere skridt")
        for key in ("lb-team", "lb-politi"):
            with eyes_of(self.stage, key, self.case_id) as seen:
                expect_equal(len(seen.all(Participant)), 2, f"personer, som {key} kan læse")

    def police_note_stays(self) -> None:
        """No record crosses an agency border but by disclosure."""
        notes = Counter[str]()
        for key in ("lb-team", "lb-sekretariat", "lb-politi"):
            with eyes_of(self.stage, key, self.case_id) as seen:
                notes[key] = sum(one.text == POLICE_NOTE for one in seen.all(Item))
        expect_equal(+notes, Counter({"lb-politi": 1}), "politiets notat")
