"""Requests across matters, to us and from us, page by page (B-020). Nothing here opens a sealed field."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.access.records import rows_seen
from forebyg.cases.clocks import ClockFace, face_of_limit
from forebyg.cases.lists import cases_of, has_many, one_of
from forebyg.cases.models import Case
from forebyg.cases.paging import Amount, Page, Stream, first_keys, in_index_order, page_of
from forebyg.sharing.requests.models import InformationRequest
from forebyg.store.rows import Rows
from forebyg.store.together import ask


class Side(models.TextChoices):
    """Who asks; the values stand in the address."""

    TO_US = "til-os", _("Til os")
    FROM_US = "fra-os", _("Fra os")


class Stage(models.TextChoices):
    """Whether it waits; the values stand in the address."""

    OPEN = "aabne", _("Venter på svar")
    ENDED = "afsluttede", _("Afsluttede")


@dataclass(frozen=True)
class RequestFilters:
    """Which requests."""

    side: str = Side.TO_US.value
    stage: str = Stage.OPEN.value

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Self:
        """The filters of an address; what can't be read is the default."""
        return cls(one_of(Side, query.get("hvem"), Side.TO_US.value), one_of(Stage, query.get("tilstand"), Stage.OPEN.value))

    def as_query(self) -> dict[str, str]:
        """These filters as they stand in an address."""
        given = {"hvem": self.side} if self.side != Side.TO_US else {}
        return given | ({"tilstand": self.stage} if self.stage != Stage.OPEN else {})


@dataclass(frozen=True)
class RequestRow:
    """A line: fixed words, the names of agencies, and the reference of the matter."""

    request: InformationRequest
    case: Case
    face: ClockFace

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case.matter.reference


def request_page(
    worker: Worker, filters: RequestFilters, *, now: datetime.datetime, after: str = "", before: str = ""
) -> tuple[list[RequestRow], Page]:
    """A page of requests: what waits by its deadline, what has ended by when it ended, newest first."""
    rows = replace(requests_in(worker, filters), beside=("owner", "asked"))
    keys = ("due_at", "id") if filters.stage == Stage.OPEN else ("ended_at", "id")
    stream = Stream(rows, keys, is_descending=filters.stage == Stage.ENDED, is_followed=has_many(worker))
    page = page_of([[stream]], after=after, before=before)
    (cases,) = ask(cases_of(worker, {row.matter_id for row in page.rows}).asked())
    by_matter = {case.matter_id: case for case in cases}
    return [RequestRow(row, by_matter[row.matter_id], face_of_request(row, now)) for row in page.rows], page


def requests_in(worker: Worker, filters: RequestFilters) -> Rows[InformationRequest]:
    """The requests that the worker may see, on one side and in one stage."""
    ours = "asked_id" if filters.side == Side.TO_US else "owner_id"
    waits = "ended_at IS NULL" if filters.stage == Stage.OPEN else "ended_at IS NOT NULL"
    return rows_seen(worker, InformationRequest).where(f"{ours} = %s AND {waits}", worker.agency_id)


def open_amounts(worker: Worker) -> dict[str, Amount]:
    """How many wait for an answer on each side, counted as far as the worker sees them (B-027)."""
    with in_index_order(has_many(worker)):
        found = ask(*(first_keys([requests_in(worker, RequestFilters(side))]) for side in Side.values))
    return {side: Amount(len(keys)) for side, keys in zip(Side.values, found, strict=True)}


def face_of_request(request: InformationRequest, now: datetime.datetime) -> ClockFace:
    """How it stands with the deadline of a request."""
    if request.ended_at is None:
        return face_of_limit(request.happened_at, request.due_at, now)
    kept = request.ended_at <= request.due_at
    return ClockFace("stopped", 100, str(_("Overholdt") if kept else _("Afsluttet efter fristen")), request.ended_at)
