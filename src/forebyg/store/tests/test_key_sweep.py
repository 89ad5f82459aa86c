"""Orphans are swept, and never a key that a row, an open transaction or another process's drawn-ahead batch still needs."""

from __future__ import annotations

import concurrent.futures
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction
from tests.database import clone, database_of_this_process, superuser

from forebyg.access.tests.rows import refused, session_of
from forebyg.core.ids import new_id
from forebyg.store import destroyed_keys, key_sweep, keys
from forebyg.store.destroyed_keys import agree, destroy_keys
from forebyg.store.key_report import Fit, fit, holdings
from forebyg.store.key_sweep import SHORTEST_AGE, SweepRefused, Swept, sweep
from forebyg.store.keys import BATCH, KeyStore
from forebyg.store.roles import OWNER, WEB, WORKER

A_DAY_AND_A_BIT = SHORTEST_AGE + 3600

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> str:
    """A database of its own, truly committed to, with two tables whose rows have keys."""
    name = f"{database_of_this_process()}_keys"
    clone(name)
    with superuser(name) as connection:
        connection.execute("SET SESSION AUTHORIZATION forebyg_owner")
        connection.execute("CREATE TABLE probe (key_id uuid)")
        connection.execute("CREATE TABLE store.another_probe (key_id uuid)")
    return name


