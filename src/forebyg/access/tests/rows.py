"""Rows written by raw SQL, the way the application writes them, so that a test asks PostgreSQL alone."""

from __future__ import annotations

import contextlib
import functools
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import pytest
from conftest import as_owner
from django.apps import apps
from django.db import Error, connection, transaction
from psycopg import sql

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.cases.finding import as_kept
from forebyg.cases.tests.cast import SSP_115
from forebyg.core.ids import new_id
from forebyg.store.identity import act_as

RECORD_TABLES = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Record))
INSUFFICIENT_PRIVILEGE = "42501"  # also what a row-level policy says
SERIALIZATION_FAILURE = "40001"
FOREIGN_KEY_VIOLATION = "23503"

_FILLING = {
    "uuid": "gen_random_uuid()",
    "bytea": "'\\x00'",
    "timestamp with time zone": "store.now()",
    "date": "store.now()::date",
    "boolean": "false",
    "ARRAY": "'{}'",
    "jsonb": "'{}'",
    "smallint": "1",
    "integer": "1",
    "bigint": "1",
}
# What a constraint of the table asks for; the fixed words themselves are the application's to check.
_VALID: dict[str, dict[str, object]] = {
    "people_participant": {"is_subject": True},
    "cases_item": {"forum": "own"},
    "people_consent": {"kind": "share", "intervention": ""},
    "people_information": {"state": "told", "why": ""},
    "cases_qualification": {"kind": "level", "value": "1"},
    "cases_clock": {"rule": "re-offer"},
    "sharing_measuredecision": {
        "finding": json.dumps(as_kept(SSP_115, purpose="crime-prevention")),
        "provision": "rpl-115-2",
    },
    "sharing_parentcontact": {"finding": json.dumps(as_kept(SSP_115, purpose="crime-prevention"))},
    "sharing_letter": {"finding": json.dumps(as_kept(SSP_115, purpose="crime-prevention"))},
    "cases_disclosure": {"finding": json.dumps(as_kept(SSP_115, purpose="crime-prevention"))},
    "sharing_informationrequest": {"finding": json.dumps(as_kept(SSP_115, purpose="crime-prevention")), "outcome": ""},
    "sharing_requestanswer": {"kind": "declined"},
    "meetings_agendaitem": {"forum": "none"},
    "meetings_minutes": {"forum": "none"},
}


def rows(query: LiteralString | sql.Composed, *arguments: object) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()


def run(statement: LiteralString | sql.Composed, *arguments: object) -> int:
    """Execute a statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.rowcount


def count(table: str, **where: object) -> int:
    """How many rows of a table the session sees, with these values."""
    conditions = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in where]
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    if conditions:
        query += sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions)
    return int(rows(query, *where.values())[0][0])


def insert(table: str, **values: object) -> uuid.UUID:
    """Insert a row; columns that must be filled and aren't given get something of their type. Its id."""
    values = {"id": new_id(), **_VALID.get(table, {}), **values}
    if table == "cases_clock" and "due_at" not in values:
        values["due_at"] = rows("SELECT store.now() + interval '1 day'")[0][0]
    filling = {
        name: _FILLING.get(kind, "'x'")
        for name, kind, must in _columns(table)
        if must and name not in values and name not in ("xid", "written_at")
    }
    names = [*values, *filling]
    places = [sql.Placeholder()] * len(values) + [sql.SQL(text) for text in filling.values()]
    run(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join(places)
        ),
        *values.values(),
    )
    return uuid.UUID(str(values["id"]))


@functools.cache
def _columns(table: str) -> list[tuple[str, str, bool]]:
    found = rows(
        "SELECT attname, CASE WHEN typcategory = 'A' THEN 'ARRAY' ELSE format_type(atttypid, NULL) END,"
        "       attnotnull AND NOT atthasdef"
        "  FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        table,
    )
    return [(name, kind, must) for name, kind, must in found]


