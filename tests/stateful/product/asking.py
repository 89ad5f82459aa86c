"""Requests and refusals, by SQL: what the law says of each is asked elsewhere."""

from __future__ import annotations

import uuid

from tests.stateful.oracle.facts import Person, Record
from tests.stateful.product.hands import Acting, Hands, hand, roots

from forebyg.access.tests.rows import insert, rows, run
from forebyg.core.errors import NotVisible
from forebyg.core.ids import new_id


@hand
def ask_by_sql(hands: Hands, acting: Acting, *, asked: str, about: list[Person]) -> None:
    _write(hands, acting, "sharing_informationrequest", roots(about), asked_id=hands.agency(asked))


@hand
def decline_by_sql(hands: Hands, acting: Acting, *, request: Record) -> None:
    named = {"request": request.root, "asker_id": hands.agency(request.owner)}
    [(about,)] = rows("SELECT coalesce((SELECT about FROM sharing_informationrequest WHERE root = %s), '{}')", request.root)
    _write(hands, acting, "sharing_requestanswer", about, kind="declined", **named)


@hand
def withdraw_by_sql(hands: Hands, acting: Acting, *, request: Record) -> None:
    withdrawn = (
        "UPDATE sharing_informationrequest SET outcome = 'withdrawn', ended_at = store.now() WHERE root = %s AND matter_id = %s"
    )
    if run(withdrawn, request.root, hands.matter(acting)) == 0:
        raise NotVisible


def _write(hands: Hands, acting: Acting, table: str, about: list[uuid.UUID], **values: object) -> None:
    worker, id = acting["worker"], new_id()
    whose = {"matter_id": hands.matter(acting), "owner_id": worker.agency_id, "author_id": worker.id, "readers": []}
    insert(table, id=id, root=id, version=1, is_current=True, about=about, **whose, **values)
