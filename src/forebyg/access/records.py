"""The one shape of every record about a person: an owner, its readers, whom it is about, and sealed content.

A worker sees a record when (a) a grant covers its matter or its participants and (b) the worker's agency is among its
readers. `visible_to` asks that here; row-level security asks it again in PostgreSQL (`access.guard_record`).
"""

from __future__ import annotations

import uuid
from typing import Any, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from forebyg.access.models import Agency, Worker
from forebyg.access.reach import AmongIds, reach_of
from forebyg.store.ids import IdField
from forebyg.store.rows import Rows, as_array
from forebyg.store.sealed import SealedModel

AnyRecord = TypeVar("AnyRecord", bound="Record")


class RecordQuerySet(models.QuerySet[Any]):
    """Queries over one kind of record."""

    def visible_to(self, worker: Worker) -> Self:
        """The current versions that this worker may see: need to know, and the agency is a reader."""
        reach = reach_of(worker)
        known = models.Q(AmongIds("matter_id", reach.whole))
        if reach.partial:
            in_part = models.Q(AmongIds("matter_id", reach.partial), about__contained_by=list(reach.participants))
            known |= in_part & ~models.Q(about=[])
        return self.filter(known, is_current=True, readers__contains=[worker.agency_id])


def seen_in_matter(worker: Worker, matter: uuid.UUID) -> tuple[str, tuple[object, ...]]:
    """`visible_to` for one matter, as the SQL of a condition and its values."""
    reach = reach_of(worker)
    seen, given = "matter_id = %s AND is_current AND readers @> ARRAY[%s]::uuid[]", (matter, worker.agency_id)
    if matter in reach.whole:
        return seen, given
    if matter in reach.partial:
        return f"{seen} AND about <> '{{}}' AND about <@ %s::uuid[]", (*given, as_array(reach.participants))
    return "false", ()


def rows_seen(worker: Worker, model: type[AnyRecord]) -> Rows[AnyRecord]:
    """`visible_to` as rows of plain SQL."""
    reach = reach_of(worker)
    known, given = "matter_id = ANY (%s::uuid[])", [reach.whole_array]
    if reach.partial:
        known = f"({known} OR matter_id = ANY (%s::uuid[]) AND about <@ %s::uuid[] AND about <> '{{}}')"
        given += [as_array(reach.partial), as_array(reach.participants)]
    return Rows(model, f"{known} AND is_current AND readers @> ARRAY[%s]::uuid[]", (*given, worker.agency_id))


class Record(SealedModel):
    """Base of all records. `root` is the id of the first version: the stable name of the thing recorded.

    `readers` is PostgreSQL's to keep (owner first, then whom the owner disclosed to); a correction is a new version
    that inherits them. `happened_at` is the moment told of, `recorded_at` when it was written.
    """

    id = IdField()
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    readers = ArrayField(models.UUIDField(), default=list, editable=False)
    about = ArrayField(models.UUIDField(), default=list)
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    root = models.UUIDField(editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    is_current = models.BooleanField(default=True, editable=False)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.root is None:
            self.root = self.id
        if not self.readers and self.owner_id:
            self.readers = [self.owner_id]

    @property
    def kept_among(self) -> list[uuid.UUID] | None:
        """The agencies beyond which it is never told, whatever the law allows; None where the owner and the law alone decide."""
        return None

    @property
    def is_disclosed(self) -> bool:
        """Whether any other agency reads it."""
        return len(self.readers) > 1
