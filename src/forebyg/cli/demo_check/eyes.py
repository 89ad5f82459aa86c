"""Looking at a played case: as one worker through the application and row-level security, or as the owner at everything."""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Iterator
from typing import TypeVar

from django.apps import apps

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.audit.models import Event as LedgerEvent
from forebyg.cases.models import Case, CaseMove, Clock, TimelineEntry
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cli.stage import Stage
from forebyg.store.sealed import Sealed, SealedModel, open_sealed, sealed_fields

Kind = TypeVar("Kind", bound=Record)


class Eyes:
    """What one worker sees of one case."""

    def __init__(self, worker: Worker, case: Case, now: datetime.datetime) -> None:
        self.worker = worker
        self.case = case
        self.now = now

    def all(self, kind: type[Kind]) -> list[Kind]:
        """The current records of a kind, opened, oldest first."""
        return records_of(self.worker, self.case, kind)

    def timeline(self, kind: str) -> list[TimelineEntry]:
        """The timeline's entries of a kind, oldest first."""
        return [entry for entry in self.all(TimelineEntry) if entry.kind == kind]

    def moves(self) -> list[CaseMove]:
        """The moves along the steps, in order."""
        return list(CaseMove.objects.filter(case=self.case).order_by("number"))

    def counts(self) -> dict[str, int]:
        """How many rows of each kind of record the database shows, by table, without the application's own filter."""
        seen = {
            model._meta.db_table: model.objects.filter(matter=self.case.matter_id).count()
            for model in apps.get_models()
            if issubclass(model, Record)
        }
        return {table: count for table, count in seen.items() if count}

    def triage_clocks(self) -> int:
        """How many of the clocks are the triage clocks that belong to the frame."""
        return Clock.objects.filter(matter=self.case.matter_id, rule=Clock.Rule.TRIAGE).count()


@contextlib.contextmanager
def eyes_of(stage: Stage, key: str, case_id: uuid.UUID) -> Iterator[Eyes]:
    """The eyes of a worker of the cast. Raises `NotVisible` when the worker sees not even the frame."""
    with stage.as_(key) as (worker, now):
        yield Eyes(worker, fetch_case(worker=worker, case_id=case_id), now)


def everything_written(stage: Stage, case_id: uuid.UUID) -> Iterator[tuple[str, str]]:
    """Every text of the case in the whole database, as the owner sees it: where it stands, and the text itself.
    Old versions, the ledger's reasons and drafts are in it."""
    matter = _one(stage, "SELECT matter_id FROM public.cases_case WHERE id = %s", case_id)
    for model in apps.get_models():
        if issubclass(model, SealedModel) and sealed_fields(model) and _is_of_matters(model):
            yield from _texts_of(stage, model, matter)
    for (municipality,) in stage.owner.execute(
        "SELECT municipality FROM public.people_participant WHERE matter_id = %s", [matter]
    ):
        yield "people_participant.municipality", municipality


def count_as_owner(stage: Stage, query: str, *parameters: object) -> int:
    """A number that the owner reads, past all policies."""
    return int(str(_one(stage, query, *parameters)))


def _is_of_matters(model: type[SealedModel]) -> bool:
    """Whether its rows belong to matters; a worker's own secrets, for one, belong to none."""
    return model is LedgerEvent or any(field.name == "matter" for field in model._meta.concrete_fields)


def _texts_of(stage: Stage, model: type[SealedModel], matter: object) -> Iterator[tuple[str, str]]:
    fields = sealed_fields(model)
    is_of_matter = "%s = ANY (matter_ids)" if model is LedgerEvent else "matter_id = %s"
    rows = [
        model(**{"id": row[0], "key_id": row[1], **{name: Sealed(value) for name, value in zip(fields, row[2:], strict=True)}})
        for row in stage.owner.execute(
            f"SELECT id, key_id, {', '.join(fields)} FROM public.{model._meta.db_table} WHERE {is_of_matter}",  # noqa: S608
            [matter],
        )
    ]
    open_sealed(rows)
    for row in rows:
        for name in fields:
            yield f"{model._meta.db_table}.{name}", getattr(row, name) or ""


def _one(stage: Stage, query: str, *parameters: object) -> object:
    row = stage.owner.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]
