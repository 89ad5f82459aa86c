"""Making a proof file for an event, from the tree in the database."""

from __future__ import annotations

import functools
import uuid

from forebyg.audit import tree
from forebyg.audit.entries import COLUMNS_AS_TEXT, Entry
from forebyg.audit.merkle import consistency_proof, inclusion_proof
from forebyg.audit.proof_files import Consistency, HeadFile, ProofFile
from forebyg.core.errors import ForebygError


class NothingToProve(ForebygError):
    """The event is not there, or not sealed yet; or the kept head is not of this ledger."""

    code = "ledger-nothing-to-prove"


def prove(connection: tree.Connection, event_id: uuid.UUID, *, kept: HeadFile | None = None) -> ProofFile:
    """The proof of an event in the tree of the newest head; with `kept` also that the tree begins with that head's.

    Raises `NothingToProve`, and `TreeAltered` when a node of the tree is missing.
    """
    row = connection.execute(
        f"SELECT l.position, {COLUMNS_AS_TEXT} FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id WHERE e.id = %s",  # noqa: S608 - names of columns
        [event_id],
    ).fetchone()
    if row is None:
        raise NothingToProve("Der er ingen hændelse med det id. / There is no event with that id.")
    position, *columns = row
    signed = tree.newest_head(connection)
    if position is None or signed is None or position >= signed.head.size:
        raise NothingToProve("Hændelsen er ikke plomberet endnu; prøv igen om lidt. / It is not sealed yet: try again shortly.")
    size, node_at = signed.head.size, functools.partial(tree.node_at, connection)
    consistency = None
    if kept is not None:
        if not 0 < kept.size <= size:
            raise NothingToProve(
                "Det gemte hoved er større end loggen. Kør: forebyg audit verify --against / "
                "The kept head is larger than the ledger. Run that."
            )
        way = consistency_proof(kept.size, size, node_at)
        consistency = Consistency(size=kept.size, path=tuple(part.hex() for part in way))
    return ProofFile.of(
        event=Entry.of_row(columns).canonical,
        position=position,
        path=inclusion_proof(position, size, node_at),
        head=signed,
        consistency=consistency,
    )
