"""Orphans: keys that were drawn ahead and that no row ever came to use, or whose row is gone. They are destroyed.

Why none is destroyed that may still be used: a process hands out a key at most `DRAWN_AHEAD_LIVES` after it was drawn, and the
key is in its row's INSERT at once. A key as old as the sweep demands was therefore handed out long ago, and its transaction
has ended or is one of those open when the sweep begins. Those are waited for; only then the rows are looked at.
"""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg

from forebyg.core.errors import ForebygError
from forebyg.store.keys import DRAWN_AHEAD_LIVES, KeyStore, drawn_at, first_id_at

SHORTEST_AGE = 4 * DRAWN_AHEAD_LIVES  # seconds; leaves room for clocks that differ by hours
USUAL_AGE = 7 * 86400.0  # seconds
AT_ONCE = 100_000  # keys; each time every table with keys is read once
_PATIENCE = 600.0  # seconds to wait for open transactions
_POLL = 0.2  # seconds
_DAY = 86400.0


class SweepRefused(ForebygError):
    """Nothing was swept, because a key that is needed might have been."""

    code = "sweep-refused"

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(f"{danish} Intet er slettet. / {english} Nothing was destroyed.")


@dataclasses.dataclass(frozen=True)
class Swept:
    """Keys old enough to be looked at, and how many of them were orphans and are destroyed."""

    looked_at: int
    destroyed: int


def sweep(
    store: KeyStore,
    connection: psycopg.Connection[Any],
    *,
    older_than: float = USUAL_AGE,
    patience: float = _PATIENCE,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Swept:
    """Destroy the keys drawn more than `older_than` seconds ago that no row uses. `tell` gets keys done, and keys in all.

    `connection` is the database owner's, in autocommit. Raises `SweepRefused`.
    """
    if older_than < SHORTEST_AGE:
        raise SweepRefused(
            f"Nøgler skal være mindst {SHORTEST_AGE / 3600:.0f} timer gamle.",
            f"Keys must be at least {SHORTEST_AGE / 3600:.0f} hours old.",
        )
    end = first_id_at(time.time() - older_than)
    total = store.file.connection.execute("SELECT count(*) FROM data_key WHERE id < ?", [end.bytes]).fetchone()[0]
    if not total:
        return Swept(0, 0)
    _check_that_they_belong_together(store, connection)
    _wait_for_open_transactions(connection, patience)
    done = destroyed = 0
    for keys in _in_ranges(store, end):
        used = {key for (key,) in connection.execute("SELECT store.keys_used_between(%s, %s)", [keys[0], keys[-1]])}
        destroyed += store.destroy(key for key in keys if key not in used)
        done += len(keys)
        tell(done, total)
    return Swept(done, destroyed)


def _in_ranges(store: KeyStore, end: uuid.UUID) -> Any:
    last = b""
    while rows := store.file.connection.execute(
        "SELECT id FROM data_key WHERE id > ? AND id < ? ORDER BY id LIMIT ?", [last, end.bytes, AT_ONCE]
    ).fetchall():
        last = rows[-1][0]
        yield [uuid.UUID(bytes=raw) for (raw,) in rows]


def _check_that_they_belong_together(store: KeyStore, connection: psycopg.Connection[Any]) -> None:
    """Refuse a database that knows none of the newest keys: another one, an empty one or an older copy has no say."""
    newest = uuid.UUID(bytes=store.file.connection.execute("SELECT max(id) FROM data_key").fetchone()[0])
    a_day_before = first_id_at(drawn_at(newest) - _DAY)
    known = connection.execute("SELECT FROM store.keys_used_between(%s, %s) LIMIT 1", [a_day_before, newest]).fetchone()
    if known is None:
        raise SweepRefused(
            "Databasen bruger ingen af de nyeste nøgler: den hører ikke til dette nøglelager, eller den er en ældre kopi.",
            "The database uses none of the newest keys: it does not belong to this key store, or it is an older copy.",
        )


def _wait_for_open_transactions(connection: psycopg.Connection[Any], patience: float) -> None:
    """Wait until every transaction that has written and is open now has ended."""
    until = time.monotonic() + patience
    own = next(connection.execute("SELECT pg_current_xact_id()"))[0]  # greater than that of any open now
    while connection.execute(
        "SELECT true FROM pg_current_snapshot() s WHERE pg_snapshot_xmin(s) <= %s::xid8", [str(own)]
    ).fetchone():
        if time.monotonic() > until:
            raise SweepRefused(
                f"En transaktion i databasen har været åben i over {patience / 60:.0f} minutter. Prøv igen, når den er slut.",
                "A transaction in the database stays open. Try again when it has ended.",
            )
        time.sleep(_POLL)
