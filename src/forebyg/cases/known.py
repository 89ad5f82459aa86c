"""What every tab of a case shows around its content, asked in one message."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from forebyg.access.models import Agency, Worker
from forebyg.access.reach import reach_of
from forebyg.access.records import Record, seen_in_matter
from forebyg.cases.marks import Marks, asked_marks
from forebyg.cases.models import (
    Agreement,
    Assessment,
    Case,
    Clock,
    Course,
    Disclosure,
    Document,
    Item,
    Offer,
    Qualification,
    Task,
    TimelineEntry,
)
from forebyg.cases.queries import asked_agencies, asked_records
from forebyg.people.models import Participant
from forebyg.store.rows import Rows
from forebyg.store.together import Question
from forebyg.strategy.queries import asked_pack
from forebyg.strategy.schema import Pack


@dataclass(frozen=True)
class Known:
    """All as far as the worker sees it. The people and the tasks are still sealed."""

    people: list[Participant]
    tasks: list[Task]
    clocks: list[Clock]
    severity: list[Qualification]
    last_disclosure: list[Disclosure]
    left: dict[int, datetime.datetime]
    agencies: list[Agency]
    pack: Pack
    counts: dict[str, int]
    marks: Marks


def asked_of(worker: Worker, case: Case) -> list[Question[Any]]:
    """The questions, in the order of the fields of `Known`."""
    return [
        asked_records(worker, case, Participant),
        asked_records(worker, case, Task, only="done_at IS NULL", order="due_at NULLS LAST, happened_at, id"),
        _clocks(worker, case),
        asked_records(
            worker, case, Qualification, only="kind = 'severity'", order="happened_at DESC, recorded_at DESC, id DESC", limit=1
        ),
        asked_records(worker, case, Disclosure, only="withdrawn_at IS NULL", order="recorded_at DESC, id DESC", limit=1),
        Question('SELECT from_step, "at" FROM cases_casemove WHERE case_id = %s ORDER BY number', [case.id], dict),
        asked_agencies(worker),
        asked_pack(worker.unit.pack),
        _counts(worker, case),
        asked_marks(worker, case),
    ]


def _clocks(worker: Worker, case: Case) -> Question[list[Clock]]:
    """Those that run or stand still, the next deadline first; the triage clock belongs to the frame."""
    seen, given = seen_in_matter(worker, case.matter_id)
    frame = "false"
    if case.matter_id in reach_of(worker).matters:
        frame, given = "matter_id = %s AND rule = 'triage' AND is_current", (*given, case.matter_id)
    return Rows(Clock, f"(({seen}) OR ({frame})) AND stopped_at IS NULL", given).asked(order="due_at, id")


_COUNTED: dict[str, tuple[type[Record], str]] = {
    "timeline": (TimelineEntry, "true"),
    "tasks": (Task, "done_at IS NULL"),
    "assessments": (Assessment, "true"),
    "items": (Item, "true"),
    "documents": (Document, "true"),
    "courses": (Course, "true"),
    "offers": (Offer, "root <> ALL (SELECT offer FROM cases_course WHERE {seen})"),
    "plan": (Agreement, "true"),
    "sharing": (Disclosure, "withdrawn_at IS NULL"),
}


def register_count(code: str, model: type[Record], only: str) -> None:
    """For rooms above, in `AppConfig.ready()`: what the tab of this code counts, among the records that the worker sees.
    `only` is SQL."""
    _COUNTED[code] = (model, only)


def _counts(worker: Worker, case: Case) -> Question[dict[str, int]]:
    """How much there is on each tab."""
    seen, given = seen_in_matter(worker, case.matter_id)
    parts, values = list[str](), list[object]()
    for model, only in _COUNTED.values():
        parts.append(f"(SELECT count(*) FROM {model._meta.db_table} WHERE {seen} AND {only.format(seen=seen)})")  # noqa: S608
        values += given * (1 + only.count("{seen}"))
    return Question(f"SELECT {', '.join(parts)}", values, lambda rows: dict(zip(_COUNTED, rows[0], strict=True)))
