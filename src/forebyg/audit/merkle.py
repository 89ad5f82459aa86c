"""The Merkle tree of RFC 9162, section 2.1, over SHA-256. Pure: no database, no Django.

A tree of size n has leaves 0 … n-1. A *complete node* (level, index) covers the leaves index·2^level … (index+1)·2^level - 1 and
never changes again once they are all there; every root and every proof is made of complete nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]
"""The hash of the complete node at (level, index); level 0 are the leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """A tree to which leaves are added; it holds the complete nodes of its right edge only (at most one a level)."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        """`edge`: the complete nodes named by `edge_of(size)`, in that order."""
        self.size = size
        self._edge = list(edge)
        if len(self._edge) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} nodes on its edge, not {len(self._edge)}")

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf's hash; yields each node (level ≥ 1, index, hash) that it completes. Exhaust it before the next."""
        level, index, whole = 0, self.size, leaf
        while index & 1:
            whole = node_hash(self._edge.pop(), whole)
            level, index = level + 1, index >> 1
            yield level, index, whole
        self._edge.append(whole)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        if not self._edge:
            return EMPTY_ROOT
        whole = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            whole = node_hash(left, whole)
        return whole


def edge_of(size: int) -> list[tuple[int, int]]:
    """The complete nodes (level, index) of the right edge of a tree, the largest first."""
    return [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree of these leaf hashes."""
    tree = GrowingTree()
    for leaf in leaves:
        for _ in tree.add(leaf):
            pass
    return tree.root()


def inclusion_proof(position: int, size: int, node_at: NodeAt) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1: the hashes that lead from the leaf at `position` to the root of the tree of `size` leaves."""
    if not 0 <= position < size:
        raise ValueError(f"a tree of {size} leaves has none at {position}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if position < middle:
            path.append(_hash_of(middle, end, node_at))
            end = middle
        else:
            path.append(_hash_of(begin, middle, node_at))
            begin = middle
    return path[::-1]


def consistency_proof(first: int, second: int, node_at: NodeAt) -> list[bytes]:
    """PROOF of RFC 9162, 2.1.4.1: the hashes that show the tree of `first` leaves to be the beginning of that of `second`."""
    if not 0 < first <= second:
        raise ValueError(f"a tree of {second} leaves does not begin with one of {first}")
    proof: list[bytes] = []
    begin, end, is_root_of_first = 0, second, True
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            proof.append(_hash_of(middle, end, node_at))
            end = middle
        else:
            proof.append(_hash_of(begin, middle, node_at))
            begin, is_root_of_first = middle, False
    if not is_root_of_first:
        proof.append(_hash_of(begin, end, node_at))
    return proof[::-1]


def is_included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf's hash at `position` to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    here, last, whole = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            whole = node_hash(sibling, whole)
            while not here & 1 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            whole = node_hash(whole, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and whole == root


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the first tree to be the beginning of the second (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    hashes = list(proof)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not here & 1 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (≥ 2)."""
    return 1 << (size - 1).bit_length() - 1


def _hash_of(begin: int, end: int, node_at: NodeAt) -> bytes:
    """The hash over the leaves begin … end-1, where `begin` is a multiple of a power of two not smaller than their number."""
    tree_edge = edge_of(end - begin)
    parts = [node_at(level, (begin >> level) + index) for level, index in tree_edge]
    return GrowingTree(end - begin, parts).root()
