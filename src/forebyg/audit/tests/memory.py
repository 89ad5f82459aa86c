"""A ledger in memory, with all that an owner of the database can do to it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forebyg.audit.entries import Entry
from forebyg.audit.heads import SignedHead, sign
from forebyg.audit.merkle import GrowingTree
from forebyg.audit.verification import Leaf, Outside

CLUSTER = 7_300_000_000_000_000_001
INSTALLATION = "01920000-0000-7000-8000-00000000000f"
MOMENT = "2026-11-23T10:00:00"


@dataclass
class StoredLeaf:
    """A row of the table of leaves."""

    event_id: str
    hash: bytes
    nodes: list[bytes]


@dataclass
class MemoryLedger:
    """Tables as lists: events by id, leaves by position, heads by size; and where the sealer goes on."""

    events: dict[str, Entry]
    rows: list[StoredLeaf]
    signed: list[SignedHead]
    until: tuple[int, str]
    next_xid: int

    def copy(self) -> MemoryLedger:
        """A copy that can be tampered with."""
        rows = [replace(leaf, nodes=list(leaf.nodes)) for leaf in self.rows]
        return replace(self, events=dict(self.events), rows=rows, signed=list(self.signed))

    def heads(self) -> list[SignedHead]:
        return self.signed

    def leaves(self) -> list[Leaf]:
        return [
            Leaf(position, leaf.event_id, leaf.hash, leaf.nodes, self.events.get(leaf.event_id))
            for position, leaf in enumerate(self.rows)
        ]

    def outside(self) -> list[Outside]:
        named = {leaf.event_id for leaf in self.rows}
        return [
            Outside(entry.id, entry.cluster, entry.place, self.until < entry.place < (self.next_xid, ""))
            for entry in self.events.values()
            if entry.id not in named
        ]

    def positions_of(self, hashes: Sequence[bytes]) -> dict[bytes, int]:
        return {leaf.hash: position for position, leaf in enumerate(self.rows) if leaf.hash in hashes}

    def seal(self, order: Sequence[str], sizes: Sequence[int], key: Ed25519PrivateKey) -> None:
        """Make leaves, nodes and heads anew for these events, as one who holds table, tree and key can."""
        tree, self.rows, self.signed = GrowingTree(), [], []
        for event_id in order:
            leaf = self.events[event_id].leaf
            self.rows.append(StoredLeaf(event_id, leaf, [whole for _, _, whole in tree.add(leaf)]))
            if tree.size in sizes:
                self.signed.append(sign(tree.size, tree.root(), at=MOMENT, installation=INSTALLATION, key=key))
        self.until = self.events[order[-1]].place[0], "z"  # the whole transaction


def event(xid: int, chance: random.Random) -> Entry:
    """An invented event of a transaction."""
    new = str(uuid.UUID(int=chance.getrandbits(128)))
    columns = {
        "id": new,
        "at": MOMENT,
        "worker_id": str(uuid.UUID(int=chance.getrandbits(128))),
        "agency_id": str(uuid.UUID(int=chance.getrandbits(128))),
        "action": chance.choice(("case-read", "item-added", "disclosed")),
        "matter_ids": "{" + str(uuid.UUID(int=chance.getrandbits(128))) + "}",
        "record_ids": "{}",
        "codes": '{"step": 2}',
        "reason": chance.randbytes(8).hex(),
        "key_id": None,
        "cluster": str(CLUSTER),
        "xid": str(xid),
        "written_at": MOMENT,
    }
    return Entry(columns)


def sound_ledger(key: Ed25519PrivateKey, chance: random.Random, *, sealed: int, unsealed: int) -> MemoryLedger:
    """A ledger as the sealer leaves it, with a head after each third of it, and some events that wait for their seal."""
    entries = sorted((event(1_000 + number // 2, chance) for number in range(sealed + unsealed)), key=lambda each: each.place)
    ledger = MemoryLedger({each.id: each for each in entries}, [], [], (0, ""), next_xid=10_000)
    ledger.seal([each.id for each in entries[:sealed]], [sealed // 3, 2 * sealed // 3, sealed], key)
    return ledger
