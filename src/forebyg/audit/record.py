"""Writing to the ledger: the one way, in the transaction of what it tells of."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from forebyg.audit.models import Event

Codes = dict[str, str | int | bool | list[str]]


class Actor(Protocol):
    """Who acts: a worker in an agency, or somebody `Unknown`."""

    @property
    def id(self) -> uuid.UUID | None: ...
    @property
    def agency_id(self) -> uuid.UUID: ...


@dataclass(frozen=True)
class Unknown:
    """Nobody is signed in, and somebody tries an account of this agency, whose overseers are to know."""

    agency_id: uuid.UUID
    id: None = None


def record(
    action: str,
    *,
    actor: Actor | None,
    at: datetime.datetime,
    matters: Iterable[uuid.UUID] = (),
    records: Iterable[uuid.UUID] = (),
    reason: str = "",
    codes: Codes | None = None,
) -> None:
    """Append one event. `codes` holds ids and fixed words only, never text that a person wrote; `reason` is sealed.

    If the ledger can't be written the exception stops the transaction, and nothing is served or changed.
    """
    Event(
        at=at,
        worker_id=actor.id if actor else None,
        agency_id=actor.agency_id if actor else None,
        action=action,
        matter_ids=list(matters),
        record_ids=list(records),
        codes=codes or {},
        reason=reason,
    ).save(force_insert=True)
