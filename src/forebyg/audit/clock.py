"""Whether the server's clock goes on from where the ledger stands (docs/durability.md, "Clocks")."""

from __future__ import annotations

import datetime
from typing import Any

import psycopg

from forebyg.store.unavailable import ClockSetBack

TOLERANCE = datetime.timedelta(minutes=1)
"""Clocks that are kept by NTP step back by less."""


def refuse_clock_set_back(connection: psycopg.Connection[Any]) -> None:
    """Raise `ClockSetBack` when the ledger's newest moment lies more than `TOLERANCE` after the server's own time.

    May be asked by the web and worker roles and by the owner, at a start.
    """
    row = connection.execute("SELECT clock_timestamp(), audit_newest_moment()").fetchone()
    shown, newest = row if row is not None else (None, None)
    if shown is None or newest is None or newest - shown <= TOLERANCE:
        return
    raise ClockSetBack(shown=shown, written=newest)
