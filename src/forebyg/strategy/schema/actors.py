"""Who takes part: actors, target groups and case types, channels, the legal basis as the document states it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from forebyg.strategy.schema.parts import (
    ActorRef,
    AgeLimit,
    ChannelRef,
    DefinitionRef,
    Item,
    LegalRef,
    LevelRef,
    Line,
    Part,
    PartialDate,
    Remark,
    Slug,
    Text,
)

ActorKind = Literal[
    "municipality",
    "municipal-administration",
    "municipal-unit",
    "municipal-position",
    "municipal-institution",
    "other-municipality",
    "political-body",
    "political-committee",
    "police",
    "state",
    "state-security",
    "region",
    "foreign-authority",
    "cooperation-forum",
    "cooperation-organisation",
    "legal-cooperation",
    "secretariat",
    "programme",
    "partnership",
    "forum",
    "expert-group",
    "staff-group",
    "civil-society",
    "housing",
    "research",
    "role",
]
UnitRole = Literal[
    "self",
    "secretariat",
    "permanent-member",
    "represents-permanent-member",
    "member-per-annex-1",
    "ad-hoc-member",
    "key-staff",
    "partner",
    "reporter",
    "none",
]


class Actor(Item):
    """A body, group of staff or role. Never a named person."""

    kind: ActorKind
    abbreviation: Line | None = None
    parent_ref: ActorRef | None = None
    second_parent_ref: ActorRef | None = None
    unit_role: UnitRole
    aliases: tuple[Line, ...] = ()
    responsibilities: tuple[Text, ...] = ()
    home_actor_refs: tuple[ActorRef, ...] = ()
    member_refs: tuple[ActorRef, ...] = ()
    successor_ref: ActorRef | None = None
    receives_reports: bool = False
    collective: bool = False
    is_intake_point: bool = False
    is_authority: bool | None = None


class TargetGroup(Item):
    """A group the effort is for, or (kind `case-type`) a type of case with its own procedure (R-027)."""

    kind: Literal["group", "case-type"]
    needs_procedure: bool
    age: AgeLimit | None = None
    legal_refs: tuple[LegalRef, ...] = ()
    lead_actor_refs: tuple[ActorRef, ...] = ()
    level_refs: tuple[LevelRef, ...] = ()
    open_ended: bool = False


class Rotation(Part):
    """Who staffs a channel in turn."""

    unit: Literal["week", "month", "quarter"]
    alternates_refs: tuple[ActorRef, ...]
    first_turn: ActorRef | None = None


class Channel(Item):
    """A way a concern or local knowledge comes in."""

    kind: Literal["hotline", "intake-point", "outreach", "internal-referral", "inbound-knowledge", "screening"]
    area: Slug
    operator_refs: tuple[ActorRef, ...]
    routes_to_refs: tuple[ActorRef, ...]
    direct_triage: bool | None = None
    service_level: Literal["unchanged"] | None = None
    started: PartialDate | None = None
    rotation: Rotation | None = None
    same_advice_as_ref: ChannelRef | None = None
    legal_refs: tuple[LegalRef, ...] = ()


class Act(Part):
    """A statute by name."""

    name: Text
    abbreviation: Line | None = None


class LegalRule(Item):
    """A rule of law as the document states it in its year; the rules in force live in the room `law`."""

    act: Act
    kind: Literal["information-sharing", "duty-to-offer", "framework", "authority-measure", "other"]
    forums_refs: tuple[ActorRef, ...] = ()
    from_actor_refs: tuple[ActorRef, ...] = ()
    to_actor_refs: tuple[ActorRef, ...] = ()
    from_any_authority: bool = False
    obligated_ref: ActorRef | None = None
    decided_by_ref: ActorRef | None = None
    consent: Literal[
        "not-required", "required-unless-exception", "required-for-measures", "per-provision", "not-stated", "not-applicable"
    ]
    consent_note: Text | None = None
    age_scope: Literal["any", "limited", "school-age", "not-stated"]
    age: AgeLimit | None = None
    purpose: Text | None = None
    purpose_exclusions: tuple[Text, ...] = ()
    trigger: Text | None = None
    instruments: tuple[Text, ...] = ()
    free_of_charge: bool | None = None
    effective_from: PartialDate | None = None
    definition_ref: DefinitionRef | None = None
    caveats: tuple[Remark, ...] = ()
    review: Text | None = None

    @model_validator(mode="after")
    def _age_fits_its_scope(self) -> Self:
        if (self.age is not None) != (self.age_scope == "limited"):
            raise ValueError("expected age when age_scope is 'limited', and only then")
        return self
