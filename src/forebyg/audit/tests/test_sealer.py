"""The sealer on real transactions: what is sealed, in which order, and what it waits for."""

from __future__ import annotations

import concurrent.futures
import random
import threading
import time

import psycopg
import pytest

from forebyg.audit import merkle, tree
from forebyg.audit.sealer import NumbersWentBack, Sealer
from forebyg.audit.tests.conftest import PATIENCE, Ground, moment
from forebyg.audit.tree import TreeAltered, newest_head
from forebyg.audit.verification import Finding, Kind
from forebyg.store.roles import OWNER, SEALER, WEB

pytestmark = pytest.mark.real_commits


@pytest.mark.req("R-217", part="events are sealed in order under a signed head")
def test_finished_events_are_sealed_in_order_under_a_signed_head(ground: Ground) -> None:
    written = ground.write(7)
    ground.seal()
    entries = ground.entries()
    assert ground.leaves() == sorted(written, key=lambda event: entries[event].place)
    signed = newest_head(ground.connect(SEALER))
    assert signed is not None
    assert signed.is_signed_by(ground.key.public_key())
    assert (signed.head.size, signed.head.root) == (7, merkle.root_of(entries[event].leaf for event in ground.leaves()))
    ((before,),) = ground.look("SELECT max(written_at) FROM audit_event")
    assert moment(signed.head.at) >= before
    assert ground.verify().is_sound


def test_with_nothing_to_seal_there_is_no_head_but_a_sign_of_life(ground: Ground) -> None:
    assert ground.sealer().seal().sealed == 0
    assert ground.look("SELECT count(*) FROM audit_head") == [(0,)]
    assert ground.look("SELECT was_there_at IS NOT NULL FROM audit_sealer") == [(True,)]
    assert ground.verify().is_sound


def test_a_round_is_bounded_and_the_next_goes_on(ground: Ground) -> None:
    ground.write(7)
    sealer = ground.sealer()
    ground.seal(sealer, limit=3)
    assert ground.look("SELECT max(size) FROM audit_head") == [(7,)]
    sizes = [size for (size,) in ground.look("SELECT size FROM audit_head ORDER BY size")]
    assert max(second - first for first, second in zip([0, *sizes], sizes, strict=False)) <= 3
    ground.write(2)
    ground.seal(sealer)
    report = ground.verify()
    assert (report.is_sound, report.sealed, report.heads) == (True, 9, ground.look("SELECT count(*) FROM audit_head")[0][0])


def test_the_sealer_waits_for_a_transaction_that_is_open_and_then_seals_in_order(ground: Ground) -> None:
    (first,) = ground.write()
    open_one = ground.connect(WEB, autocommit=False)
    held = ground.write_over(open_one)
    (later,) = ground.write()
    sealer = ground.sealer()
    _seal_until(ground, sealer, [first])
    assert ground.unsealed() == 1, "the one that is open can't be seen, the later one waits for it"
    open_one.commit()
    ground.seal(sealer)
    assert ground.leaves() == [first, held, later]
    assert ground.verify().is_sound


def test_what_was_rolled_back_leaves_nothing(ground: Ground) -> None:
    open_one = ground.connect(WEB, autocommit=False)
    ground.write_over(open_one)
    (later,) = ground.write()
    open_one.rollback()
    ground.seal()
    assert ground.leaves() == [later]
    assert ground.verify().is_sound


@pytest.mark.parametrize("setting", ["idle_in_transaction_session_timeout", "transaction_timeout"])
def test_a_transaction_that_the_web_role_holds_open_is_ended_and_sealing_goes_on(ground: Ground, setting: str) -> None:
    held = ground.connect(WEB)
    if setting == "transaction_timeout" and held.info.server_version < 170000:
        pytest.skip("PostgreSQL 17 and newer")
    assert held.execute("SELECT current_setting(%s)", [setting]).fetchone() == ("30s",)
    held.execute("SELECT set_config(%s, '100ms', false)", [setting])
    held.execute("BEGIN")
    lost = ground.write_over(held)
    (later,) = ground.write()
    _wait_until_ended(ground, held)
    with pytest.raises(psycopg.Error, match="timeout"):
        held.execute("COMMIT")
    ground.seal()
    assert ground.leaves() == [later]
    assert lost not in ground.entries()


