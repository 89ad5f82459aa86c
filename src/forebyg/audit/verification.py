"""Verifying a ledger: are the events the ones that were sealed, all of them, in that order, under the heads that were signed?

Pure: it reads a `Ledger`, whether that lies in PostgreSQL (`stored.py`) or in memory. What it can't tell without a head that was
kept elsewhere stands in docs/ledger.md.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from forebyg.audit.entries import Entry
from forebyg.audit.heads import SignedHead
from forebyg.audit.merkle import GrowingTree

MOST_LISTED = 1_000
"""Findings listed one by one; all are counted."""


class Kind(enum.StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    REORDERED = "reordered"
    TREE = "tree"  # leaves, inner nodes or heads don't fit each other
    SIGNATURE = "signature"
    REWRITTEN = "rewritten"  # all fits, but not the head that was kept elsewhere


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: at which leaf (the first and the last one, where it can't be told more closely), which event."""

    kind: Kind
    first: int | None = None
    last: int | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class Leaf:
    """A leaf as it is stored, and the event that it names, if that is there."""

    position: int
    event_id: str
    hash: bytes
    nodes: Sequence[bytes]
    entry: Entry | None


@dataclass(frozen=True)
class Outside:
    """An event that no leaf names. `place` is as an entry's; `is_waiting`: the sealer has yet to come to that place."""

    event_id: str
    cluster: int
    place: tuple[int, str]
    is_waiting: bool


class Ledger(Protocol):
    """What is verified. Every part is read once, in the order of these methods."""

    def heads(self) -> Iterable[SignedHead]:
        """All heads, the smallest first."""
        ...

    def leaves(self) -> Iterable[Leaf]:
        """All leaves by position."""
        ...

    def outside(self) -> Iterable[Outside]:
        """All events that no leaf names."""
        ...

    def positions_of(self, hashes: Sequence[bytes]) -> dict[bytes, int]:
        """At which leaf each of these hashes stands."""
        ...


