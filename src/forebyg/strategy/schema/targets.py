"""Goals, the indicators that show their direction, published figures, and targets with thresholds."""

from __future__ import annotations

import datetime
from typing import Literal, Self

from pydantic import model_validator

from forebyg.strategy.schema.parts import (
    ActorRef,
    ChannelRef,
    DefinitionRef,
    GoalRef,
    IndicatorRef,
    InterventionRef,
    Item,
    Part,
    Remark,
    StatisticRef,
    Text,
    TriageRef,
)

Cadence = Literal["annual", "half-yearly", "quarterly", "monthly"]


class Goal(Item):
    """An overall goal of the strategy."""

    number: int
    indicator_refs: tuple[IndicatorRef, ...]


class Baseline(Part):
    """The published value an indicator starts from, in the indicator's unit."""

    value: int
    year: int


class Population(Part):
    """Ages in whole years, both ends included."""

    age_min: int
    age_max: int


class Indicator(Item):
    """A figure that shows a direction and proves nothing; its caveats belong beside it wherever it is shown."""

    unit: Text
    baseline: Baseline
    direction: Literal["up", "down", "ambiguous-long-term-down"]
    population: Population | None = None
    data_source: Text | None = None
    data_source_refs: tuple[ActorRef, ...] = ()
    reporting_committee_refs: tuple[ActorRef, ...]
    cadence: Cadence
    goal_refs: tuple[GoalRef, ...]
    statistic_refs: tuple[StatisticRef, ...] = ()
    caveats: tuple[Remark, ...] = ()

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.data_source is None and not self.data_source_refs:
            raise ValueError("expected data_source or data_source_refs, found neither")
        return self


class Statistic(Item):
    """A published figure of one year."""

    value: int
    qualifier: Literal["exact", "more-than", "about"]
    year: int
    unit: Text
    indicator_ref: IndicatorRef | None = None
    intervention_ref: InterventionRef | None = None
    audience_split_required: tuple[Text, ...] = ()


class Measure(Part):
    """How a target is measured. A ratio has numerator and denominator; a milestone has what it is about."""

    type: Literal["ratio", "milestone", "survey-share"]
    of_ref: DefinitionRef | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    self_reported: bool = False
    dimensions: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.type == "ratio" and (self.numerator is None or self.denominator is None):
            raise ValueError("expected numerator and denominator, since the measure is a ratio")
        if self.type == "milestone" and self.of_ref is None:
            raise ValueError("expected of_ref, since the measure is a milestone")
        return self


class Threshold(Part):
    """The value to reach, in `unit`. `between` has both ends; `achieved` has none; `~` means about."""

    op: Literal[">=", "<=", "=", "~", "between", "achieved"]
    value: int | None = None
    upper: int | None = None
    unit: Text | None = None
    as_a_rule: bool = False

    @model_validator(mode="after")
    def _has_its_values(self) -> Self:
        if (self.value is None) != (self.op == "achieved"):
            raise ValueError("expected a value, or none when op is 'achieved'")
        if (self.upper is None) != (self.op != "between"):
            raise ValueError("expected upper when op is 'between', and only then")
        if self.value is not None and self.unit is None:
            raise ValueError("expected a unit beside the value")
        return self


class Period(Part):
    """A length of time in exactly one unit, and the moment it runs from."""

    hours: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    years: int | None = None
    starts: Text | None = None

    @model_validator(mode="after")
    def _has_one_unit(self) -> Self:
        if sum((bool(self.hours), bool(self.months), self.years is not None)) != 1:
            raise ValueError("expected exactly one of hours, months and years")
        return self


class Target(Item):
    """A target, norm, capacity or deadline that somebody answers for."""

    kind: Literal["effect-target", "outcome-target", "service-norm", "capacity", "expected-volume", "deadline", "eligibility"]
    owner_ref: ActorRef
    intervention_refs: tuple[InterventionRef, ...] = ()
    channel_refs: tuple[ChannelRef, ...] = ()
    triage_refs: tuple[TriageRef, ...] = ()
    measure: Measure | None = None
    threshold: Threshold | None = None
    period: Period | None = None
    deadline: datetime.date | None = None
    deadline_text: Text | None = None
