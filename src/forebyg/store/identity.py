"""Who acts, told to PostgreSQL for one transaction; and what time it is there.

`SET LOCAL` semantics: the setting ends with the transaction, so it can't leak through the connection pool.
"""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Iterator

from django.db import connection, transaction


def act_as(worker_id: uuid.UUID | None) -> datetime.datetime:
    """Tell this transaction who acts (nobody: None) and return `store.now()`. Raises outside a transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("act_as needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('forebyg.worker', %s, true), store.now()",
            [str(worker_id) if worker_id else ""],
        )
        moment: datetime.datetime = cursor.fetchone()[1]
    return moment


@contextlib.contextmanager
def acting(worker_id: uuid.UUID) -> Iterator[datetime.datetime]:
    """A transaction of its own in which this worker acts; yields `store.now()`. For commands, jobs and tests."""
    with transaction.atomic():
        yield act_as(worker_id)


def now() -> datetime.datetime:
    """The time that policies and clocks live in: PostgreSQL's, plus the offset that only the owner can set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT store.now()")
        moment: datetime.datetime = cursor.fetchone()[0]
    return moment
