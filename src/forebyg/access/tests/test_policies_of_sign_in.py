"""What signs a worker in belongs to that worker alone, asked of PostgreSQL in raw SQL as the web role."""

from __future__ import annotations

from collections.abc import Callable
from typing import LiteralString

import pytest
from psycopg import sql

from forebyg.access.models import Worker
from forebyg.access.tests.rows import count, refused, run
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db

Act = Callable[[Worker], Worker]

OWNER = {
    "access_factorsecret": "worker_id",
    "access_knownbrowser": "worker_id",
    "mfa_authenticator": "user_id",
    "usersessions_usersession": "user_id",
}
"""Each table, and the column that says whose the row is."""

_STATEMENTS: dict[str, LiteralString] = {
    "access_factorsecret": "INSERT INTO access_factorsecret (id, worker_id, secret, key_id)"
    " VALUES (gen_random_uuid(), %s, '\\x00', gen_random_uuid())",
    "access_knownbrowser": "INSERT INTO access_knownbrowser (id, worker_id, first_seen_at, last_seen_at)"
    " VALUES (gen_random_uuid(), %s, store.now(), store.now())",
    "mfa_authenticator": "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', store.now())",
    "usersessions_usersession": "INSERT INTO usersessions_usersession (user_id, created_at, ip, last_seen_at, user_agent, session_key, data)"
    " VALUES (%s, store.now(), '127.0.0.1', store.now(), '', 'x', '{}')",
}


def add(table: str, whose: Worker) -> int:
    """Write a row in the name of a worker."""
    return run(_STATEMENTS[table], whose.id)


def remove_all(table: str) -> int:
    """Try to delete every row; how many went."""
    return run(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


@pytest.mark.parametrize("table", OWNER)
def test_a_worker_adds_what_signs_in_oneself_and_nobody_else(cast: dict[str, Worker], act: Act, table: str) -> None:
    act(cast["vink"])
    with refused():
        add(table, cast["sof"])
    add(table, cast["vink"])
    assert count(table, **{OWNER[table]: cast["vink"].id}) == 1


@pytest.mark.parametrize("table", OWNER)
def test_nobody_sees_or_removes_what_signs_in_another(cast: dict[str, Worker], act: Act, table: str) -> None:
    act(cast["vink"])
    add(table, cast["vink"])
    act(cast["sof"])
    assert count(table) == 0
    if table != "access_knownbrowser":  # browsers are never removed
        assert remove_all(table) == 0
    act(cast["vink"])
    assert count(table) == 1


@pytest.mark.parametrize("table", ["access_factorsecret", "mfa_authenticator"])
def test_before_anyone_is_signed_in_a_factor_is_read_but_neither_added_nor_removed(
    cast: dict[str, Worker], act: Act, table: str
) -> None:
    act(cast["vink"])
    add(table, cast["vink"])
    act_as(None)
    assert count(table, **{OWNER[table]: cast["vink"].id}) == 1
    assert remove_all(table) == 0
    with refused():
        add(table, cast["vink"])
