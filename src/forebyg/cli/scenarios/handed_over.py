"""Lilleby's second case: the young person turns 18 on the way, and in the end the police hand the case over to PET."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from dateutil.relativedelta import relativedelta

from forebyg.access.models import Worker
from forebyg.cases.models import Alarm, Answer, Assessment, Item, Meeting, Offer, Qualification
from forebyg.cli.scenarios.play import Play, Played
from forebyg.cli.scenarios.story import Hand, Story, item, person
from forebyg.cli.stage import Stage
from forebyg.intake.actions import Reporter
from forebyg.intake.models import Concern
from forebyg.people.age import StatedAge
from forebyg.people.models import Participant, Relation
from forebyg.strategy.schema.example import Event
from forebyg.strategy.schema.pack import Pack

BIRTHDAY = 75
"""The day on which the young person turns 18."""


class HandedOverPlay(Play):
    """What must be refused on the way is tried, too: `played.refused` holds what refused it."""

    def __init__(self, stage: Stage, pack: Pack) -> None:
        super().__init__(stage, pack.example("lb-case-overdraget"))
        self.story = Story(stage)
        self._offers: dict[str, Offer] = {}

    def witness(self, event: Event) -> str:
        """The school notes it, the police end it; between them the team leads."""
        return {1: "lb-skole", 17: "lb-politi"}.get(event.order, "lb-team")

    def deeds(self) -> dict[int, Callable[[Event], None]]:
        """One for each event."""
        return {
            1: self.concern_arises,
            2: self.received,
            3: self.discussed,
            4: self.first_assessment,
            5: self.responsibility,
            6: self.met,
            7: self.second_assessment,
            8: self.mentor_offered,
            9: self.mentor_starts,
            10: self.followed_up,
            11: self.comes_alone,
            12: self.new_measures,
            13: self.way_out_offered,
            14: self.mother_declines,
            15: self.way_out_starts,
            16: self.violence_feared,
            17: self.handed_over,
        }

    # Steps 1 to 6

    def concern_arises(self, event: Event) -> None:
        """The school notes it and asks the team in."""
        born = self.stage.moment(BIRTHDAY).date() - relativedelta(years=18)
        self.story.begins(
            "lb-skole",
            channel=str(event.channel_ref),
            reporter=Reporter(Concern.Reporter.FRONT_STAFF),
            people={
                "ung": person("Ung", born_on=born.isoformat(), is_subject=True),
                "mor": person("Mor", stated_age=StatedAge.ADULT, is_guardian=True),
            },
            observation=item(event.summary.da, forum="ssp"),
        )
        self.played = Played(self.story.case_id, self.story.persons)
        with self.story.by("lb-skole") as school:
            school.admit("lb-team", "Teamet tager imod bekymringer i Lilleby.")
            school.disclose(
                "lb-team", school.own(Participant, Relation, Item, Concern), "Teamet skal kende bekymringen for at vurdere den."
            )

    def received(self, event: Event) -> None:
        """Step 2: local action is needed at once, so the triage clock of Lilleby's own plan runs from the receipt."""
        with self.story.by("lb-team") as team:
            team.receive()
            team.qualify(Qualification.Kind.CASE_TYPE, "lb-sagstype-boern", "Den unge er 17 år.")
            team.qualify(Qualification.Kind.SEVERITY, str(event.severity), "Trusler, men ingen tegn på en plan.")
        with self.story.by("lb-team") as team:
            team.qualify(Qualification.Kind.LOCAL_ACTION, "yes", event.summary.da)

    def discussed(self, event: Event) -> None:
        """Step 3: secretariat and police are admitted; the school, which owns what was seen, tells the police."""
        with self.story.by("lb-team") as team:
            team.admit("lb-sekretariat", "Sekretariatet sætter sagen på dagsordenen.")
            team.admit("lb-politi", "Politiet holder samtalen med den unge.")
            team.bring()
        with self.story.by("lb-skole") as school:
            school.disclose("lb-politi", school.own(Participant, Item), "Politiet skal vide, hvem samtalen gælder og hvorfor.")
        self.remember_step(event)
        with self.story.by("lb-team") as team:
            team.discuss(event.summary.da, "lb-team", "lb-politi", "lb-skole")

    def first_assessment(self, event: Event) -> None:
        """Step 4: on to a talk with the young person."""
        self._assess(event, Assessment.Gate.FIRST, Assessment.Result.PROCEED)

    def responsibility(self, event: Event) -> None:
        """The administration accepts the case within the limit."""
        with self.story.by("lb-team") as team:
            team.admit("lb-forvaltning", "Forvaltningen skal påtage sig hjælpen.")
        with self.story.by("lb-skole") as school:
            school.disclose("lb-forvaltning", school.own(Participant), "Forvaltningen skal vide, hvem hjælpen er til.")
        with self.story.by("lb-forvaltning") as administration:
            administration.take_responsibility(event.summary.da)

    def met(self, event: Event) -> None:
        """Step 5: at 17 not without the mother, which is tried first (R-052)."""
        self._try("meeting-at-17", "lb-politi", lambda police: police.meet(event.summary.da, "ung"))
        with self.story.by("lb-politi") as police:
            held = police.meet(event.summary.da, "ung", guardians=["mor"])
            police.disclose("lb-team", [held], "Teamet leder sagen og skal vurdere den.")

    def second_assessment(self, event: Event) -> None:
        """Step 6."""
        with self.story.by("lb-team") as team:
            team.conclude()
        self._assess(event, Assessment.Gate.SECOND, Assessment.Result.CONFIRMED)

    # Step 7, twice

    def mentor_offered(self, event: Event) -> None:
        """Offered, and answered by the young person."""
        self._offer(event, "mentor", "ung")

    def mentor_starts(self, event: Event) -> None:
        """At 17 the own yes is not enough, which is tried; the mother's yes is the other half (A-32)."""
        offer = self._offers["mentor"]
        with self.story.by("lb-team") as team:
            team.answer(offer, "ung")
        self._try_start("course-at-17", offer, "lb-mentor")
        with self.story.by("lb-team") as team:
            team.answer(offer, "mor")
        self._start("mentor", "lb-mentor")
        self.remember_step(event)
        with self.story.by("lb-team") as team:
            team.agree("Den unge og moren tager imod en mentor.", "ung", "mor", taking_part=("lb-team", "lb-forvaltning"))

    def new_measures(self, event: Event) -> None:
        """From follow-up back to measures (R-064)."""
        with self.story.by("lb-team") as team:
            team.renew()

    def way_out_offered(self, event: Event) -> None:
        """The second offer, made to an adult."""
        self._offer(event, "way-out", "ung")

    def mother_declines(self, event: Event) -> None:
        """A no starts the re-offer clocks (R-073)."""
        self._offer(event, "talks", "mor")
        with self.story.by("lb-team") as team:
            team.answer(self._offers["talks"], "mor", kind=Answer.Kind.REFUSED, text="Måske senere.")

    def way_out_starts(self, event: Event) -> None:
        """At 18 the own yes is enough, and the mother is not asked."""
        self._try_start("course-without-answer", self._offers["way-out"], None)
        with self.story.by("lb-team") as team:
            team.answer(self._offers["way-out"], "ung")
        self._start("way-out", None)
        self.remember_step(event)
        with self.story.by("lb-team") as team:
            team.agree("Den unge vil selv prøve en vej ud.", "ung", taking_part=("lb-team", "lb-forvaltning"))

    # Step 8

    def followed_up(self, event: Event) -> None:
        """Still 17: with the mother."""
        self._try("follow-up-at-17", "lb-team", lambda team: team.meet(event.summary.da, "ung", kind=Meeting.Kind.FOLLOW_UP))
        with self.story.by("lb-team") as team:
            team.meet(event.summary.da, "ung", kind=Meeting.Kind.FOLLOW_UP, guardians=["mor"])

    def comes_alone(self, event: Event) -> None:
        """18: without."""
        with self.story.by("lb-team") as team:
            team.meet(event.summary.da, "ung", kind=Meeting.Kind.FOLLOW_UP)

    def violence_feared(self, event: Event) -> None:
        """The police's own alarm, which they keep to themselves."""
        with self.story.by("lb-politi") as police:
            police.alarm(Alarm.Kind.VIOLENCE, event.summary.da, "ung")

    def handed_over(self, event: Event) -> None:
        """Decided by the police (R-059); the team tries, and may not."""
        self.remember_step(event)
        self._try("hand-over-by-the-team", "lb-team", lambda team: team.hand_to_pet(event.summary.da))
        with self.story.by("lb-politi") as police:
            police.hand_to_pet(event.summary.da)

    # What several events share

    def _assess(self, event: Event, gate: str, result: str) -> None:
        self.remember_step(event)
        with self.story.by("lb-team") as team:
            team.assess(
                gate,
                {"ung": result},
                "lb-team",
                "lb-politi",
                "lb-skole",
                ground="Truslerne er sendt til klassen.",
                reason=event.summary.da,
            )

    def _offer(self, event: Event, name: str, to: str) -> None:
        with self.story.by("lb-team") as team:
            self._offers[name] = team.offer(str(event.intervention_ref), to, event.summary.da)
        self.so_far.offers[name] = self._offers[name].root

    def _start(self, name: str, holder: str | None) -> None:
        with self.story.by("lb-team") as team:
            self.so_far.courses[name] = team.start(self._offers[name], holder).root

    def _try(self, what: str, key: str, deed: Callable[[Hand], object]) -> None:
        def tried(worker: Worker, now: datetime.datetime) -> None:
            deed(Hand(self.story, worker, now))

        self.so_far.refused[what] = self.stage.refusal_of(key, tried)

    def _try_start(self, what: str, offer: Offer, holder: str | None) -> None:
        self._try(what, "lb-team", lambda team: team.start(offer, holder))