@dataclass
class Report:
    """What was found. `unsealed` events wait for their seal: nothing can be said about them yet."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[Kind] = field(default_factory=Counter)
    sealed: int = 0
    unsealed: int = 0
    heads: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.counts

    def add(self, finding: Finding) -> None:
        """Count a finding, and list it unless there are very many."""
        self.counts[finding.kind] += 1
        if len(self.findings) < MOST_LISTED:
            self.findings.append(finding)


def verify(
    ledger: Ledger,
    *,
    keys: Sequence[Ed25519PublicKey],
    kept: Iterable[SignedHead] = (),
    advance: Callable[[int], None] = lambda leaves: None,
) -> Report:
    """Verify all of it. `kept` are heads that were kept elsewhere; `advance` is told how many leaves were read."""
    return _Verification(ledger, keys, sorted(kept, key=lambda signed: signed.head.size), advance).run()


class _Heads:
    """Heads met while the tree grows. Only the first that does not fit is told, with where the last fitting one ended."""

    def __init__(self, heads: Iterable[SignedHead], kind: Kind) -> None:
        self._rest = iter(heads)
        self._next = next(self._rest, None)
        self._kind = kind
        self._fitted = 0
        self._failed = False
        self.largest = 0

    def meet(self, tree: GrowingTree) -> Iterator[Finding]:
        """Compare the heads of this size; a smaller one was of no size that the tree ever had."""
        while self._next is not None and self._next.head.size <= tree.size:
            if self._next.head.size == tree.size and self._next.head.root == tree.root():
                self._fitted = tree.size
            elif not self._failed:
                self._failed = True
                yield Finding(self._kind, self._fitted, tree.size - 1)
            self._step()

    def end(self, size: int) -> Iterator[Finding]:
        """After the last leaf: heads that tell of more leaves than there are."""
        while self._next is not None:
            if not self._failed:
                self._failed = True
                yield Finding(Kind.REMOVED, size, self._next.head.size - 1)
            self._step()

    def _step(self) -> None:
        if self._next is not None:
            self.largest = self._next.head.size
        self._next = next(self._rest, None)


class _Verification:
    def __init__(
        self, ledger: Ledger, keys: Sequence[Ed25519PublicKey], kept: list[SignedHead], advance: Callable[[int], None]
    ) -> None:
        self._ledger = ledger
        self._keys = keys
        self._kept_heads = kept
        self._advance = advance
        self._report = Report()
        self._tree = GrowingTree()
        self._is_whole = True
        self._altered = -1
        self._last_place: dict[int, tuple[int, str]] = {}
        self._unlike: list[tuple[Leaf, Entry]] = []

    def run(self) -> Report:
        own = _Heads(self._counted(self._ledger.heads()), Kind.TREE)
        kept = _Heads(self._signed(self._kept_heads), Kind.REWRITTEN)
        for leaf in self._ledger.leaves():
            self._leaf(leaf)
            self._add(own.meet(self._tree))
            self._add(kept.meet(self._tree))
            self._advance(1)
        self._add(own.end(self._tree.size))
        self._add(kept.end(self._tree.size))
        if self._tree.size > own.largest:
            self._report.add(Finding(Kind.TREE, own.largest, self._tree.size - 1))
        self._name_unlike()
        for outside in self._ledger.outside():
            self._outside(outside)
        return self._report

    def _add(self, findings: Iterator[Finding]) -> None:
        for finding in findings:
            self._report.add(finding)

    def _counted(self, heads: Iterable[SignedHead]) -> Iterator[SignedHead]:
        for signed in self._signed(heads):
            self._report.heads += 1
            yield signed

    def _signed(self, heads: Iterable[SignedHead]) -> Iterator[SignedHead]:
        for signed in heads:
            if not any(signed.is_signed_by(key) for key in self._keys):
                self._report.add(Finding(Kind.SIGNATURE, None, signed.head.size - 1))
            yield signed

    def _leaf(self, leaf: Leaf) -> None:
        if leaf.position != self._tree.size and self._is_whole:
            # What comes after a gap has no place in the tree; the events are compared all the same.
            self._is_whole = False
            self._report.add(Finding(Kind.REMOVED, self._tree.size, leaf.position - 1))
        if self._is_whole:
            self._grow(leaf)
        self._report.sealed += 1
        if leaf.entry is None:
            self._report.add(Finding(Kind.REMOVED, leaf.position, leaf.position, leaf.event_id))
        elif leaf.entry.leaf != leaf.hash:
            self._unlike.append((leaf, leaf.entry))
            if len(self._unlike) == MOST_LISTED:
                self._name_unlike()
        else:
            self._in_order(leaf, leaf.entry)

    def _grow(self, leaf: Leaf) -> None:
        """Compare the nodes that the leaf completes. A node above one that was told of says nothing new."""
        grown = [whole for _, _, whole in self._tree.add(leaf.hash)]
        stored = [bytes(node) for node in leaf.nodes]
        if len(stored) != len(grown):
            self._altered = leaf.position
            self._report.add(Finding(Kind.TREE, leaf.position, leaf.position, leaf.event_id))
            return
        for level, (whole, node) in enumerate(zip(grown, stored, strict=True), 1):
            first = leaf.position + 1 - (1 << level)
            if whole != node and self._altered < first:
                self._altered = leaf.position
                self._report.add(Finding(Kind.TREE, first, leaf.position))

    def _in_order(self, leaf: Leaf, entry: Entry) -> None:
        before = self._last_place.get(entry.cluster)
        if before is not None and entry.place <= before:
            self._report.add(Finding(Kind.REORDERED, leaf.position, leaf.position, leaf.event_id))
        else:
            self._last_place[entry.cluster] = entry.place

    def _name_unlike(self) -> None:
        """An event that is unlike its leaf was changed, or it is the one of another leaf."""
        elsewhere = self._ledger.positions_of([entry.leaf for _, entry in self._unlike]) if self._unlike else {}
        for leaf, entry in self._unlike:
            kind = Kind.REORDERED if entry.leaf in elsewhere else Kind.CHANGED
            self._report.add(Finding(kind, leaf.position, leaf.position, leaf.event_id))
        self._unlike.clear()

    def _outside(self, outside: Outside) -> None:
        last = self._last_place.get(outside.cluster)
        if not outside.is_waiting or (last is not None and outside.place <= last):
            self._report.add(Finding(Kind.ADDED, event_id=outside.event_id))
        else:
            self._report.unsealed += 1
