"""The demo's invented cases as data: what each is about, how far it has come and what has been written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import yaml

from forebyg.strategy.schema.parts import Part

Until = Literal[
    "arisen",
    "received",
    "discussion",
    "first",
    "meeting",
    "second",
    "measures",
    "follow-up",
    "closing",
    "dismissed-in-unit",
    "dismissed-after-meeting",
    "dealt-with",
    "ordinary",
    "pet",
]
"""Where the case stands today: the step whose work is going on, or how it ended."""


class Offered(Part):
    """An intervention of the pack offered to a person, what was answered, and how the course goes."""

    what: str
    to: str
    text: str
    answer: Literal["accepted", "refused"] | None = None
    declined: str = ""
    course: Literal["running", "held", "completed"] | None = None
    log: str = ""
    held: str = "Forløbet er sat i bero."


class Alarmed(Part):
    """An alarm, and how it was resolved when it was."""

    kind: str
    text: str
    ended: str = ""


class InventedCase(Part):
    """One case. Texts stand under the agency that writes them; those without a disclosure stay there."""

    until: Until
    days: float
    """How many days ago the concern arose."""
    entry: Literal["vink", "ssp", "dks"]
    noted_by: Literal["skole", "sof"] | None = None
    channel: str
    reporter: str
    about: tuple[str, ...]
    near: tuple[str, ...] = ()
    concern: str
    type: Literal["psykiatri", "crossover"] | None = None
    protective: str = ""
    school: str = ""
    police_note: str = ""
    psychiatry: str = ""
    prison: str = ""
    missed: str = ""
    visit: str = ""
    clock: Literal["met", "urgent", "breached", "explained", "paused"] | None = None
    explained: str = ""
    paused: str = ""
    offers: tuple[Offered, ...] = ()
    alarm: Alarmed | None = None
    loop: bool = False
    colleague: bool = False
    remember: str = ""
    dismissed: str = ""
    reopened: str = ""
    pet: str = ""

    @property
    def subjects(self) -> dict[str, int]:
        """Those whom the concern is about, with their age, by label; two of a label are numbered."""
        labels = [one.rsplit(" ", 1) for one in self.about]
        if len(labels) == 1:
            return {labels[0][0]: int(labels[0][1])}
        return {f"{label} {number}": int(age) for number, (label, age) in enumerate(labels, 1)}

    @property
    def has_minor(self) -> bool:
        """Whether a parent has to be there."""
        return any(age < 18 for age in self.subjects.values())


def invented_cases() -> list[InventedCase]:
    """The cases in the order of the file."""
    text = Path(__file__).with_name("invented.yaml").read_text(encoding="utf-8")
    return [InventedCase.model_validate_json(json.dumps(case)) for case in yaml.safe_load(text)["cases"]]
