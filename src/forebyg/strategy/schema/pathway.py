"""The case pathway: steps and their exits, how a case can end, triage limits, and the rules that hold on the way."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forebyg.strategy.schema.parts import (
    ActorRef,
    AgeLimit,
    ChannelRef,
    Id,
    InterventionRef,
    Item,
    LegalRef,
    NextRef,
    Noted,
    Part,
    Slug,
    TargetRef,
    Text,
)


class Exit(Part):
    """A way on from a step."""

    to_ref: NextRef
    text: Text


class StepCondition(Part):
    """Something that must hold in a step, for the ages it names."""

    id: Id
    text: Text
    age: AgeLimit | None = None
    requires_actor_ref: ActorRef | None = None


class Step(Item):
    """One of the numbered steps of the pathway."""

    number: int
    actor_refs: tuple[ActorRef, ...]
    mandatory_actor_refs: tuple[ActorRef, ...] = ()
    optional_actor_refs: tuple[ActorRef, ...] = ()
    exits: Annotated[tuple[Exit, ...], Field(min_length=1)]
    conditions: tuple[StepCondition, ...] = ()
    channel_refs: tuple[ChannelRef, ...] = ()
    reporter_list_open: bool = False
    two_tracks: tuple[Text, ...] = ()
    external_system: Text | None = None


class Outcome(Part):
    """How a case ended."""

    id: Id
    name: Text


class Terminal(Item):
    """The end of the pathway."""

    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]


class TriageLimit(Item):
    """The limit in elapsed hours for cases of one severity (A-01). Severity is always a person's choice."""

    hours: Annotated[int, Field(gt=0)]
    severity: Slug
    severity_name: Text


class TriageClock(Noted):
    """When the triage clock runs (A-01)."""

    starts_at: Literal["receipt", "later-of-receipt-and-need-found"]
    stops_at: Literal["accepted-by-authority", "measures-agreed"]
    calendar: Literal["elapsed-hours", "weekdays", "working-hours"]
    applies_if: Literal["local-action-required", "always"]
    exceptions: Literal["recorded-reason", "none"]


class PathwayRule(Item):
    """A rule that holds along the pathway."""

    actor_refs: tuple[ActorRef, ...] = ()
    legal_refs: tuple[LegalRef, ...] = ()
    intervention_refs: tuple[InterventionRef, ...] = ()
    target_ref: TargetRef | None = None
    applies_at: Literal["any-step"] | None = None
    decided_by_ref: ActorRef | None = None
    trigger: Text | None = None
    automatic: bool | None = None
    age: AgeLimit | None = None


class CasePathway(Part):
    """The way of a case from first concern to its end."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    terminal: Terminal
    triage: Annotated[tuple[TriageLimit, ...], Field(min_length=1)]
    triage_clock: TriageClock
    rules: tuple[PathwayRule, ...] = ()

    @model_validator(mode="after")
    def _steps_are_numbered(self) -> Self:
        numbers = [step.number for step in self.steps]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"expected steps numbered 1 to {len(numbers)} in order, found {numbers}")
        return self

    @model_validator(mode="after")
    def _severities_are_distinct(self) -> Self:
        severities = [limit.severity for limit in self.triage]
        if len(set(severities)) != len(severities):
            raise ValueError(f"expected one triage limit for each severity, found {severities}")
        return self
