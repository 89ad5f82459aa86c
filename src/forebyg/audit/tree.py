"""The ledger's tree as it lies in PostgreSQL: leaves, inner nodes and signed heads. Sessions of `forebyg_sealer` use it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, LiteralString

import psycopg

from forebyg.audit.entries import Entry
from forebyg.audit.heads import Head, SignedHead
from forebyg.audit.merkle import GrowingTree, edge_of
from forebyg.core.errors import ForebygError

Connection = psycopg.Connection[tuple[Any, ...]]

HEAD_COLUMNS: LiteralString = (
    "h.size, h.root, to_jsonb(h.at AT TIME ZONE 'UTC') #>> '{}', h.installation::text, h.key_id, h.signature"
)


class TreeAltered(ForebygError):
    """The tree in the database is not the one that was signed."""

    code = "ledger-tree-altered"

    def __init__(self) -> None:
        super().__init__(
            "Loggens træ er ikke det, der blev underskrevet. Kør: forebyg audit verify / "
            "The ledger's tree is not the one that was signed. Run that."
        )


def head_of_row(row: tuple[Any, ...]) -> SignedHead:
    """From a row of `HEAD_COLUMNS`."""
    size, root, at, installation, key_id, signature = row
    return SignedHead(Head(size, root, at, installation, key_id), signature)


def newest_head(connection: Connection) -> SignedHead | None:
    """The head of the whole tree, or None while nothing is sealed."""
    row = connection.execute(f"SELECT {HEAD_COLUMNS} FROM audit_head h ORDER BY h.size DESC LIMIT 1").fetchone()  # noqa: S608 - names of columns
    return None if row is None else head_of_row(row)


def node_at(connection: Connection, level: int, index: int) -> bytes:
    """The hash of a complete node; level 0 are the leaves. Raises `TreeAltered` when it is not there."""
    row = connection.execute(
        "SELECT CASE WHEN %(level)s = 0 THEN hash ELSE nodes[%(level)s] END FROM audit_leaf WHERE position = %(position)s",
        {"level": level, "position": ((index + 1) << level) - 1},
    ).fetchone()
    if row is None or row[0] is None:
        raise TreeAltered
    return bytes(row[0])


def growing_tree(connection: Connection) -> GrowingTree:
    """The tree, ready to grow. Raises `TreeAltered` when it is not the one of the newest head."""
    signed = newest_head(connection)
    (leaves,) = connection.execute("SELECT coalesce(max(position) + 1, 0) FROM audit_leaf").fetchone() or (0,)
    if signed is None:
        if leaves:
            raise TreeAltered
        return GrowingTree()
    size = signed.head.size
    tree = GrowingTree(size, [node_at(connection, level, index) for level, index in edge_of(size)])
    if leaves != size or tree.root() != signed.head.root:
        raise TreeAltered
    return tree


def append(connection: Connection, tree: GrowingTree, entries: Iterable[Entry]) -> None:
    """Add a leaf for each event, in this order."""
    with connection.cursor().copy("COPY audit_leaf (position, event_id, hash, nodes) FROM STDIN") as copy:
        for entry in entries:
            position = tree.size
            nodes = [whole for _, _, whole in tree.add(entry.leaf)]
            copy.write_row((position, uuid.UUID(entry.id), entry.leaf, nodes))


def add_head(connection: Connection, signed: SignedHead) -> None:
    """Keep a signed head."""
    head = signed.head
    connection.execute(
        "INSERT INTO audit_head (size, root, at, installation, key_id, signature)"
        " VALUES (%s, %s, %s::timestamp AT TIME ZONE 'UTC', %s, %s, %s)",
        [head.size, head.root, head.at, head.installation, head.key_id, signed.signature],
    )
