"""A ledger in a database of its own, where transactions truly commit: sealing waits for that."""

from __future__ import annotations

import datetime
import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.database import clone_with_nothing_sealed, database_of_this_process, superuser

from forebyg.audit.entries import COLUMNS_AS_TEXT, Entry
from forebyg.audit.sealer import LARGEST_BATCH, Sealer
from forebyg.audit.stored import stored_ledger
from forebyg.audit.verification import Report, verify
from forebyg.core.ids import new_id
from forebyg.store.roles import OWNER, SEALER, WEB

PATIENCE = 60.0  # seconds; other test processes of this run have transactions open now and then
ADD_EVENT: LiteralString = (
    "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason)"
    " VALUES (%s, now(), %s, ARRAY[%s::uuid], '{}', '{\"step\": 2}', '\\x01')"
)


@dataclass
class Ground:
    """The database, the key, and what a test does there. Connections are closed at the end."""

    database: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    _connections: list[psycopg.Connection[Any]] = field(default_factory=list)

    def connect(self, role: str, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        """A session of a role."""
        host = os.environ["FOREBYG_DATABASE_HOST"]
        connection = psycopg.connect(host=host, user=role, dbname=self.database, autocommit=autocommit)
        self._connections.append(connection)
        return connection

    def write(self, number: int = 1) -> list[str]:
        """Committed events, a transaction each; their ids."""
        web = self.connect(WEB)
        return [self.write_over(web) for _ in range(number)]

    def write_over(self, connection: psycopg.Connection[Any]) -> str:
        """An event in the transaction of this connection; its id."""
        event_id = new_id()
        connection.execute(ADD_EVENT, [event_id, "case-read", uuid.uuid4()])
        return str(event_id)

    def sealer(self, key: Ed25519PrivateKey | None = None) -> Sealer:
        """A sealer over a session of its own."""
        return Sealer(self.connect(SEALER), key or self.key)

    def seal(self, sealer: Sealer | None = None, *, limit: int = LARGEST_BATCH) -> None:
        """Seal until nothing waits."""
        sealer, until = sealer or self.sealer(), time.monotonic() + PATIENCE
        while self.unsealed():
            assert time.monotonic() < until, "some transaction never ends"
            if not sealer.seal(limit=limit).sealed:
                time.sleep(0.005)

    def unsealed(self) -> int:
        """How many events wait for their seal."""
        return int(self.look("SELECT unsealed FROM audit_seal_state()")[0][0])

    def look(self, query: LiteralString, *arguments: object) -> list[tuple[Any, ...]]:
        """Rows, as the owner."""
        return self.owner.execute(query, arguments).fetchall()

    @property
    def owner(self) -> psycopg.Connection[Any]:
        """A session of the owner."""
        mine = [each for each in self._connections if not each.closed and each.info.user == OWNER]
        return mine[0] if mine else self.connect(OWNER)

    def entries(self) -> dict[str, Entry]:
        """All events by id."""
        found = map(Entry.of_row, self.look(f"SELECT {COLUMNS_AS_TEXT} FROM audit_event e"))
        return {entry.id: entry for entry in found}

    def leaves(self) -> list[str]:
        """The events' ids in the order in which they are sealed."""
        return [str(event) for (event,) in self.look("SELECT event_id FROM audit_leaf ORDER BY position")]

    def verify(self, **options: Any) -> Report:
        """Verify all of it with the test's key."""
        connection = self.connect(SEALER)
        with stored_ledger(connection) as ledger:
            return verify(ledger, **{"keys": [self.key.public_key()], **options})

    def close(self) -> None:
        """End all sessions."""
        for connection in self._connections:
            connection.close()


@pytest.fixture
def ground(django_db_setup: None) -> Iterator[Ground]:
    """See `Ground`."""
    ground = Ground(f"{database_of_this_process()}_ledger")
    clone_with_nothing_sealed(ground.database)
    try:
        yield ground
    finally:
        ground.close()
        with superuser() as connection:
            connection.execute(f'DROP DATABASE "{ground.database}" WITH (FORCE)')


def moment(text: str) -> datetime.datetime:
    """A moment in UTC as the ledger writes it."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
