"""What a law pack may say. A pack is data: the engine knows these words and nothing else, and nothing in a pack is run."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from forebyg.law import words

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
Age = Annotated[int, Field(ge=0, le=words.MAX_AGE)]

Who: TypeAlias = Literal[*words.KINDS, *words.GROUPS]  # type: ignore[valid-type]
Kind: TypeAlias = Literal[*words.KINDS]  # type: ignore[valid-type]
Cooperation: TypeAlias = Literal[*words.COOPERATIONS]  # type: ignore[valid-type]
Purpose: TypeAlias = Literal[*words.PURPOSES]  # type: ignore[valid-type]
Category: TypeAlias = Literal[*words.CATEGORIES]  # type: ignore[valid-type]
Custody: TypeAlias = Literal[*words.CUSTODIES]  # type: ignore[valid-type]
Standing: TypeAlias = Literal[*words.STANDINGS]  # type: ignore[valid-type]
TriggerKind: TypeAlias = Literal[*words.TRIGGERS]  # type: ignore[valid-type]
MeasureKind: TypeAlias = Literal[*words.MEASURES]  # type: ignore[valid-type]
Ground: TypeAlias = Literal[*words.GROUNDS]  # type: ignore[valid-type]
Reason: TypeAlias = Literal[*words.REASONS]  # type: ignore[valid-type]
Confidence: TypeAlias = Literal[*words.CONFIDENCES]  # type: ignore[valid-type]
PassesOn: TypeAlias = Literal["own", "recipients-forum", "anything"]


class Part(BaseModel):
    """A piece of a pack: no unknown words, no silent conversion of types, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Text(Part):
    """A text in Danish and English."""

    da: Line
    en: Line


class AgeRange(Part):
    """Ages in whole years, both ends included."""

    from_: Age = Field(0, alias="from")
    to: Age = words.MAX_AGE


class Condition(Text):
    """What the one who discloses or decides must see to; with `age`, for persons of that age alone."""

    age: AgeRange | None = None


class Persons(Part):
    """One kind of person that a rule covers; what is not named is not asked for."""

    age: AgeRange | None = None
    custody: tuple[Custody, ...] | None = Field(None, min_length=1)
    standing: tuple[Standing, ...] | None = Field(None, min_length=1)
    exposed: bool | None = None


class ConsentAsked(Part):
    """A consent of one kind, from those whom a consent rule of the pack names."""

    kind: Literal[*words.CONSENT_KINDS]  # type: ignore[valid-type]
    rule: Id


class ExchangeWhen(Part):
    """Which exchanges a gate is about; any other goes past it without a word. What is not named may be anything."""

    from_: tuple[Who, ...] | None = Field(None, alias="from", min_length=1)
    to: tuple[Who, ...] | None = Field(None, min_length=1)
    either: tuple[Who, ...] | None = Field(None, min_length=1)
    same_controller: bool | None = None
    forums: tuple[Cooperation, ...] | None = Field(None, min_length=1)
    age: AgeRange | None = None
    purposes: tuple[Purpose, ...] | None = Field(None, min_length=1)
    only_categories: tuple[Category, ...] | None = Field(None, min_length=1)
    with_category: Category | None = None
    triggers: tuple[TriggerKind, ...] | None = Field(None, min_length=1)


class ExchangeAsks(Part):
    """What such an exchange must meet, in this order; what fails first is the reason of a refusal.

    A gate with forums asks before all this what the cooperation asks: that both take part, its purposes, and that nothing comes from
    another cooperation; after it the cooperation's persons. `passes_on` says whether any other gate lets on what the sender was itself
    told under a forum: only what is its `own`, what came under a forum of the recipient (`recipients-forum`), or `anything`.
    `unhindered`: neither a written need nor a doubt is asked about (what comes from outside, and a citizen's own information).
    """

    from_: tuple[Who, ...] | None = Field(None, alias="from", min_length=1)
    purposes: tuple[Purpose, ...] | None = Field(None, min_length=1)
    passes_on: PassesOn = "own"
    unhindered: bool = False
    persons: tuple[Persons, ...] | None = Field(None, min_length=1)
    consent: ConsentAsked | None = None
    weighing: Literal["written"] | None = None


class ExchangeGate(Part):
    """One way for an exchange to be lawful. `otherwise` replaces the reason when it is not."""

    step: Id
    when: ExchangeWhen
    asks: ExchangeAsks = ExchangeAsks()
    otherwise: Reason | None = None
    conditions: tuple[Condition, ...] = ()


class MeasureWhen(Part):
    """Which questions about a measure a gate is about."""

    measures: tuple[MeasureKind, ...] = Field(min_length=1)
    by: tuple[Who, ...] | None = Field(None, min_length=1)
    age: AgeRange | None = None
    purposes: tuple[Purpose, ...] | None = Field(None, min_length=1)


