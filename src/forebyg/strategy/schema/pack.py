"""The whole strategy pack, and the look-ups that other rooms use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, TypeVar

from pydantic import Field

from forebyg.strategy.schema.actors import Actor, Channel, LegalRule, TargetGroup
from forebyg.strategy.schema.concepts import (
    Definition,
    ExplanatoryModel,
    Perspective,
    PreventionLevel,
    Principle,
    TheoryOfChange,
)
from forebyg.strategy.schema.example import ExampleCase
from forebyg.strategy.schema.governance import Budget, BudgetLine, Governance
from forebyg.strategy.schema.interventions import Intervention, Recommendation, RecommendationGroup
from forebyg.strategy.schema.meta import Meta, Section
from forebyg.strategy.schema.parts import Item, Part
from forebyg.strategy.schema.pathway import CasePathway, Outcome, PathwayRule, Step, TriageLimit
from forebyg.strategy.schema.procedures import Procedure
from forebyg.strategy.schema.targets import Goal, Indicator, Statistic, Target

Found = TypeVar("Found", bound="Item | Section | Outcome | Procedure")


class Pack(Part):
    """A municipality's strategy and action plan as data. Look-ups by id raise `KeyError` for an id the pack does not have."""

    meta: Meta
    document_sections: tuple[Section, ...]
    principles: tuple[Principle, ...] = ()
    definitions: Annotated[tuple[Definition, ...], Field(min_length=1)]
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    statistics: tuple[Statistic, ...] = ()
    effect_targets: tuple[Target, ...] = ()
    other_targets: tuple[Target, ...] = ()
    prevention_levels: Annotated[tuple[PreventionLevel, ...], Field(min_length=1)]
    models: tuple[ExplanatoryModel, ...] = ()
    case_pathway: CasePathway
    target_groups: tuple[TargetGroup, ...]
    procedures: tuple[Procedure, ...] = ()
    actors: tuple[Actor, ...]
    channels: tuple[Channel, ...]
    legal_basis: tuple[LegalRule, ...] = ()
    interventions: tuple[Intervention, ...]
    perspectives: tuple[Perspective, ...] = ()
    recommendation_groups: tuple[RecommendationGroup, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    budget: Budget | None = None
    theory_of_change: TheoryOfChange = TheoryOfChange()
    governance: Governance
    example_cases: tuple[ExampleCase, ...] = ()

    # Pathway

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the case pathway in order."""
        return self.case_pathway.steps

    def step(self, number: int) -> Step:
        """The step with a number, from 1."""
        return {step.number: step for step in self.steps}[number]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The ways a case can end."""
        return self.case_pathway.terminal.outcomes

    def outcome(self, id: str) -> Outcome:
        """The outcome with an id."""
        return _by_id(self.outcomes, id)

    @property
    def triage_limits(self) -> tuple[TriageLimit, ...]:
        """The triage limits, shortest first as the pack lists them."""
        return self.case_pathway.triage

    @cached_property
    def triage_hours(self) -> dict[str, int]:
        """Elapsed hours by severity (A-01), as in `{"high": 24, …}`."""
        return {limit.severity: limit.hours for limit in self.triage_limits}

    @property
    def rules(self) -> tuple[PathwayRule, ...]:
        """The rules along the pathway."""
        return self.case_pathway.rules

    @cached_property
    def case_types(self) -> tuple[TargetGroup, ...]:
        """The types of case, in the order of the pack (R-027)."""
        return tuple(group for group in self.target_groups if group.kind == "case-type")

    def case_type(self, id: str) -> TargetGroup:
        """The case type with an id."""
        return _by_id(self.case_types, id)

    def procedure_for(self, case_type_id: str) -> Procedure | None:
        """The procedure of a case type, or None when none is written yet (R-028)."""
        return next((procedure for procedure in self.procedures if procedure.case_type_ref == case_type_id), None)

    # The plan

    @cached_property
    def levels(self) -> tuple[PreventionLevel, ...]:
        """The prevention levels from the base of the triangle to its top."""
        return tuple(sorted(self.prevention_levels, key=lambda level: level.order))

    def level(self, id: str) -> PreventionLevel:
        """The prevention level with an id."""
        return _by_id(self.prevention_levels, id)

    @cached_property
    def action_plan(self) -> tuple[Intervention, ...]:
        """The interventions of the action plan proper (R-111), without supporting activities and annex measures."""
        return tuple(one for one in self.interventions if one.kind == "intervention")

    def intervention(self, id: str) -> Intervention:
        """The intervention, supporting activity or annex measure with an id."""
        return _by_id(self.interventions, id)

    def interventions_at(self, level_id: str) -> tuple[Intervention, ...]:
        """Everything the plan names at one level; an intervention may belong to several (R-113)."""
        return tuple(one for one in self.interventions if level_id in one.level_refs)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Effect targets first, then all other targets, norms, capacities and deadlines."""
        return self.effect_targets + self.other_targets

    def target(self, id: str) -> Target:
        """The target with an id."""
        return _by_id(self.targets, id)

    def goal(self, id: str) -> Goal:
        """The goal with an id."""
        return _by_id(self.goals, id)

    def indicator(self, id: str) -> Indicator:
        """The indicator with an id."""
        return _by_id(self.indicators, id)

    def statistic(self, id: str) -> Statistic:
        """The published figure with an id."""
        return _by_id(self.statistics, id)

    def budget_line(self, id: str) -> BudgetLine:
        """The budget line with an id."""
        return _by_id(self.budget.lines if self.budget else (), id)

    @cached_property
    def uncovered_recommendations(self) -> tuple[Recommendation, ...]:
        """Recommendations of which at least a part has no current plan (R-169)."""
        return tuple(one for one in self.recommendations if one.coverage in ("partial", "none"))

    # Words and people

    def definition(self, id: str) -> Definition:
        """The definition with an id (R-176)."""
        return _by_id(self.definitions, id)

    def actor(self, id: str) -> Actor:
        """The actor with an id."""
        return _by_id(self.actors, id)

    def channel(self, id: str) -> Channel:
        """The channel with an id."""
        return _by_id(self.channels, id)

    def legal_rule(self, id: str) -> LegalRule:
        """The rule of law with an id, as the document states it."""
        return _by_id(self.legal_basis, id)

    def target_group(self, id: str) -> TargetGroup:
        """The target group or case type with an id."""
        return _by_id(self.target_groups, id)

    def section(self, id: str) -> Section:
        """The section of the document with an id."""
        return _by_id(self.document_sections, id)

    # Examples

    @property
    def example_case(self) -> ExampleCase:
        """The first example case. Raises `KeyError` when the pack has none."""
        if not self.example_cases:
            raise KeyError("example_cases")
        return self.example_cases[0]

    def example(self, id: str) -> ExampleCase:
        """The example case with an id."""
        return _by_id(self.example_cases, id)


def _by_id(things: Iterable[Found], id: str) -> Found:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)
