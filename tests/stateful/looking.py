"""Three looks at the database: all of it as its owner, what PostgreSQL alone shows a worker, what the application asks for.

The two halves of the rule are looked at apart. Raw SQL runs as `forebyg_web`, so the policies alone decide. The
application's own queries run as the owner, whom no policy stops, so that a policy can't hide what they would have let through.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conftest import as_owner
from django.apps import apps
from django.db import connection

from forebyg.access import records
from forebyg.access.models import Worker
from forebyg.access.records import Record as RecordModel
from forebyg.cases.board import step_counts
from forebyg.cases.models import Case, Clock
from forebyg.cases.queries import WholePicture, clocks_in_reach, whole_picture
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.store.identity import act_as

MODELS = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, RecordModel)}
FRAMES = ("matters_matter", "cases_case", "cases_casemove", "access_admission", "access_grant")

_MORE = {
    "people_participant": "jsonb_build_object('subject', is_subject, 'guardian', is_guardian, 'stated', stated_age)",
    "cases_clock": "jsonb_build_object('rule', rule, 'due', due_at, 'paused', paused_at, 'stopped', stopped_at,"
    " 'explained', explained_at IS NOT NULL, 'escalated', escalated_at IS NOT NULL)",
    "cases_task": "jsonb_build_object('kind', kind, 'assigned', assigned_to_id, 'done', done_at IS NOT NULL)",
    "cases_disclosure": "jsonb_build_object('of', record_root, 'withdrawn', withdrawn_at IS NOT NULL)",
    "sharing_informationrequest": "jsonb_build_object('outcome', outcome)",
    "cases_timelineentry": "jsonb_build_object('of', record_root)",
}
_ALL_RECORDS = " UNION ALL ".join(
    f"SELECT '{table}', id, root, version, matter_id, owner_id, readers, about, is_current, {_MORE.get(table, 'NULL::jsonb')} FROM {table}"
    for table in MODELS
)


@dataclass(frozen=True)
class Row:
    """A version of a record as it lies in the database. `more` holds what its table has beyond the others."""

    table: str
    id: uuid.UUID
    root: uuid.UUID
    version: int
    matter: uuid.UUID
    owner: uuid.UUID
    readers: tuple[uuid.UUID, ...]
    about: frozenset[uuid.UUID]
    is_current: bool
    more: dict[str, Any] | None


@dataclass(frozen=True)
class Everything:
    """All rows there are, in the order of their ids."""

    records: list[Row]
    cases: list[tuple[Any, ...]]
    """Matter, case, step, outcome, version, lead, the case that it reopens."""
    moves: list[tuple[Any, ...]]
    """Id, matter and name, in the order that they were made."""
    seats: list[tuple[Any, ...]]
    """Id, matter, agency, frame only."""
    grants: list[tuple[Any, ...]]
    """Id, matter, worker, participant, start, end, ended."""


def everything() -> Everything:
    """All that there is, as the owner of the database reads it."""
    with as_owner():
        return Everything(
            sorted(_records(), key=lambda row: row.id),
            _rows(
                "SELECT matter_id, id, step, outcome, version, lead_id, reopens_id FROM cases_case"
                " WHERE matter_id IN (SELECT id FROM matters_matter) ORDER BY id"
            ),
            _rows("SELECT id, matter_id, name FROM cases_casemove ORDER BY matter_id, number"),
            _rows("SELECT id, matter_id, agency_id, frame_only FROM access_admission WHERE ended_at IS NULL ORDER BY id"),
            _rows(
                "SELECT id, matter_id, worker_id, participant, starts_at, ends_at, ended_at IS NOT NULL FROM access_grant"
                " ORDER BY id"
            ),
        )


def seen_by_sql(worker: Worker, tables: set[str]) -> set[uuid.UUID]:
    """The ids of all rows that PostgreSQL shows the worker: records with their earlier versions, and frames. `tables` are
    the kinds of records of which there are any."""
    act_as(worker.id)
    return {row[0] for row in _rows(" UNION ALL ".join(f"SELECT id FROM {table}" for table in (*sorted(tables), *FRAMES)))}


def seen_by_application(worker: Worker, tables: set[str]) -> set[uuid.UUID]:
    """The ids of the current records, clocks and cases that the application's queries ask for."""
    with as_owner():
        kinds = [MODELS[table].objects.visible_to(worker).values_list("id") for table in sorted(tables)]
        if Clock._meta.db_table in tables:
            kinds.append(clocks_in_reach(worker).values_list("id"))
        return {id for (id,) in Case.objects.visible_to(worker).values_list("id").union(*kinds, all=True)}


def seen_in_matter(worker: Worker, matter: uuid.UUID, tables: set[str]) -> set[uuid.UUID]:
    """The ids of the current records of one matter by the condition that pages ask by, written in SQL."""
    with as_owner(), connection.cursor() as cursor:
        condition, given = records.seen_in_matter(worker, matter)
        asked = " UNION ALL ".join(f"SELECT id FROM {table} WHERE {condition}" for table in sorted(tables))
        cursor.execute(asked, given * len(tables))
        return {row[0] for row in cursor.fetchall()}


def counted(worker: Worker, matter: uuid.UUID) -> tuple[int, int, int] | None:
    """The numbers of the whole picture as the acting worker gets them; None where they are kept from the worker."""
    try:
        picture: WholePicture = whole_picture(Case(matter_id=matter))
    except NotVisible:
        return None
    return picture.subjects, picture.running_courses, picture.open_alarms


def open_cases(worker: Worker) -> int | None:
    """How many open cases the board counts for the acting worker; None for whom there is no board."""
    try:
        return sum(amount.number for _step, amount in step_counts(worker))
    except NotPermitted:
        return None


def _records() -> Iterator[Row]:
    for table, id, root, version, matter, owner, readers, about, is_current, more in _rows(_ALL_RECORDS):
        yield Row(
            table, id, root, version, matter, owner, tuple(readers), frozenset(about), is_current, json.loads(more or "null")
        )


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
