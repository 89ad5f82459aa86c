"""How the seal stands: what waits for it, since when, and the newest head. For pages, health checks and the alarm."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

LATE_AFTER = datetime.timedelta(seconds=60)
"""Longer than a web transaction may last, and thirty rounds of the sealer."""


@dataclass(frozen=True)
class SealState:
    """`unsealed` events wait, 100 000 stands for more; `waited` is how long the oldest has. No sizes or times: nothing is sealed yet."""

    unsealed: int
    waited: datetime.timedelta
    size: int | None
    sealed_at: datetime.datetime | None
    sealer_was_there_at: datetime.datetime | None

    @property
    def is_late(self) -> bool:
        """Whether an event has waited so long that somebody must look at the sealer."""
        return self.waited > LATE_AFTER


def seal_state() -> SealState:
    """How the seal stands now. The roles of web and jobs may ask; times are PostgreSQL's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unsealed, waited_seconds, size, sealed_at, sealer_was_there_at FROM audit_seal_state()")
        unsealed, waited_seconds, size, sealed_at, sealer_was_there_at = cursor.fetchone()
    return SealState(unsealed, datetime.timedelta(seconds=waited_seconds), size, sealed_at, sealer_was_there_at)
