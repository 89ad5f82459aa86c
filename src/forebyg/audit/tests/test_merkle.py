"""The tree against the known vectors of Certificate Transparency and against a second, naive implementation."""

from __future__ import annotations

import hashlib
import random

import pytest

from forebyg.audit import merkle

# The entries, roots and proofs that the implementations of RFC 6962 are tested with (the tree is the same in RFC 9162).
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LARGEST = 40


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def hashes(number: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(number)]


def nodes_of(leaves: list[bytes]) -> merkle.NodeAt:
    """The complete nodes, as a growing tree hands them out."""
    nodes = {(0, position): leaf for position, leaf in enumerate(leaves)}
    tree = merkle.GrowingTree()
    for leaf in leaves:
        nodes |= {(level, index): whole for level, index, whole in tree.add(leaf)}
    return lambda level, index: nodes[level, index]


def test_the_roots_of_the_known_entries() -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    assert [merkle.root_of(leaves[:size]).hex() for size in range(1, 9)] == ROOTS
    assert merkle.root_of([]) == merkle.EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("position", "size"), INCLUSION)
def test_the_known_proofs_of_inclusion(position: int, size: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    path = merkle.inclusion_proof(position, size, nodes_of(leaves))
    assert [part.hex() for part in path] == INCLUSION[position, size]


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_the_known_proofs_of_consistency(first: int, second: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    proof = merkle.consistency_proof(first, second, nodes_of(leaves))
    assert [part.hex() for part in proof] == CONSISTENCY[first, second]


def test_every_root_is_that_of_the_naive_tree() -> None:
    leaves = hashes(LARGEST)
    for size in range(LARGEST + 1):
        assert merkle.root_of(leaves[:size]) == naive_root(leaves[:size])


def test_a_tree_grows_on_from_its_edge() -> None:
    leaves = hashes(LARGEST)
    node_at = nodes_of(leaves)
    for size in range(LARGEST):
        tree = merkle.GrowingTree(size, [node_at(level, index) for level, index in merkle.edge_of(size)])
        assert tree.root() == naive_root(leaves[:size])
        for leaf in leaves[size:]:
            list(tree.add(leaf))
        assert (tree.size, tree.root()) == (LARGEST, naive_root(leaves))


def test_an_edge_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="3 leaves has 2 nodes"):
        merkle.GrowingTree(3, [merkle.EMPTY_ROOT])


def test_every_leaf_of_every_tree_is_proved_and_at_no_other_place() -> None:
    leaves = hashes(LARGEST)
    node_at = nodes_of(leaves)
    for size in range(1, LARGEST + 1):
        root = naive_root(leaves[:size])
        for position in range(size):
            path = merkle.inclusion_proof(position, size, node_at)
            assert merkle.is_included(leaves[position], position, size, path, root)
            assert not merkle.is_included(leaves[(position + 1) % LARGEST], position, size, path, root)
            if size > 1:
                assert not merkle.is_included(leaves[position], (position + 1) % size, size, path, root)
                assert not merkle.is_included(leaves[position], position, size, path[:-1], root)
            assert not merkle.is_included(leaves[position], position, size, [*path, root], root)


def test_every_tree_is_proved_to_begin_every_later_one() -> None:
    leaves = hashes(LARGEST)
    node_at = nodes_of(leaves)
    roots = [naive_root(leaves[:size]) for size in range(LARGEST + 1)]
    other = merkle.leaf_hash(b"rewritten")
    for second in range(1, LARGEST + 1):
        for first in range(1, second + 1):
            proof = merkle.consistency_proof(first, second, node_at)
            assert merkle.is_consistent(first, second, roots[first], roots[second], proof)
            rewritten = naive_root([other, *leaves[1:second]])
            assert not merkle.is_consistent(first, second, roots[first], rewritten, proof)
            assert not merkle.is_consistent(first, second, other, roots[second], proof)
            assert not merkle.is_consistent(first, second, roots[first], roots[second], [*proof, other])
            if proof:
                assert not merkle.is_consistent(first, second, roots[first], roots[second], proof[:-1])


def test_a_proof_with_any_bit_turned_shows_nothing() -> None:
    leaves = hashes(LARGEST)
    node_at, chance = nodes_of(leaves), random.Random(9162)
    root = naive_root(leaves)
    for _ in range(500):
        position, first = chance.randrange(LARGEST), chance.randrange(1, LARGEST)
        path = merkle.inclusion_proof(position, LARGEST, node_at)
        assert not merkle.is_included(leaves[position], position, LARGEST, _turned(path, chance), root)
        proof = merkle.consistency_proof(first, LARGEST, node_at)
        assert not merkle.is_consistent(first, LARGEST, naive_root(leaves[:first]), root, _turned(proof, chance))


@pytest.mark.parametrize(("position", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_in_the_tree_has_no_proof(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="leaves has none at"):
        merkle.inclusion_proof(position, size, nodes_of(hashes(3)))
    assert not merkle.is_included(hashes(3)[0], position, size, [], hashes(3)[0])


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3)])
def test_a_tree_that_is_not_the_beginning_has_no_proof(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="does not begin with"):
        merkle.consistency_proof(first, second, nodes_of(hashes(3)))
    assert not merkle.is_consistent(first, second, merkle.EMPTY_ROOT, naive_root(hashes(3)), [])


def _turned(proof: list[bytes], chance: random.Random) -> list[bytes]:
    """The proof with one bit turned."""
    place = chance.randrange(len(proof))
    bits = int.from_bytes(proof[place]) ^ 1 << chance.randrange(256)
    return [*proof[:place], bits.to_bytes(32), *proof[place + 1 :]]