@pytest.fixture
def sign_in(database: str) -> Iterator[Callable[[str], Connection]]:
    """Connections to that database as a role; all that was put into its tables is removed afterwards."""
    opened: list[Connection] = []

    def connect(role: str) -> Connection:
        opened.append(superuser(database))
        opened[-1].execute(f"SET SESSION AUTHORIZATION {role}")
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()
    with superuser(database) as connection:
        connection.execute("TRUNCATE probe, store.another_probe, store_destroyed_key")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the wall clock of this process, for keys and for the sweep, go forward by seconds."""
    passed, clock = 0.0, time.time

    def go(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(key_sweep.time, "time", lambda: clock() + passed)
    monkeypatch.setattr(keys, "new_id", lambda: uuid.UUID(int=new_id().int + (int(passed * 1000) << 80)))
    return go


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyStore:
    monkeypatch.delenv("FOREBYG_MASTER_KEY_FILE", raising=False)
    return KeyStore(tmp_path)


def _use(connection: Connection, store: KeyStore, table: str = "probe") -> uuid.UUID:
    """A new row with a key."""
    key_id, _ = store.draw()
    connection.execute(f"INSERT INTO {table} VALUES (%s)", [key_id])
    return key_id


def test_what_no_row_uses_goes_and_what_rows_use_stays(
    store: KeyStore, sign_in: Callable[[str], Connection], later: Callable[[float], None]
) -> None:
    owner = sign_in(OWNER)
    used = {_use(owner, store), _use(owner, store, "store.another_probe")}
    later(A_DAY_AND_A_BIT)
    fresh = _use(owner, store)
    told: list[tuple[int, int]] = []
    assert sweep(store, sign_in(OWNER), older_than=SHORTEST_AGE, tell=lambda done, total: told.append((done, total))) == Swept(
        BATCH, BATCH - 2
    )
    assert told == [(BATCH, BATCH)]
    assert store.read([*used, fresh]).keys() == used | {fresh}
    assert holdings(store).keys == 2 + BATCH, "what was drawn ahead a moment ago stays"
    assert sweep(store, sign_in(OWNER), older_than=SHORTEST_AGE) == Swept(2, 0)


def test_several_ranges_are_each_looked_at(
    store: KeyStore, sign_in: Callable[[str], Connection], later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sweep, "AT_ONCE", 50)
    owner = sign_in(OWNER)
    used = {_use(owner, store) for _ in range(BATCH + 10)}
    later(A_DAY_AND_A_BIT)
    used.add(_use(owner, store))
    assert sweep(store, sign_in(OWNER), older_than=SHORTEST_AGE) == Swept(2 * BATCH, BATCH - 10)
    assert store.read(used).keys() == used


def test_an_open_transaction_is_waited_for(
    store: KeyStore, sign_in: Callable[[str], Connection], later: Callable[[float], None]
) -> None:
    writer, sweeper = sign_in(OWNER), sign_in(OWNER)
    with writer.transaction():
        kept = _use(writer, store)
        later(A_DAY_AND_A_BIT)
        _use(sign_in(OWNER), store)
        with pytest.raises(SweepRefused, match="åben"):
            sweep(store, sweeper, older_than=SHORTEST_AGE, patience=0)
        assert kept in store.read([kept])
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            sweeping = pool.submit(sweep, store, sweeper, older_than=SHORTEST_AGE)
            with pytest.raises(concurrent.futures.TimeoutError):
                sweeping.result(0.5)
            writer.execute("COMMIT")
            assert sweeping.result(30).destroyed == BATCH - 1
        writer.execute("BEGIN")
    assert kept in store.read([kept])


@pytest.mark.parametrize("is_committed", [True, False])
def test_writers_that_end_while_it_sweeps_lose_no_key(
    store: KeyStore, sign_in: Callable[[str], Connection], later: Callable[[float], None], is_committed: bool
) -> None:
    """Eight writers hold rows in open transactions for over a day; then each ends, and writes on, at a moment of its own."""
    seed = random.Random(20161123 + is_committed)
    long_open, go, committed = threading.Barrier(9), threading.Barrier(9), set[uuid.UUID]()
    rolled_back = set[uuid.UUID]()

    def write(connection: Connection, pauses: list[float]) -> None:
        mine = KeyStore(store.file.folder)
        connection.execute("BEGIN")
        early = {_use(connection, mine) for _ in range(20)}
        long_open.wait(30)
        go.wait(30)
        time.sleep(pauses[0])
        connection.execute("COMMIT" if is_committed else "ROLLBACK")
        (committed if is_committed else rolled_back).update(early)
        for pause in pauses[1:]:
            time.sleep(pause)
            committed.add(_use(connection, mine))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, sign_in(OWNER), [seed.uniform(0, 0.1) for _ in range(20)]) for _ in range(8)]
        long_open.wait(30)
        later(A_DAY_AND_A_BIT)
        committed.add(_use(sign_in(OWNER), store))
        go.wait(30)
        swept = sweep(store, sign_in(OWNER), older_than=SHORTEST_AGE)
        for writer in writers:
            writer.result(30)
    assert swept.destroyed == swept.looked_at - (160 if is_committed else 0)
    assert store.read(committed).keys() == committed
    assert store.read(rolled_back) == {}


@pytest.mark.parametrize("wrong", ["empty", "older copy"])
def test_a_database_that_does_not_belong_to_the_key_store_has_no_say(
    store: KeyStore, sign_in: Callable[[str], Connection], later: Callable[[float], None], wrong: str
) -> None:
    kept = store.draw()[0] if wrong == "empty" else _use(sign_in(OWNER), store)
    later(2 * A_DAY_AND_A_BIT)
    store.draw()
    with pytest.raises(SweepRefused, match="ingen af de nyeste"):
        sweep(store, sign_in(OWNER), older_than=SHORTEST_AGE)
    assert kept in store.read([kept])


def test_nothing_younger_than_the_shortest_age_is_asked_for(store: KeyStore, sign_in: Callable[[str], Connection]) -> None:
    with pytest.raises(SweepRefused, match="24 timer"):
        sweep(store, sign_in(OWNER), older_than=SHORTEST_AGE - 1)
    assert sweep(store, sign_in(OWNER)) == Swept(0, 0)


def test_who_serves_pages_neither_asks_which_keys_are_used_nor_has_any_destroyed(sign_in: Callable[[str], Connection]) -> None:
    for statement in ("SELECT store.keys_used_between(%s, %s)", "SELECT store.note_destroyed_keys(ARRAY[%s, %s]::uuid[])"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sign_in(WEB).execute(statement, [uuid.uuid4(), uuid.uuid4()])


def test_the_report_tells_destroyed_from_lost(store: KeyStore, sign_in: Callable[[str], Connection]) -> None:
    owner = sign_in(OWNER)
    _, gone = _use(owner, store), _use(owner, store)
    owner.execute("INSERT INTO probe VALUES (%s), (NULL)", [uuid.uuid4()])
    store.destroy([gone])
    found = {table.table: table for table in fit(store, owner, tell=lambda done, total: None)}
    assert found["probe"] == Fit("probe", present=1, destroyed=1, lost=1)
    assert found["store.another_probe"] == Fit("store.another_probe")
    assert "cases_item" in found
    held = holdings(store)
    assert (held.keys, held.destroyed, [(one.version, one.keys) for one in held.masters]) == (BATCH - 1, 1, [(1, BATCH - 1)])
    assert held.oldest is not None
    assert held.newest is not None
    assert held.oldest <= held.newest


def test_database_and_key_store_come_to_agree_on_what_was_destroyed(
    store: KeyStore, sign_in: Callable[[str], Connection]
) -> None:
    owner = sign_in(OWNER)
    (by_store, _), (by_database, _), (kept, _) = store.draw(), store.draw(), store.draw()
    store.destroy([by_store])
    owner.execute("SELECT store.note_destroyed_keys(%s)", [[by_database]])
    assert agree(store, owner) == 1
    assert store.read([by_store, by_database, kept]).keys() == {kept}
    noted = {key_id for (key_id,) in owner.execute("SELECT id FROM store_destroyed_key")}
    assert noted == store.destroyed([by_store, by_database, kept]) == {by_store, by_database}
    assert agree(store, owner) == 0


@pytest.mark.req("B-042", part="a key is destroyed with the decision: not before, and not without it")
def test_a_key_is_destroyed_when_the_transaction_that_decides_it_is_committed(
    store: KeyStore, db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    monkeypatch.setattr(destroyed_keys, "key_store", lambda: store)
    (first, _), (second, _) = store.draw(), store.draw()
    with session_of(WEB), refused():
        destroy_keys([first])
    with session_of(WORKER), django_capture_on_commit_callbacks(execute=True):
        destroy_keys([first])
        assert first in store.read([first])
    assert store.read([first, second]).keys() == {second}
    with session_of(WORKER), django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        destroy_keys([second])
        transaction.set_rollback(True)
    assert second in store.read([second])


def test_a_key_is_not_destroyed_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        destroy_keys([uuid.uuid4()])
