"""The answer of the law to a question."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Danish and English."""

    da: str
    en: str

    def in_language(self, code: str) -> str:
        """The text for a language code such as `da`, `en` or `en-gb`; Danish for any other language."""
        return self.en if code.startswith("en") else self.da


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision that carries a finding, as it was signed off (B-021, B-028). `version` names its exact content."""

    provision: str
    pack: str
    pack_version: str
    version: str
    name: Text
    citation: Text
    purpose_limit: Text
    conditions: tuple[Text, ...]
    caveats: tuple[Text, ...]
    confidence: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether something is lawful, by what, and what it lacks.

    `outcome` is allowed, refused, undecided or blocked. `by` are the provisions that carry it, best first, `because` is the one
    reason why not, `missing` are the paths of the facts that are needed, `remedies` what would make it lawful, `marks` what the
    information is to carry from here on, `unconfirmed` the provisions whose text nobody has read for the pack, `unsigned` those
    that would carry it if they were signed off, `trigger` the danger that was said to outweigh secrecy, empty when none was (R-086).
    `duty` is always false: no provision obliges anyone to disclose.
    """

    outcome: str
    by: tuple[str, ...]
    because: str | None
    missing: tuple[str, ...]
    remedies: tuple[str, ...]
    marks: tuple[str, ...]
    bases: tuple[Basis, ...]
    unconfirmed: tuple[str, ...]
    unsigned: tuple[str, ...]
    sentence: Text
    pack: str
    pack_version: str
    moment: datetime.date | None
    trigger: str = ""

    @property
    def is_allowed(self) -> bool:
        """Whether it may be done."""
        return self.outcome == "allowed"

    @property
    def duty(self) -> bool:
        """Whether anyone must disclose: never (B-020)."""
        return False

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON, with every field."""
        values = asdict(self)
        return {**values, "duty": self.duty, "moment": self.moment.isoformat() if self.moment else None}