class MeasureAsks(Part):
    """What such a measure must meet, in this order. One of the `grounds` is enough; `refused_cooperation` is one more."""

    by: tuple[Who, ...] | None = Field(None, min_length=1)
    age: AgeRange | None = None
    purposes: tuple[Purpose, ...] | None = Field(None, min_length=1)
    grounds: tuple[Ground, ...] | None = Field(None, min_length=1)
    refused_cooperation: bool = False
    consent: ConsentAsked | None = None
    weighing: Literal["written"] | None = None


class MeasureGate(Part):
    """One way for a measure to be lawful."""

    when: MeasureWhen
    asks: MeasureAsks = MeasureAsks()
    conditions: tuple[Condition, ...] = ()


class Provision(Part):
    """One provision in one of its versions: what it is, how well it is known, and the gates that it opens."""

    id: Id
    name: Text
    citation: Text
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    confidence: Confidence
    purpose_limit: Text
    conditions: tuple[Condition, ...] = ()
    caveats: tuple[Text, ...] = ()
    maps_to: tuple[Id, ...] = ()
    marks: tuple[Literal["not-for-investigation"], ...] = ()
    exchange: tuple[ExchangeGate, ...] = ()
    measures: tuple[MeasureGate, ...] = ()

    def forums(self) -> frozenset[str]:
        """The cooperations that its gates belong to."""
        return frozenset(forum for gate in self.exchange for forum in gate.when.forums or ())

    def consent_rules(self) -> frozenset[str]:
        """The consent rules that its gates ask for."""
        asked = [gate.asks.consent for gate in self.exchange] + [gate.asks.consent for gate in self.measures]
        return frozenset(consent.rule for consent in asked if consent is not None)


class Forum(Part):
    """A cooperation: which kinds can take part, what for, and about whom (about everybody, when nobody is named)."""

    id: Cooperation
    name: Text
    members: tuple[Who, ...] = Field(min_length=1)
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    persons: tuple[Persons, ...] | None = Field(None, min_length=1)


class Doubt(Part):
    """A legal doubt that blocks until it is clarified on record.

    It is about `forum_members`, who take part in forums only when it is clarified in their favour, or about `recipients`.
    """

    id: Id
    question: Text
    forum_members: tuple[Kind, ...] = ()
    recipients: tuple[Kind, ...] = ()


class ConsentRow(Part):
    """Who is asked at an age; `guardians` means every holder of custody, `a-guardian` any one of them."""

    age: AgeRange = AgeRange(from_=0)
    asks: tuple[Literal["citizen", "guardians", "a-guardian"], ...] = Field(min_length=1)


class ConsentRule(Part):
    """Whose consent is enough, by age."""

    id: Id
    name: Text
    rows: tuple[ConsentRow, ...] = Field(min_length=1)


class Meta(Part):
    """What the pack is. Outside its dates it answers nothing but that it is not in force."""

    id: Id
    version: Version
    name: Text
    source: Text
    valid_from: datetime.date
    valid_to: datetime.date | None = None
    checked_on: datetime.date
    reservations: tuple[Text, ...] = ()


class Pack(Part):
    """The law of one time: its forums, doubts, consent rules, and provisions with their gates.

    `steps` are the stages of an exchange: the first one with a gate that carries it answers, with all of its
    gates that do, in the order of the file: the best basis first.
    """

    meta: Meta
    steps: tuple[Id, ...] = Field(min_length=1)
    forums: tuple[Forum, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    consent_rules: tuple[ConsentRule, ...] = ()
    provisions: tuple[Provision, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.meta.valid_to is not None and self.meta.valid_to < self.meta.valid_from:
            raise ValueError(f"expected meta.valid_to after {self.meta.valid_from}, found {self.meta.valid_to}")
        return self

    def validity(self, provision: Provision) -> tuple[datetime.date, datetime.date]:
        """First and last day of a provision; one without dates is valid as long as the pack."""
        first = provision.valid_from or self.meta.valid_from
        last = provision.valid_to or self.meta.valid_to or datetime.date.max
        return first, last

    def version(self, provision: Provision) -> str:
        """What a signature is for: twelve hexadecimal digits of the SHA-256 of all that the pack says about the provision.

        That is its row, its dates, and the forums and consent rules that its gates rest on; so no change goes unsigned (B-028).
        """
        forums = [forum for forum in self.forums if forum.id in provision.forums()]
        rules = [rule for rule in self.consent_rules if rule.id in provision.consent_rules()]
        parts = [part.model_dump(mode="json", exclude_defaults=True) for part in (provision, *forums, *rules)]
        dates = [day.isoformat() for day in self.validity(provision)]
        content = json.dumps([self.meta.id, *dates, *parts], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def ages(self) -> Iterator[AgeRange]:
        """Every range of ages that the pack asks for."""
        for provision in self.provisions:
            for gate in provision.exchange:
                yield from filter(None, [gate.when.age, *(person.age for person in gate.asks.persons or ())])
            for measure in provision.measures:
                yield from filter(None, [measure.when.age, measure.asks.age])
        for forum in self.forums:
            yield from filter(None, [person.age for person in forum.persons or ()])
        for rule in self.consent_rules:
            yield from (row.age for row in rule.rows)
