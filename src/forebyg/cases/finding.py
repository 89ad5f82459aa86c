"""The law's finding in front of every disclosure: how the gate is asked from here, and how its answer is kept.

The gate stands in a room above, for it reads what only that room knows; it registers itself here when the system starts.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import get_language

from forebyg.access.models import Worker
from forebyg.cases.models import Case
from forebyg.core.errors import RuleBroken
from forebyg.law import Finding

PREVENTION = "crime-prevention"
FORUM_MARK = "forum:"


@dataclass(frozen=True)
class Terms:
    """On which terms somebody wants to tell: the words are the law's (`forebyg.law.words`).

    `trigger` is what may outweigh secrecy; `is_weighed` says that the weighing is written in the necessity.
    """

    forum: str = "none"
    purpose: str = PREVENTION
    categories: tuple[str, ...] = ("private", "sensitive")
    trigger: str = ""
    is_weighed: bool = False


INSIDE = Terms()
"""Between agencies of one controller: need to know."""


class NotLawful(RuleBroken):
    """The law does not carry it. The sentence is the finding's own."""

    code = "not-lawful"

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.sentence.in_language(get_language() or "da"))


class Gate(Protocol):
    """May the worker's agency let that agency know of these participants?"""

    def __call__(
        self,
        *,
        worker: Worker,
        case: Case,
        persons: Iterable[uuid.UUID],
        to_agency: uuid.UUID,
        terms: Terms,
        now: datetime.datetime,
    ) -> Finding: ...


_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """For the room of the gate, in `AppConfig.ready()`."""
    _gates[:] = [gate]


def finding_inside(
    *, worker: Worker, case: Case, persons: Iterable[uuid.UUID], to_agency: uuid.UUID, now: datetime.datetime
) -> Finding:
    """The finding on telling an agency of one's own controller of participants. Raises `NotLawful` when it does not allow it."""
    (gate,) = _gates
    finding = gate(worker=worker, case=case, persons=persons, to_agency=to_agency, terms=INSIDE, now=now)
    check_allowed(finding)
    return finding


def check_allowed(finding: Finding) -> None:
    """Raise `NotLawful` unless the finding allows it and names the provision that carries it."""
    if not finding.is_allowed or not finding.by:
        raise NotLawful(finding)


def as_kept(finding: Finding, *, purpose: str) -> dict[str, Any]:
    """As it is kept with a disclosure: the whole finding, what it was for, and in which forum it was made."""
    kept: dict[str, Any] = json.loads(json.dumps(finding.as_json()))
    return {**kept, "purpose": purpose, "forum": forum_of(finding.marks)}


DEMO = "demo"
"""The name under sign-offs that nobody qualified has given: every page that shows a finding says it."""


def is_demo(finding: Mapping[str, Any]) -> bool:
    """Whether a kept finding rests on a provision that only the demo signed off, or on none that anybody did."""
    return not finding["bases"] or any(one["signed_by"] == DEMO for one in finding["bases"])


def in_language(text: Mapping[str, str]) -> str:
    """A text of a kept finding in the page's language."""
    return text["en" if (get_language() or "da").startswith("en") else "da"]


def forum_of(marks: Iterable[str]) -> str:
    """The forum that marked information belongs to, or `none`."""
    return next((mark.removeprefix(FORUM_MARK) for mark in marks if mark.startswith(FORUM_MARK)), "none")
