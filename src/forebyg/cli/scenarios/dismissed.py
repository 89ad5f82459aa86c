"""Lilleby's first case: a concern that is dismissed at the first assessment."""

from __future__ import annotations

from collections.abc import Callable

from forebyg.cases.models import Assessment, Item
from forebyg.cli.scenarios.play import Play, Played
from forebyg.cli.scenarios.story import Story, item, person
from forebyg.cli.stage import Stage
from forebyg.intake.actions import Reporter
from forebyg.intake.models import Concern
from forebyg.people.age import StatedAge
from forebyg.people.models import Participant
from forebyg.strategy.schema.example import Event
from forebyg.strategy.schema.pack import Pack

POLICE_NOTE = "Politiet kender ikke eleven og har ikke noget at tilføje."


class DismissedPlay(Play):
    """The team takes it in, the group discusses it with police and school, and the team dismisses it."""

    def __init__(self, stage: Stage, pack: Pack) -> None:
        super().__init__(stage, pack.example("lb-case-afkraeftet"))
        self.story = Story(stage)

    def witness(self, event: Event) -> str:
        """The team leads the case from its beginning."""
        return "lb-team"

    def deeds(self) -> dict[int, Callable[[Event], None]]:
        """One for each event."""
        return {1: self.concern_arises, 2: self.received, 3: self.discussed, 4: self.assessed}

    def concern_arises(self, event: Event) -> None:
        """A father calls; what he tells is a claim, not something the team has seen."""
        self.story.begins(
            "lb-team",
            channel=str(event.channel_ref),
            reporter=Reporter(Concern.Reporter.RELATIVE),
            people={
                "elev": person("Elev", stated_age=StatedAge.MINOR, is_subject=True),
                "far": person("Far", stated_age=StatedAge.ADULT, is_guardian=True),
            },
            observation=item(
                event.summary.da,
                kind=Item.Kind.CLAIM,
                source=Item.Source.RELATIVE,
                reliability=Item.Reliability.SECOND_HAND,
                weight=Item.Weight.NEUTRAL,
            ),
        )
        self.played = Played(self.story.case_id, self.story.persons)

    def received(self, event: Event) -> None:
        """Step 2."""
        with self.story.by("lb-team") as team:
            team.receive()

    def discussed(self, event: Event) -> None:
        """Step 3: police and secretariat are admitted; the police are told whom it is about and note what they know."""
        with self.story.by("lb-team") as team:
            team.admit("lb-sekretariat", "Sekretariatet sætter sagen på dagsordenen.")
            team.admit("lb-politi", "Politiet er fast med, når gruppen drøfter en bekymring.")
            team.disclose("lb-politi", team.own(Participant), "Politiet skal vide, hvem drøftelsen gælder.")
            team.bring()
        with self.story.by("lb-politi") as police:
            police.write(POLICE_NOTE, "elev", weight=Item.Weight.NEUTRAL)
        self.remember_step(event)
        with self.story.by("lb-team") as team:
            team.discuss(event.summary.da, "lb-team", "lb-politi", "lb-sekretariat")

    def assessed(self, event: Event) -> None:
        """Step 4: dismissed, which ends the case at once (R-023)."""
        self.remember_step(event)
        with self.story.by("lb-team") as team:
            team.assess(
                Assessment.Gate.FIRST,
                {"elev": Assessment.Result.DISMISSED},
                "lb-team",
                "lb-politi",
                reason=event.summary.da,
            )
