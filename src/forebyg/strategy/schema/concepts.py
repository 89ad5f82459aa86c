"""The ideas of the strategy: principles, definitions, prevention levels, models, theory of change, perspectives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from forebyg.strategy.schema.parts import (
    ActorRef,
    DefinitionRef,
    GoalRef,
    InterventionRef,
    Item,
    LevelRef,
    Line,
    Part,
    RecommendationRef,
    Remark,
    Text,
)


class Principle(Item):
    """A principle the effort rests on."""


class Terms(Part):
    """Beginnings of words, by language, that show that a definition belongs beside a text."""

    da: Annotated[tuple[Line, ...], Field(min_length=1)]
    en: Annotated[tuple[Line, ...], Field(min_length=1)]

    def in_language(self, code: str) -> tuple[str, ...]:
        """The word beginnings for a language code; Danish for any other language than English."""
        return self.en if code.startswith("en") else self.da


class Attitude(Item):
    """One of the attitudes that a definition is made of. Describes the definition; never a field of a case."""


class Report(Part):
    """A published report, by its title in the language of the publisher."""

    title: Line
    page: int | None = None


class Definition(Item):
    """A term as the strategy defines it (R-176)."""

    terms: Terms
    attitudes: tuple[Attitude, ...] = ()
    accompanying_behaviour: Text | None = None
    ideology_neutral: bool | None = None
    applies_to: tuple[Literal["individual", "group"], ...] = ()
    rules: tuple[Remark, ...] = ()
    note: Text | None = None
    origin_ref: ActorRef | None = None
    origin_report: Report | None = None


class PreventionLevel(Item):
    """A layer of the prevention triangle, from the broad base (order 1) to the top."""

    order: int
    triangle_position: Literal["base", "middle", "top"]
    aims: tuple[Text, ...]
    target_group: Text
    arenas: tuple[Text, ...] = ()
    typical_measures: tuple[Text, ...]
    goal_refs: tuple[GoalRef, ...]
    individual_data: bool
    lead_actor_refs: tuple[ActorRef, ...] = ()
    conditions: tuple[Text, ...] = ()


class Phase(Item):
    """A phase of the radicalisation process as the document draws it."""

    order: int
    before_tipping_point: bool


class Zone(Item):
    """Who is responsible on one side of the tipping point."""

    actor_refs: tuple[ActorRef, ...]


class ExplanatoryModel(Item):
    """A figure of the document. Shown as explanation; no person is ever placed in it."""

    figure: int
    level_refs: tuple[LevelRef, ...] = ()
    tipping_point_ref: DefinitionRef | None = None
    phases: tuple[Phase, ...] = ()
    zones: tuple[Zone, ...] = ()


class ExpectedResult(Item):
    """A result that an area of work is expected to give."""


class AreaOfWork(Item):
    """A row of the theory of change: activities, results, goals."""

    activity_refs: tuple[InterventionRef, ...]
    results: tuple[ExpectedResult, ...]
    goal_refs: tuple[GoalRef, ...]


class TheoryOfChange(Part):
    """The theory of change (R-172)."""

    goals_note: Text | None = None
    areas: tuple[AreaOfWork, ...] = ()


class Perspective(Item):
    """A development the document sees as possible on one level, without a plan for it yet (R-170)."""

    level_ref: LevelRef
    status: Literal["potential"]
    recommendation_ref: RecommendationRef | None = None
    actor_refs: tuple[ActorRef, ...] = ()