@contextlib.contextmanager
def refused(sqlstate: str = INSUFFICIENT_PRIVILEGE) -> Iterator[None]:
    """Expect PostgreSQL to refuse with this SQLSTATE; the transaction goes on."""
    with pytest.raises(Error) as caught, transaction.atomic():
        yield
    assert getattr(caught.value.__cause__, "sqlstate", None) == sqlstate, caught.value


@contextlib.contextmanager
def session_of(role: LiteralString) -> Iterator[None]:
    """Be another database role for a while."""
    run("SET SESSION AUTHORIZATION " + role)
    try:
        yield
    finally:
        run("SET SESSION AUTHORIZATION forebyg_web")


@dataclass(frozen=True)
class Scene:
    """A matter of VINK's with a son, a father and a daughter; SOF and the mentor corps admitted; DKS not.

    `whole`: VINK's worker and the social worker. `partial`: the son's mentor for the son, the daughter's for the daughter.
    """

    matter: uuid.UUID
    case: uuid.UUID
    son: uuid.UUID
    father: uuid.UUID
    daughter: uuid.UUID
    cast: dict[str, Worker]

    def act(self, key: str) -> Worker:
        """Let a worker of the cast act."""
        act_as(self.cast[key].id)
        return self.cast[key]

    def record(
        self, table: str = "cases_item", *, by: str = "vink", about: Sequence[uuid.UUID] | None = None, **values: object
    ) -> uuid.UUID:
        """A record of the matter, about the son if nothing else is said, written by the worker who acts from now on."""
        worker = self.act(by)
        given: dict[str, object] = {
            "matter_id": self.matter,
            "owner_id": worker.agency_id,
            "author_id": worker.id,
            "about": [self.son] if about is None else list(about),
            "readers": [],
            "version": 1,
            "is_current": True,
        }
        if table == "cases_disclosure" and "record_root" not in values:
            given |= {"record_table": "cases_item", "record_root": self.record(by=by, about=about)}
            given["recipient_id"] = self.agency("sof" if by.startswith("mentor") else "mentor")
        if table == "sharing_informationrequest":
            given |= {"asked_id": self.agency("sof" if by.startswith("mentor") else "mentor")}
        if table == "sharing_requestanswer" and "request" not in values:
            is_asked = by in ("vink", "sof", "mentor", "mentor-to")
            given |= (
                self._open_request(by, about=about) if is_asked else {"request": new_id(), "asker_id": self.agency("mentor")}
            )
        if table == "meetings_minutes" and "version" not in values:
            given |= self._agenda_item()
        if table == "cases_task":
            given["assigned_to_id"] = worker.agency_id
        if table == "cases_clock":
            given["unit_id"] = worker.unit_id
        given |= values
        if given["version"] == 1:
            given["id"] = given["root"] = given.get("id", new_id())
        return insert(table, **given)

    def _agenda_item(self) -> dict[str, object]:
        """An item that all admitted agencies attend, put there by the owner of the database, and minutes of it with all."""
        item, lead = new_id(), self.cast["vink"]
        finding = as_kept(SSP_115, purpose="crime-prevention")
        with as_owner():
            admitted = "SELECT agency_id FROM access_admission WHERE matter_id = %s AND ended_at IS NULL AND NOT frame_only"
            attending = [agency for (agency,) in rows(admitted, self.matter)]
            if lead.agency_id not in attending:
                return {"item": item, "taking_part": []}  # of no item: nobody may set one
            insert(
                "meetings_agendaitem",
                id=item,
                matter_id=self.matter,
                owner_id=lead.agency_id,
                author_id=lead.id,
                attending=attending,
                findings=json.dumps({str(one): finding for one in attending}),
                readers=[],
                root=item,
                version=1,
                is_current=True,
            )
        return {"item": item, "taking_part": attending}

    def _open_request(self, by: str, *, about: Sequence[uuid.UUID] | None) -> dict[str, object]:
        """A request to the agency of this worker, put there by the owner of the database, as an answer names it."""
        asker = self.cast["vink" if by.startswith("mentor") else "mentor"]
        request = new_id()
        with as_owner():
            insert(
                "sharing_informationrequest",
                id=request,
                matter_id=self.matter,
                owner_id=asker.agency_id,
                author_id=asker.id,
                about=[self.son] if about is None else list(about),
                asked_id=self.agency(by),
                readers=[],
                root=request,
                version=1,
                is_current=True,
            )
        return {"request": request, "asker_id": asker.agency_id}

    def disclose(self, root: uuid.UUID, to: str, *, by: str = "vink", table: str = "cases_item", **values: object) -> uuid.UUID:
        """A disclosure of a record by the worker who acts from now on."""
        return self.record(
            "cases_disclosure", by=by, record_table=table, record_root=root, recipient_id=self.agency(to), **values
        )

    def grant(
        self,
        key: str,
        *,
        by: str = "vink",
        participant: uuid.UUID | None = None,
        starts: str = "-1 hour",
        ends: str = "30 days",
    ) -> uuid.UUID:
        """A grant to a worker by another, who acts from now on; `starts` and `ends` are intervals from now."""
        self.act(by)
        return insert_grant(
            self.matter, worker=self.cast[key], given_by=self.cast[by], participant=participant, starts=starts, ends=ends
        )

    def admit(self, key: str, *, by: str = "vink", **values: object) -> uuid.UUID:
        """An admission of a worker's agency by the worker who acts from now on."""
        self.act(by)
        given = {"matter_id": self.matter, "agency_id": self.agency(key), "admitted_by_id": self.cast[by].id}
        return insert("access_admission", **(given | values))

    def agency(self, key: str) -> uuid.UUID:
        """The agency of a worker of the cast."""
        return self.cast[key].agency_id

    def sees(self, record: uuid.UUID, table: str = "cases_item") -> bool:
        """Whether the session sees this row."""
        return count(table, id=record) == 1

    def frame(self) -> tuple[int, int]:
        """How many rows of the matter and of its case the session sees."""
        return count("matters_matter", id=self.matter), count("cases_case", id=self.case)


