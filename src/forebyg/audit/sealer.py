"""The sealer: takes finished events in order, adds them to the tree and signs its head.

An event is taken when its transaction number is below the lowest that is still running, so none can appear before it later. Any
number of transactions may write at the same time. Of two sealers one waits for the other; the tree can't fork.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from psycopg import IsolationLevel

from forebyg.audit import tree
from forebyg.audit.entries import COLUMNS_AS_TEXT, Entry
from forebyg.audit.heads import SignedHead, key_id_of, sign
from forebyg.core.errors import ForebygError

LARGEST_BATCH = 5_000
"""Events sealed in one transaction."""

_CLUSTERS = """
WITH RECURSIVE known (cluster) AS (
    SELECT min(cluster) FROM audit_event
    UNION ALL
    SELECT (SELECT min(e.cluster) FROM audit_event e WHERE e.cluster > known.cluster) FROM known WHERE known.cluster IS NOT NULL
)
SELECT cluster, cluster = (pg_control_system()).system_identifier, coalesce(s.xid, '0')::text, coalesce(s.event_id, %s)
  FROM known LEFT JOIN audit_sealed_until s USING (cluster) WHERE cluster IS NOT NULL ORDER BY 2, 1
"""
_FINISHED: LiteralString = f"""
SELECT {COLUMNS_AS_TEXT} FROM audit_event e
 WHERE e.cluster = %(cluster)s AND (e.xid, e.id) > (%(xid)s::xid8, %(event)s) AND e.xid < %(below)s::xid8
 ORDER BY e.xid, e.id LIMIT %(limit)s
"""  # noqa: S608 - names of columns
_SEALED_UNTIL = """
INSERT INTO audit_sealed_until VALUES (%s, %s::text::xid8, %s)
ON CONFLICT (cluster) DO UPDATE SET xid = excluded.xid, event_id = excluded.event_id
"""
_BEFORE_ALL = uuid.UUID(int=0)
_AFTER_ALL = str(uuid.UUID(int=2**128 - 1))
_ABOVE_ALL = 2**64 - 1


class NumbersWentBack(ForebygError):
    """The cluster gives out transaction numbers that are sealed already: it is older than the database in it."""

    code = "ledger-numbers-went-back"

    def __init__(self) -> None:
        super().__init__(
            "Databasen er nyere end den PostgreSQL-klynge, den ligger i. Gendan den i en ny klynge. / "
            "The database is newer than the PostgreSQL cluster that it lies in. Restore it in a new cluster."
        )


@dataclass(frozen=True)
class Batch:
    """What one transaction sealed. `is_full`: there may be more at once."""

    sealed: int
    is_full: bool


class Sealer:
    """Seals over one connection of the role `forebyg_sealer`, which nobody else uses meanwhile."""

    def __init__(self, connection: tree.Connection, key: Ed25519PrivateKey) -> None:
        self._connection = connection
        self._connection.isolation_level = IsolationLevel.READ_COMMITTED
        self._key = key

    @property
    def public_key(self) -> Ed25519PublicKey:
        """What its heads are checked with."""
        return self._key.public_key()

    def seal(self, *, limit: int = LARGEST_BATCH) -> Batch:
        """Seal up to `limit` finished events, in one transaction. Raises `TreeAltered` or `NumbersWentBack`, and then seals nothing."""
        with self._connection.transaction():
            installation = self._lock()
            growing = tree.growing_tree(self._connection)
            entries = list(self._finished(limit))
            if entries:
                tree.append(self._connection, growing, entries)
                at = self._moment()
                tree.add_head(
                    self._connection, sign(growing.size, growing.root(), at=at, installation=installation, key=self._key)
                )
            return Batch(len(entries), is_full=len(entries) == limit)

    def newest_head(self) -> SignedHead | None:
        """The newest head that this sealer's key signed, to be handed out; None when there is none."""
        signed = tree.newest_head(self._connection)
        return signed if signed is not None and signed.head.key_id == key_id_of(self.public_key) else None

    def _lock(self) -> str:
        """Wait until no other sealer is at work, and note that this one is. Returns the installation's id."""
        row = self._connection.execute(
            "UPDATE audit_sealer SET was_there_at = clock_timestamp() RETURNING installation::text"
        ).fetchone()
        if row is None:
            raise tree.TreeAltered
        return str(row[0])

    def _finished(self, limit: int) -> Iterator[Entry]:
        """The next events of finished transactions: other clusters' first, each cluster's by transaction and id."""
        row = self._connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text").fetchone()
        lowest_running = int(row[0]) if row else 0
        for cluster, is_own, xid, event in self._connection.execute(_CLUSTERS, [_BEFORE_ALL]).fetchall():
            if is_own and int(xid) >= lowest_running:
                raise NumbersWentBack
            place = {"cluster": cluster, "xid": xid, "event": event, "limit": limit}
            found = self._connection.execute(_FINISHED, place | {"below": str(lowest_running if is_own else _ABOVE_ALL)})
            until = None
            for entry in map(Entry.of_row, found):
                limit, until = limit - 1, entry.place
                yield entry
            if is_own and limit:
                until = (
                    lowest_running - 1,
                    _AFTER_ALL,
                )  # all of these transactions are sealed: what appears there later is forged
            if until is not None:
                self._connection.execute(_SEALED_UNTIL, [cluster, str(until[0]), until[1]])

    def _moment(self) -> str:
        row = self._connection.execute("SELECT to_jsonb(clock_timestamp() AT TIME ZONE 'UTC') #>> '{}'").fetchone()
        return str(row[0]) if row else ""
