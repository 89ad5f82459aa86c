"""The ledger in PostgreSQL, read for verification as one moment saw it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import IsolationLevel

from forebyg.audit import tree
from forebyg.audit.entries import COLUMNS_AS_TEXT, Entry
from forebyg.audit.heads import SignedHead
from forebyg.audit.verification import Leaf, Outside

_PAGE = 5_000

_LEAVES = f"""
SELECT l.position, l.event_id::text, l.hash, l.nodes, {COLUMNS_AS_TEXT}
  FROM (SELECT * FROM audit_leaf WHERE position > %s ORDER BY position LIMIT %s) l
  LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.position
"""  # noqa: S608 - names of columns
_HEADS = f"SELECT {tree.HEAD_COLUMNS} FROM audit_head h WHERE h.size > %s ORDER BY h.size LIMIT %s"  # noqa: S608 - names of columns
_OUTSIDE = """
SELECT e.id::text, e.cluster, e.xid::text,
       (s.cluster IS NULL OR (e.xid, e.id) > (s.xid, s.event_id))
       AND (e.cluster <> (pg_control_system()).system_identifier OR e.xid < pg_snapshot_xmax(pg_current_snapshot()))
  FROM audit_event e LEFT JOIN audit_sealed_until s USING (cluster)
 WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.event_id = e.id)
"""


class StoredLedger:
    """See `verification.Ledger`. Made by `stored_ledger`."""

    def __init__(self, connection: tree.Connection) -> None:
        self._connection = connection

    def size(self) -> int:
        """How many leaves there are, about; for a progress bar."""
        row = self._connection.execute("SELECT coalesce(max(position) + 1, 0) FROM audit_leaf").fetchone()
        return int(row[0]) if row else 0

    def heads(self) -> Iterator[SignedHead]:
        """All heads, the smallest first."""
        last = -1
        while rows := self._connection.execute(_HEADS, [last, _PAGE]).fetchall():
            yield from map(tree.head_of_row, rows)
            last = rows[-1][0]

    def leaves(self) -> Iterator[Leaf]:
        """All leaves by position."""
        last = -1
        while rows := self._connection.execute(_LEAVES, [last, _PAGE]).fetchall():
            yield from map(_leaf_of_row, rows)
            last = rows[-1][0]

    def outside(self) -> Iterator[Outside]:
        """All events that no leaf names."""
        with self._connection.cursor("outside") as cursor:
            cursor.itersize = _PAGE
            for event_id, cluster, xid, is_waiting in cursor.execute(_OUTSIDE):
                yield Outside(event_id, cluster, (int(xid), event_id), is_waiting)

    def positions_of(self, hashes: Sequence[bytes]) -> dict[bytes, int]:
        """At which leaf each of these hashes stands."""
        found = self._connection.execute("SELECT hash, position FROM audit_leaf WHERE hash = ANY (%s)", [list(hashes)])
        return {bytes(leaf): position for leaf, position in found}


@contextlib.contextmanager
def stored_ledger(connection: tree.Connection) -> Iterator[StoredLedger]:
    """Read the ledger in one transaction, which sees one moment and changes nothing. It holds up no sealer."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with connection.transaction():
        yield StoredLedger(connection)


def _leaf_of_row(row: tuple[Any, ...]) -> Leaf:
    position, event_id, leaf, nodes, *columns = row
    entry = Entry.of_row(columns) if columns[0] is not None else None
    return Leaf(position, event_id, bytes(leaf), nodes, entry)