def insert_grant(
    matter: uuid.UUID,
    *,
    worker: Worker,
    given_by: Worker,
    participant: uuid.UUID | None = None,
    starts: str = "-1 hour",
    ends: str = "30 days",
    reason: str = "test",
) -> uuid.UUID:
    """A grant from `starts` until `ends`, both counted from now."""
    moments = rows("SELECT store.now() + %s::interval, store.now() + %s::interval", starts, ends)[0]
    return insert(
        "access_grant",
        worker_id=worker.id,
        matter_id=matter,
        participant=participant,
        reason=reason,
        given_by_id=given_by.id,
        starts_at=moments[0],
        ends_at=moments[1],
    )


def begin_matter(worker: Worker) -> tuple[uuid.UUID, uuid.UUID]:
    """A new matter of the worker's unit, admission and grant for the worker, and its case. Matter and case."""
    act_as(worker.id)
    reference = rows("SELECT access.next_reference()")[0][0]
    matter = insert("matters_matter", unit_id=worker.unit_id, reference=reference)
    insert("access_admission", matter_id=matter, agency_id=worker.agency_id, admitted_by_id=worker.id)
    insert_grant(matter, worker=worker, given_by=worker)
    case = insert(
        "cases_case", matter_id=matter, unit_id=worker.unit_id, lead_id=worker.agency_id, step=1, outcome="", version=0
    )
    return matter, case


def other_unit_worker(like: Worker, *, role: str | None = None, same_agency: bool = False) -> Worker:
    """A worker of another unit, which shares no agency with the first, or this one."""
    with as_owner():
        unit = insert("access_unit", name="Koordineringsenheden i Lilleby", pack="lilleby-2016")
        agency = like.agency_id
        if not same_agency:
            controller = like.agency.controller_id
            agency = insert("access_agency", name="VINK i Lilleby", controller_id=controller, kind="prevention-unit", actor="")
        insert("access_membership", unit_id=unit, agency_id=agency, is_permanent=True)
        worker = insert("access_worker", unit_id=unit, agency_id=agency, email="lilleby@forebyg.example", is_active=True)
        if role:
            insert("access_roleholding", worker_id=worker, role=role)
    return Worker.objects.select_related("agency").get(id=worker)
