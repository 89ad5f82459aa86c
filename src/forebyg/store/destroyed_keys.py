"""Destroyed keys are remembered in the key store and in the database, so that a backup of either can't bring one back.

The database learns of it in the transaction that decides it, the key store destroys when that is committed. When a process ends
in between, or one of the two is restored from an older backup, `agree` makes up for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection, transaction

from forebyg.store.keys import KeyStore
from forebyg.store.sealed import key_store

_AT_ONCE = 10_000


def destroy_keys(key_ids: Iterable[uuid.UUID]) -> None:
    """Destroy these keys when this transaction, a worker process's, is committed; what they sealed is gone for ever (B-042)."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("destroy_keys needs a transaction")
    keys = list(key_ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT store.note_destroyed_keys(%s)", [keys])
    transaction.on_commit(lambda: key_store().destroy(keys))


def agree(store: KeyStore, owner: psycopg.Connection[Any]) -> int:
    """Let database and key store know of the same destroyed keys. Returns how many keys that still were there are gone now."""
    gone = store.destroy(key_id for (key_id,) in owner.execute("SELECT id FROM store_destroyed_key").fetchall())
    known = store.all_destroyed()
    for start in range(0, len(known), _AT_ONCE):
        owner.execute("SELECT store.note_destroyed_keys(%s)", [known[start : start + _AT_ONCE]])
    return gone