@pytest.mark.req("R-217", part="any number of writers at once; roll-backs leave nothing; two sealers make one log")
def test_many_writers_and_two_sealers_make_one_tree(ground: Ground) -> None:
    written = threading.Event()
    until = time.monotonic() + PATIENCE

    def write(seed: int) -> list[str]:
        chance, kept = random.Random(seed), []
        web = ground.connect(WEB, autocommit=False)
        for _ in range(40):
            events = [ground.write_over(web) for _ in range(chance.randint(1, 3))]
            if chance.random() < 0.25:
                web.rollback()
            else:
                web.commit()
                kept += events
        return kept

    def seal(sealer: Sealer) -> int:
        sealed = 0
        while time.monotonic() < until:
            batch = sealer.seal(limit=20)
            sealed += batch.sealed
            if written.is_set() and not batch.sealed and not ground.unsealed():
                break
        return sealed

    sealers = [ground.sealer(), ground.sealer()]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sealing = [pool.submit(seal, sealer) for sealer in sealers]
        try:
            kept = [event for events in pool.map(write, range(6)) for event in events]
        finally:
            written.set()
        sealed = [each.result() for each in sealing]
    assert sorted(ground.leaves()) == sorted(kept) == sorted(ground.entries())
    assert sum(sealed) == len(kept)
    report = ground.verify()
    assert (report.is_sound, report.sealed, report.unsealed) == (True, len(kept), 0)


def test_a_second_sealer_waits_for_the_first(ground: Ground) -> None:
    ground.write()
    first = ground.connect(SEALER, autocommit=False)
    first.execute("UPDATE audit_sealer SET was_there_at = now()")
    second = ground.connect(SEALER)
    second.execute("SET lock_timeout = '50ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        Sealer(second, ground.key).seal()
    first.rollback()
    ground.seal(Sealer(second, ground.key))


def test_events_of_another_cluster_are_finished_whatever_their_numbers(ground: Ground) -> None:
    """A database restored into a new cluster: its transactions begin again at low numbers."""
    _write_as_cluster(ground, cluster=1, xid=9_000_000_000_000, number=3)
    own = ground.write(2)
    ground.seal()
    entries = ground.entries()
    assert [entries[event].cluster == 1 for event in ground.leaves()] == [True, True, True, False, False]
    _write_as_cluster(ground, cluster=1, xid=9_000_000_000_005, number=1)
    ground.seal()
    assert set(ground.leaves()) == set(entries) | set(ground.entries())
    assert set(own) < set(ground.leaves())
    assert ground.verify().is_sound


def test_in_a_cluster_older_than_the_database_nothing_is_sealed(ground: Ground) -> None:
    ground.write()
    ground.seal()
    ground.owner.execute("UPDATE audit_sealed_until SET xid = '9000000000000'")
    with pytest.raises(NumbersWentBack):
        ground.sealer().seal()


def test_an_event_put_in_beside_the_last_sealed_one_is_told_and_never_sealed(ground: Ground) -> None:
    ground.write(2)
    ground.seal()
    ground.owner.execute(
        "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason, xid)"
        " SELECT 'ffffffff-ffff-4fff-bfff-ffffffffffff', now(), 'case-read', '{}', '{}', '{}', '', max(xid) FROM audit_event"
    )
    ground.sealer().seal()
    assert ground.look("SELECT max(position) FROM audit_leaf") == [(1,)]
    assert ground.verify().findings == [Finding(Kind.ADDED, event_id="ffffffff-ffff-4fff-bfff-ffffffffffff")]


def test_nothing_is_sealed_on_a_tree_that_is_not_the_signed_one(ground: Ground) -> None:
    ground.write(3)
    ground.seal()
    ground.write(1)
    for damage in (
        "DELETE FROM audit_leaf WHERE position = 2",
        "UPDATE audit_head SET root = sha256('')",
        "UPDATE audit_leaf SET nodes = '{}'",
        "DELETE FROM audit_head",
    ):
        owner = ground.connect(OWNER, autocommit=False)
        owner.execute("ALTER TABLE audit_leaf DISABLE TRIGGER for_ever")
        owner.execute("ALTER TABLE audit_head DISABLE TRIGGER for_ever")
        owner.execute(damage)
        with pytest.raises(TreeAltered):
            tree.growing_tree(owner)
        owner.rollback()
    ground.seal()
    assert len(ground.leaves()) == 4


def _seal_until(ground: Ground, sealer: Sealer, expected: list[str]) -> None:
    until = time.monotonic() + PATIENCE
    while ground.leaves() != expected:
        assert time.monotonic() < until
        sealer.seal()


def _wait_until_ended(ground: Ground, session: psycopg.Connection[tuple[object, ...]]) -> None:
    until = time.monotonic() + PATIENCE
    while ground.look("SELECT FROM pg_stat_activity WHERE pid = %s", session.info.backend_pid):
        assert time.monotonic() < until
        time.sleep(0.01)


def _write_as_cluster(ground: Ground, *, cluster: int, xid: int, number: int) -> None:
    """Rows as a restore brings them: with the numbers of the cluster that wrote them."""
    ground.owner.execute(
        "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason, cluster, xid)"
        " SELECT gen_random_uuid(), now(), 'case-read', '{}', '{}', '{}', '', %s, (%s + n)::text::xid8"
        " FROM generate_series(1, %s) n",
        [cluster, xid, number],
    )
