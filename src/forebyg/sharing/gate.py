"""The legal gate: from what the database knows to the law's question, and the law's answer.

`finding_for` asks for records of one's own agency, `finding_to_name` for the fact that persons are part of a matter, which is
what a request and an admission tell. Both ask once per person; the finding returned is the one that decides.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forebyg.access.models import Worker
from forebyg.cases.models import Case

if TYPE_CHECKING:
    from forebyg.law import Finding


@dataclass(frozen=True)
class Terms:
    """On which terms somebody wants to tell: the words are the law's (`forebyg.law.words`).

    `trigger` is what may outweigh secrecy; `is_weighed` says that the weighing is written in the necessity.
    """

    forum: str = "none"
    purpose: str = "crime-prevention"
    categories: tuple[str, ...] = ("private", "sensitive")
    trigger: str = ""
    is_weighed: bool = False


def finding_for(
    *,
    worker: Worker,
    case: Case,
    records: Iterable[tuple[str, uuid.UUID]],
    to_agency: uuid.UUID,
    terms: Terms,
    now: datetime.datetime,
) -> Finding:
    """May the worker's agency tell that agency these records (table, root)? Raises `NotVisible` for a record that is not seen."""
    raise NotImplementedError


def finding_to_name(
    *,
    worker: Worker,
    case: Case,
    persons: Iterable[uuid.UUID],
    to_agency: uuid.UUID,
    terms: Terms,
    now: datetime.datetime,
) -> Finding:
    """May the worker's agency let that agency know that these participants are part of the matter? (A request, an admission.)"""
    raise NotImplementedError
