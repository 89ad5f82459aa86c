"""A stage on which demo cases are played: workers act one after the other, each on a day that the database then lives in.

Only the owner can move the clock, so the stage has a second connection for that; everything else is done as the web role,
through the same actions that the pages call.
"""

from __future__ import annotations

import contextlib
import datetime
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.reach import forget_reach
from forebyg.cli.demo_cast import address_of
from forebyg.core.errors import ForebygError
from forebyg.store.identity import act_as
from forebyg.store.roles import OWNER


class Stage:
    """Day 0 is `start`, a moment in local time; `at(day)` lets the database live that day.

    With `moves_clock=False` the database stays in the present and only the workers are told the moment. That is for cases
    whose grants all still run today; it is quicker, and several processes can play at once.
    """

    def __init__(self, start: datetime.datetime, *, moves_clock: bool = True) -> None:
        self.start = start
        self._moves_clock = moves_clock
        self._moment = start
        self._on_stage = ""
        self._act = contextlib.ExitStack()
        self.owner = self._connect_as_owner()
        self.owner.execute("SET synchronous_commit TO off")
        everyone = Worker.objects.select_related("agency", "unit").prefetch_related("holdings")
        self._workers = {worker.email: worker for worker in everyone}
        self.day = 0.0

    def _connect_as_owner(self) -> psycopg.Connection[Any]:
        place = connection.settings_dict
        return psycopg.connect(host=place["HOST"], dbname=place["NAME"], user=OWNER, autocommit=True)

    def at(self, day: float) -> None:
        """Let the database live `day` days after the start (fractions are hours)."""
        self.day = day
        self.live(self.moment(day))

    def live(self, moment: datetime.datetime) -> None:
        """Let the database live at a moment."""
        self._moment = moment
        if not self._moves_clock:
            return
        self.owner.execute('UPDATE public.store_clock_offset SET "offset" = %s - pg_catalog.now()', [moment])

    def to_the_present(self) -> None:
        """Let the database live in the real time again; with this all that was played is on the disk."""
        self.owner.execute("SET synchronous_commit TO on")
        self.owner.execute("UPDATE public.store_clock_offset SET \"offset\" = interval '0'")

    def close(self) -> None:
        """Back to the present, and let go of the owner's connection."""
        self.leave()
        self.to_the_present()
        self.owner.close()

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def moment(self, day: float) -> datetime.datetime:
        """The moment of a day."""
        return self.start + datetime.timedelta(days=day)

    def worker(self, key: str) -> Worker:
        """A worker of the cast."""
        return self._workers[address_of(key)]

    def worker_id(self, key: str) -> uuid.UUID:
        """The id of a worker of the cast."""
        found: uuid.UUID = self.worker(key).id
        return found

    def agency_id(self, key: str) -> uuid.UUID:
        """The id of the agency of a worker of the cast."""
        found: uuid.UUID = self.worker(key).agency_id
        return found

    @contextlib.contextmanager
    def as_(self, key: str) -> Iterator[tuple[Worker, datetime.datetime]]:
        """A transaction in which a worker of the cast acts: yields the worker and the moment, which is `store.now()`.

        On a stage that does not move the clock the transaction goes on until another worker acts, or until `leave`.
        """
        if self._moves_clock or self._on_stage != key:
            self.leave()
            now = self._enter(key)
            self._moment = now if self._moves_clock else self._moment
        try:
            yield self.worker(key), self._moment
        except BaseException:
            self._act.__exit__(*sys.exc_info())
            self._on_stage = ""
            raise
        if self._moves_clock:
            self.leave()

    def _enter(self, key: str) -> datetime.datetime:
        """Begin the transaction of a worker. What only writes is sent without waiting for each answer; an error still ends it."""
        worker = self.worker(key)
        forget_reach(worker)
        self._act = contextlib.ExitStack()
        self._act.enter_context(transaction.atomic())
        self._act.enter_context(connection.connection.pipeline())
        self._on_stage = key
        return act_as(worker.id)

    def leave(self) -> None:
        """Let the last worker's transaction end."""
        self._on_stage = ""
        self._act.close()

    def refusal_of(self, key: str, deed: Callable[[Worker, datetime.datetime], object]) -> str:
        """The code of what refuses the deed to a worker of the cast, or nothing. The deed is undone either way."""
        try:
            with self.as_(key) as (worker, now):
                deed(worker, now)
                raise _Undone
        except _Undone:
            return ""
        except ForebygError as error:
            return error.code


class _Undone(Exception):
    pass


def a_morning(day: datetime.date) -> datetime.datetime:
    """Nine o'clock local time."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
