"""What a pack is: whose, from when, for what, and the sections of the document it paraphrases."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from forebyg.strategy.schema.parts import ActorRef, Id, Line, Part, Remark, SectionRef, Text


class Section(Part):
    """A part of the document that items point to by `section_ref`."""

    id: Id
    name: Text


class Purpose(Part):
    """What the strategy or the action plan is for."""

    id: Id
    text: Text
    section_ref: SectionRef


class Purposes(Part):
    """The purposes of the two halves of the document."""

    strategy: tuple[Purpose, ...] = ()
    action_plan: tuple[Purpose, ...] = ()


class Meta(Part):
    """Identity of the pack. `id` and `version` together name one content for ever."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Text
    publisher: Text
    year: Annotated[int, Field(ge=1900, le=2200)]
    valid_from: datetime.date
    funded_until: datetime.date | None = None
    mandate: Text
    prepared_by_refs: tuple[ActorRef, ...] = ()
    prepared_with_refs: tuple[ActorRef, ...] = ()
    mandated_by_ref: ActorRef
    background: tuple[Remark, ...] = ()
    conventions: tuple[Line, ...] = ()
    purposes: Purposes = Purposes()
