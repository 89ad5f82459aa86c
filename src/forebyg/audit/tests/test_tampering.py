"""An owner of the database tampers with real rows, triggers switched off; verification tells it every time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from forebyg.audit import tree
from forebyg.audit.entries import COLUMNS_AS_TEXT, Entry
from forebyg.audit.heads import SignedHead, sign
from forebyg.audit.merkle import GrowingTree
from forebyg.audit.stored import StoredLedger
from forebyg.audit.tests.conftest import Ground
from forebyg.audit.verification import Kind, Report, verify
from forebyg.store.roles import OWNER

pytestmark = pytest.mark.real_commits

SEALED, ROUNDS = 30, 15
Owner = psycopg.Connection[Any]

_OTHER_VALUES = {
    "at": "at + interval '1 microsecond'",
    "worker_id": "gen_random_uuid()",
    "agency_id": "gen_random_uuid()",
    "action": "action || ' '",
    "matter_ids": "matter_ids || gen_random_uuid()",
    "record_ids": "'[2:2]={01920000-0000-7000-8000-000000000001}'",
    "codes": "jsonb_set(codes, '{step}', '2.0')",
    "reason": "reason || '\\x00'",
    "key_id": "gen_random_uuid()",
    "cluster": "cluster + 1",
    "xid": "(xid::text::bigint + 1)::text::xid8",
    "written_at": "'infinity'",
}


def _edit(owner: Owner, target: str, chance: random.Random) -> None:
    column = chance.choice(sorted(_OTHER_VALUES))
    owner.execute(f"UPDATE audit_event SET {column} = {_OTHER_VALUES[column]} WHERE id = %s", [target])


def _delete(owner: Owner, target: str, chance: random.Random) -> None:
    owner.execute("DELETE FROM audit_event WHERE id = %s", [target])


def _insert(owner: Owner, target: str, chance: random.Random) -> None:
    owner.execute(
        "INSERT INTO audit_event SELECT (e).* FROM (SELECT jsonb_populate_record(t, jsonb_build_object('id', %s::text)) e"
        " FROM audit_event t WHERE t.id = %s) made",
        [str(uuid.UUID(int=chance.getrandbits(128))), target],
    )


def _swap(owner: Owner, target: str, chance: random.Random) -> None:
    """Two events change their ids."""
    other = chance.choice([event for event in _ids(owner) if event != target])
    spare = uuid.UUID(int=chance.getrandbits(128))
    for was, becomes in ((target, spare), (other, target), (spare, other)):
        owner.execute("UPDATE audit_event SET id = %s WHERE id = %s", [becomes, was])


def _rewrite(ground: Ground) -> Callable[[Owner, str, random.Random], None]:
    """Table, tree, heads and the sealer's place made anew, signed with the server's own key."""

    def rewrite(owner: Owner, target: str, chance: random.Random) -> None:
        chance.choice([_edit_an_action, _delete])(owner, target, chance)
        entries = [
            Entry.of_row(row)
            for row in owner.execute(
                f"SELECT {COLUMNS_AS_TEXT} FROM audit_event e JOIN audit_leaf l ON l.event_id = e.id ORDER BY l.position"
            )
        ]
        owner.execute("TRUNCATE audit_leaf, audit_head")
        growing = GrowingTree()
        tree.append(owner, growing, entries)
        signed = sign(
            growing.size,
            growing.root(),
            at="2026-11-23T10:00:00",
            installation=str(uuid.UUID(int=1)),
            key=ground.key,
        )
        tree.add_head(owner, signed)

    return rewrite


def _edit_an_action(owner: Owner, target: str, chance: random.Random) -> None:
    owner.execute("UPDATE audit_event SET action = 'other' WHERE id = %s", [target])


def _ids(owner: Owner) -> list[str]:
    return [str(event) for (event,) in owner.execute("SELECT event_id FROM audit_leaf ORDER BY position")]


@pytest.fixture
def owner(ground: Ground) -> Owner:
    """The owner of a sealed ledger with some events that wait, with every trigger switched off."""
    ground.write(SEALED)
    ground.seal(limit=12)
    ground.write(3)
    owner = ground.connect(OWNER)
    for table in ("audit_event", "audit_leaf", "audit_head"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.autocommit = False
    return owner


def _verify(ground: Ground, owner: Owner, *kept: SignedHead) -> Report:
    return verify(StoredLedger(owner), keys=[ground.key.public_key()], kept=kept)


@pytest.mark.req("R-217", part="what an owner of the database changes, removes, adds or rewrites is found")
def test_every_tampering_with_real_rows_is_found(ground: Ground, owner: Owner) -> None:
    chance = random.Random(3)
    kept = tree.newest_head(owner)
    assert kept is not None
    sealed = _ids(owner)
    ways = {"edit": _edit, "delete": _delete, "insert": _insert, "swap": _swap, "rewrite": _rewrite(ground)}
    assert _verify(ground, owner, kept).is_sound
    found = 0
    for way in ways:
        for _ in range(ROUNDS):
            with owner.transaction(force_rollback=True):
                ways[way](owner, chance.choice(sealed), chance)
                if way == "rewrite":
                    assert _verify(ground, owner).is_sound, "all of it was signed again with the server's key"
                    assert not _verify(ground, owner, kept).is_sound
                else:
                    report = _verify(ground, owner)
                    assert not report.is_sound, way
                    assert report.unsealed == 3
                found += 1
    assert found == ROUNDS * len(ways)
    assert _verify(ground, owner, kept).is_sound


@pytest.mark.parametrize("column", sorted(_OTHER_VALUES))
def test_a_change_of_any_column_is_found(ground: Ground, owner: Owner, column: str) -> None:
    (target, *_) = _ids(owner)
    owner.execute(f"UPDATE audit_event SET {column} = {_OTHER_VALUES[column]} WHERE id = %s", [target])
    (finding,) = _verify(ground, owner).findings
    assert (finding.kind, finding.first, finding.event_id) == (Kind.CHANGED, 0, target)


def test_every_column_of_the_table_counts(ground: Ground) -> None:
    names = ground.look("SELECT column_name FROM information_schema.columns WHERE table_name = 'audit_event'")
    assert {name for (name,) in names} == {*_OTHER_VALUES, "id"} == set(next(iter(_entries(ground))).columns)


def _entries(ground: Ground) -> list[Entry]:
    ground.write()
    return list(ground.entries().values())


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit_leaf SET hash = sha256('') WHERE position = 4", Kind.TREE),
        ("DELETE FROM audit_leaf WHERE position = 4", Kind.REMOVED),
        ("DELETE FROM audit_leaf WHERE position > 27", Kind.REMOVED),
        ("UPDATE audit_leaf SET nodes = nodes[1:0] WHERE position = 5", Kind.TREE),
        ("UPDATE audit_head SET root = sha256('')", Kind.SIGNATURE),
        ("DELETE FROM audit_head WHERE size = 30", Kind.TREE),
        ("UPDATE audit_sealed_until SET xid = '9000000000'", Kind.ADDED),
        ("UPDATE audit_head SET at = 'infinity' WHERE size = 30", Kind.SIGNATURE),
    ],
)
def test_a_tampering_with_the_tree_is_found(ground: Ground, owner: Owner, statement: str, kind: Kind) -> None:
    assert owner.execute(statement.encode()).rowcount > 0
    assert kind in _verify(ground, owner).counts


def test_how_sessions_are_set_changes_nothing_that_is_hashed(ground: Ground) -> None:
    ground.write(2)
    before = ground.entries()
    for setting in (
        "TimeZone = 'Asia/Tokyo'",
        "DateStyle = 'SQL, DMY'",
        "bytea_output = 'escape'",
        "IntervalStyle = 'iso_8601'",
    ):
        ground.owner.execute(f"SET {setting}".encode())
    assert ground.entries() == before
