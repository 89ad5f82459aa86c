"""Procedure descriptions: a checklist for each case type, approved by the unit (R-171)."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from forebyg.strategy.schema.parts import CaseTypeRef, Id, Line, Part, Text


class ChecklistPoint(Part):
    """One thing to do."""

    id: Id
    text: Text


class Procedure(Part):
    """The procedure of one case type. `sample` says that it is invented and that no unit has approved it yet."""

    id: Id
    case_type_ref: CaseTypeRef
    name: Text
    summary: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    sample: bool
    approved_by: Line | None
    approved_on: datetime.date | None
    checklist: Annotated[tuple[ChecklistPoint, ...], Field(min_length=1)]
