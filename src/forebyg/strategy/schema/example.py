"""Invented example cases: role labels instead of people, days instead of dates (R-222)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forebyg.strategy.schema.parts import (
    ActorRef,
    ChannelRef,
    EventRef,
    InterventionRef,
    Item,
    LegalRef,
    Line,
    OutcomeRef,
    Slug,
    StepRef,
    SubjectRef,
    Text,
    TriageRef,
)

EventType = Literal[
    "observation",
    "concern-received",
    "unit-discussion",
    "assessment",
    "meeting-with-citizen",
    "notice",
    "professional-assessment",
    "offer",
    "re-offer",
    "intervention-started",
    "intervention-ended",
    "responsibility-assigned",
    "missed-meeting",
    "home-visit",
    "alarm",
    "alarm-resolved",
    "other-measure",
    "progress",
    "follow-up-meeting",
    "hand-over",
    "advice-given",
    "case-closed",
]
_NEEDS: dict[str, tuple[str, ...]] = {
    "assessment": ("decision",),
    "offer": ("intervention_ref", "offer_status"),
    "re-offer": ("intervention_ref", "offer_status"),
    "intervention-started": ("intervention_ref",),
    "intervention-ended": ("intervention_ref", "end_status"),
    "responsibility-assigned": ("responsible_ref",),
    "alarm": ("alarm",),
    "alarm-resolved": ("resolves_ref",),
    "hand-over": ("outcome_ref",),
    "case-closed": ("outcome_ref",),
}


class Subject(Item):
    """A role in an example case; `concern_subject` tells the person the concern is about from those drawn in."""

    role: Slug
    age: int | None = None
    age_note: Text | None = None
    concern_subject: bool
    reason_involved: Text | None = None
    is_parent_of_refs: tuple[SubjectRef, ...] = ()


class Event(Item):
    """Something that happens in an example case, `day_offset` days after its first event."""

    order: int
    day_offset: Annotated[int, Field(ge=0)]
    day_offset_estimated: bool = True
    type: EventType
    actor_refs: tuple[ActorRef, ...]
    subject_refs: tuple[SubjectRef, ...]
    step_ref: StepRef
    origin: Slug | None = None
    channel_ref: ChannelRef | None = None
    intake_ref: ActorRef | None = None
    forum_ref: ActorRef | None = None
    reported_by_refs: tuple[ActorRef, ...] = ()
    persons_in_concern: int | None = None
    related_persons_refs: tuple[SubjectRef, ...] = ()
    legal_refs: tuple[LegalRef, ...] = ()
    decision: Literal["proceed-to-meeting", "dismissed", "confirmed", "dealt-with", "advice-only"] | None = None
    local_action_required: bool | None = None
    severity: Slug | None = None
    triage_ref: TriageRef | None = None
    responsible_ref: ActorRef | None = None
    parents_present: bool | None = None
    note: Text | None = None
    topic: Text | None = None
    relation: Literal["influence"] | None = None
    from_subject_ref: SubjectRef | None = None
    to_subject_ref: SubjectRef | None = None
    intervention_ref: InterventionRef | None = None
    offer_status: Literal["accepted", "refused", "pending"] | None = None
    answered_by_refs: tuple[SubjectRef, ...] = ()
    answer_day_offset: int | None = None
    end_status: Literal["completed", "on-hold", "stopped"] | None = None
    count: int | None = None
    visit_result: Literal["found", "not-found"] | None = None
    agreed_with_ref: SubjectRef | None = None
    alarm: Slug | None = None
    resolves_ref: EventRef | None = None
    claim: Text | None = None
    assessment: Text | None = None
    plan_changed: bool = False
    recurring: bool = False
    dimension: Text | None = None
    outcome_ref: OutcomeRef | None = None

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        missing = [name for name in _NEEDS.get(self.type, ()) if getattr(self, name) is None]
        if missing:
            raise ValueError(f"expected {' and '.join(missing)}, since the type is {self.type}")
        return self


class ExampleCase(Item):
    """An invented case told as events in order."""

    fictional: Literal[True]
    duration_days: int
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]
    acceptance_checks: tuple[Line, ...] = ()
    events: Annotated[tuple[Event, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _events_are_in_order(self) -> Self:
        orders = [event.order for event in self.events]
        if orders != list(range(1, len(orders) + 1)):
            raise ValueError(f"expected events with order 1 to {len(orders)}, found {orders}")
        days = [event.day_offset for event in self.events]
        if days != sorted(days) or days[-1] > self.duration_days:
            raise ValueError(f"expected day_offset never to fall and to end within {self.duration_days} days, found {days}")
        return self
