"""The action plan: interventions with wishes and elements, and the recommendations they answer."""

from __future__ import annotations

from typing import Literal

from forebyg.strategy.schema.parts import (
    ActorRef,
    AgeLimit,
    BudgetLineRef,
    ChannelRef,
    GoalRef,
    Id,
    IndicatorRef,
    InterventionRef,
    Item,
    LegalRef,
    LevelRef,
    Line,
    Part,
    PartialDate,
    RecommendationGroupRef,
    RecommendationRef,
    RuleRef,
    SectionRef,
    StatisticRef,
    TargetGroupRef,
    TargetRef,
    Text,
)

Status = Literal["running", "starting", "running-or-starting", "exploratory"]


class Wish(Item):
    """What the action plan hopes an intervention brings."""

    indicator_refs: tuple[IndicatorRef, ...] = ()
    target_refs: tuple[TargetRef, ...] = ()
    target_group_refs: tuple[TargetGroupRef, ...] = ()


class Element(Item):
    """A part of an intervention: content, a phase in order, a step of dialogue, a charter."""

    kind: Literal["content", "phase", "dialogue-step", "charter"]
    order: int | None = None
    lead_ref: ActorRef | None = None
    joined_by_refs: tuple[ActorRef, ...] = ()
    months_before_release: int | None = None
    optional: bool = False
    next_intervention_ref: InterventionRef | None = None
    condition_of_membership: bool = False
    text_in_document: bool | None = None


class Intervention(Item):
    """An intervention of the action plan, a supporting activity in ordinary operations, or a measure named in an annex only."""

    kind: Literal["intervention", "supporting-activity", "annex-measure"]
    status: Status | None = None
    started: PartialDate | None = None
    level_refs: tuple[LevelRef, ...]
    wishes: tuple[Wish, ...] = ()
    responsible_refs: tuple[ActorRef, ...]
    partner_refs: tuple[ActorRef, ...] = ()
    delivered_by_refs: tuple[ActorRef, ...] = ()
    supported_by_refs: tuple[ActorRef, ...] = ()
    coordinated_across_refs: tuple[ActorRef, ...] = ()
    applied_to_refs: tuple[ActorRef, ...] = ()
    unit_refs: tuple[ActorRef, ...] = ()
    unit_ref: ActorRef | None = None
    forum_ref: ActorRef | None = None
    programme_ref: ActorRef | None = None
    inspired_by_ref: ActorRef | None = None
    audience: Text | None = None
    participants_list: Text | None = None
    mentor_backgrounds: Text | None = None
    contents: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()
    elements: tuple[Element, ...] = ()
    conditions: tuple[Text, ...] = ()
    age: AgeLimit | None = None
    voluntary: bool | None = None
    mandate_required: bool = False
    pilot: bool = False
    new_position: bool = False
    is_authority: bool | None = None
    specific_to_target_group: bool | None = None
    individual_data: bool
    goal_refs: tuple[GoalRef, ...]
    target_refs: tuple[TargetRef, ...] = ()
    capacity_refs: tuple[TargetRef, ...] = ()
    statistic_refs: tuple[StatisticRef, ...] = ()
    target_group_refs: tuple[TargetGroupRef, ...] = ()
    channel_refs: tuple[ChannelRef, ...] = ()
    rule_refs: tuple[RuleRef, ...] = ()
    legal_refs: tuple[LegalRef, ...] = ()
    legal_notes: tuple[Text, ...] = ()
    budget_refs: tuple[BudgetLineRef, ...] = ()
    policy: Line | None = None
    programmes: tuple[Line, ...] = ()
    governing_document: Line | None = None
    notes: tuple[Text, ...] = ()


class RecommendationGroup(Part):
    """A heading that recommendations stand under."""

    id: Id
    name: Text
    figure: int
    recommendation_refs: tuple[RecommendationRef, ...]
    section_ref: SectionRef


class SubPoint(Part):
    """A part of a recommendation and whether the plan answers it (A-31)."""

    text: Text
    coverage: Literal["covered", "exploratory", "not-mentioned", "explicitly-no-plan"]


class Recommendation(Item):
    """A recommendation of the expert group and the measures that answer it (R-168)."""

    number: int
    figure: int
    group_ref: RecommendationGroupRef
    intervention_refs: tuple[InterventionRef, ...]
    coverage: Literal["full", "partial", "planned", "none"]
    sub_points: tuple[SubPoint, ...] = ()

    @property
    def uncovered(self) -> tuple[SubPoint, ...]:
        """The parts that no current plan answers (R-169)."""
        return tuple(point for point in self.sub_points if point.coverage != "covered")
