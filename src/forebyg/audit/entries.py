"""An event as the ledger proves it: every column as text, and the bytes that its leaf is the hash of.

A sealed reason counts as it lies there, so destroying its key changes no proof. The form is described in docs/ledger.md; another
form needs another name in `FORMAT`, and old events keep theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import LiteralString

from forebyg.audit.merkle import leaf_hash

FORMAT = "forebyg-event-1"

# What each column reads as, whatever the session's settings are: moments in UTC as ISO 8601, bytes in hexadecimal, the rest as
# PostgreSQL writes it.
_AS_TEXT: dict[str, LiteralString] = {
    "id": "e.id::text",
    "at": "to_jsonb(e.at AT TIME ZONE 'UTC') #>> '{}'",
    "worker_id": "e.worker_id::text",
    "agency_id": "e.agency_id::text",
    "action": "e.action",
    "matter_ids": "e.matter_ids::text",
    "record_ids": "e.record_ids::text",
    "codes": "e.codes::text",
    "reason": "encode(e.reason, 'hex')",
    "key_id": "e.key_id::text",
    "cluster": "e.cluster::text",
    "xid": "e.xid::text",
    "written_at": "to_jsonb(e.written_at AT TIME ZONE 'UTC') #>> '{}'",
}
COLUMNS = tuple(_AS_TEXT)
COLUMNS_AS_TEXT: LiteralString = ", ".join(_AS_TEXT.values())
"""To be selected from `audit_event e`; a row of it is what `Entry.of_row` takes."""


@dataclass(frozen=True)
class Entry:
    """An event of the ledger, each column by its name."""

    columns: Mapping[str, str | None]

    @classmethod
    def of_row(cls, row: Sequence[str | None]) -> Entry:
        """From a row of `COLUMNS_AS_TEXT`."""
        return cls(dict(zip(COLUMNS, row, strict=True)))

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.columns["id"])

    @property
    def cluster(self) -> int:
        """The system identifier of the PostgreSQL cluster that wrote the event."""
        return int(str(self.columns["cluster"]))

    @property
    def place(self) -> tuple[int, str]:
        """What events of one cluster are sealed in the order of: transaction, then id."""
        return int(str(self.columns["xid"])), self.id

    @property
    def canonical(self) -> str:
        """The text, in UTF-8, that the event's leaf is the hash of."""
        return json.dumps({**self.columns, "format": FORMAT}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def leaf(self) -> bytes:
        """The hash of the event's leaf."""
        return leaf_hash(self.canonical.encode())
