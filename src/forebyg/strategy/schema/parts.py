"""The small parts that every subject of a strategy pack is made of."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator


class Part(BaseModel):
    """A piece of a pack: no unknown keys, no silent conversion of types, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True)
class Refers:
    """Says that a string is the id of something else in the pack; `kinds` are the kinds of thing it may be."""

    kinds: tuple[str, ...]


def _is_partial_date(value: str) -> str:
    try:
        datetime.date.fromisoformat(value + "-01" * (2 - value.count("-")))
    except ValueError:
        raise ValueError(f"expected a date that exists, found '{value}'") from None
    return value


Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), AfterValidator(_is_partial_date)]
"""A year, a month or a day (`2016`, `2016-03`, `2016-02-01`): as exact as the document is."""

SectionRef = Annotated[str, Refers(("section",))]
ActorRef = Annotated[str, Refers(("actor",))]
GoalRef = Annotated[str, Refers(("goal",))]
IndicatorRef = Annotated[str, Refers(("indicator",))]
StatisticRef = Annotated[str, Refers(("statistic",))]
TargetRef = Annotated[str, Refers(("target",))]
LevelRef = Annotated[str, Refers(("level",))]
DefinitionRef = Annotated[str, Refers(("definition",))]
TargetGroupRef = Annotated[str, Refers(("target group", "case type"))]
CaseTypeRef = Annotated[str, Refers(("case type",))]
ChannelRef = Annotated[str, Refers(("channel",))]
LegalRef = Annotated[str, Refers(("legal rule",))]
InterventionRef = Annotated[str, Refers(("intervention",))]
StepRef = Annotated[str, Refers(("step",))]
NextRef = Annotated[str, Refers(("step", "ending"))]
TriageRef = Annotated[str, Refers(("triage limit",))]
OutcomeRef = Annotated[str, Refers(("outcome",))]
RuleRef = Annotated[str, Refers(("rule",))]
BudgetLineRef = Annotated[str, Refers(("budget line",))]
RecommendationRef = Annotated[str, Refers(("recommendation",))]
RecommendationGroupRef = Annotated[str, Refers(("recommendation group",))]
SubjectRef = Annotated[str, Refers(("subject",))]
EventRef = Annotated[str, Refers(("event",))]


class Text(Part):
    """A text in Danish and English."""

    da: Line
    en: Line

    def in_language(self, code: str) -> str:
        """The text for a language code such as `da`, `en` or `en-gb`; Danish for any other language."""
        return self.en if code.startswith("en") else self.da


class Reading(Part):
    """A note that the field `of` of the same item is the analyst's reading and not stated in the document."""

    of: Line
    note: Text


class Noted(Part):
    """Something whose fields may be readings."""

    readings: tuple[Reading, ...] = ()

    @model_validator(mode="after")
    def _readings_name_own_fields(self) -> Self:
        for reading in self.readings:
            if reading.of not in type(self).model_fields:
                raise ValueError(f"expected readings to name keys of the same item, found '{reading.of}'")
        return self

    def reading_of(self, field: str) -> Reading | None:
        """The reading that a field rests on, or None when the document states it."""
        return next((reading for reading in self.readings if reading.of == field), None)


class Item(Noted):
    """Something with an id, a name and a paraphrase, and the part of the document it comes from."""

    id: Id
    name: Text
    summary: Text
    section_ref: SectionRef


class Remark(Part):
    """A text with the part of the document it comes from, when that is another than its owner's."""

    text: Text
    section_ref: SectionRef | None = None


class AgeLimit(Part):
    """An age in whole years and how it is compared."""

    op: Literal["<", "<=", ">=", ">"]
    value: Annotated[int, Field(ge=0, le=130)]
    applies_to: Text | None = None

    def covers(self, age: int) -> bool:
        """Whether an age in whole years lies inside the limit."""
        return {"<": age < self.value, "<=": age <= self.value, ">=": age >= self.value, ">": age > self.value}[self.op]
