"""What the key store holds, and how it fits the database. Numbers and places only, no secrets."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from forebyg.store.keys import KeyStore, drawn_at

_AT_ONCE = 10_000


@dataclasses.dataclass(frozen=True)
class Master:
    """A master key, and how many data keys it wraps."""

    version: int
    fingerprint: bytes
    made_at: datetime.datetime
    keys: int


@dataclasses.dataclass(frozen=True)
class Holdings:
    """What the key store holds. `oldest` and `newest` are when the first and the last key were drawn."""

    keys: int
    destroyed: int
    masters: list[Master]
    oldest: datetime.datetime | None
    newest: datetime.datetime | None


@dataclasses.dataclass
class Fit:
    """Of the rows of a table that have a key: how many keys are there, were destroyed, or are lost."""

    table: str
    present: int = 0
    destroyed: int = 0
    lost: int = 0


def holdings(store: KeyStore) -> Holdings:
    """Count what the key store holds."""
    ask = store.file.connection.execute
    keys, first, last = ask("SELECT count(*), min(id), max(id) FROM data_key").fetchone()
    wrapped = dict(ask("SELECT master, count(*) FROM data_key GROUP BY master").fetchall())
    masters = [
        Master(version, mark, _moment(made_at), wrapped.get(version, 0))
        for version, mark, made_at in ask("SELECT version, fingerprint, made_at FROM master ORDER BY version")
    ]
    return Holdings(
        keys=keys,
        destroyed=ask("SELECT count(*) FROM destroyed_key").fetchone()[0],
        masters=masters,
        oldest=_moment(drawn_at(uuid.UUID(bytes=first))) if first else None,
        newest=_moment(drawn_at(uuid.UUID(bytes=last))) if last else None,
    )


def fit(store: KeyStore, owner: psycopg.Connection[Any], *, tell: Callable[[int, int], None]) -> list[Fit]:
    """Look up the key of every row of every table. `owner` is the database owner's connection, outside a transaction.

    `tell` gets rows done, and rows in all by PostgreSQL's estimate.
    """
    found, done = [], 0
    with owner.transaction():
        tables = owner.execute(
            "SELECT n.nspname, c.relname, greatest(c.reltuples, 0)::bigint FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE a.attname = 'key_id' AND a.atttypid = 'uuid'::regtype AND c.relkind = 'r' ORDER BY 1, 2"
        ).fetchall()
        total = sum(rows for _, _, rows in tables)
        for schema, name, _ in tables:
            table = Fit(name if schema == "public" else f"{schema}.{name}")
            with owner.cursor("keys_of_rows") as cursor:
                cursor.execute(sql.SQL("SELECT key_id FROM {} WHERE key_id IS NOT NULL").format(sql.Identifier(schema, name)))
                while rows := cursor.fetchmany(_AT_ONCE):
                    _count(store, table, [key_id for (key_id,) in rows])
                    done += len(rows)
                    tell(min(done, total), total)
            found.append(table)
    return found


def _count(store: KeyStore, table: Fit, keys: list[uuid.UUID]) -> None:
    present = store.present(keys)
    missing = [key_id for key_id in keys if key_id not in present]
    destroyed = store.destroyed(missing)
    table.present += len(keys) - len(missing)
    gone = sum(key_id in destroyed for key_id in missing)
    table.destroyed += gone
    table.lost += len(missing) - gone


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
