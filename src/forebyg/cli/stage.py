"""A stage on which demo cases are played: workers act one after the other, each on a day that the database then lives in.

Only the owner can move the clock, so the stage has a second connection for that; everything else is done as the web role,
through the same actions that the pages call.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.store.identity import acting


class Stage:
    """Day 0 is `start`, a moment in local time; `at(day)` lets the database live that day."""

    def __init__(self, start: datetime.datetime) -> None:
        self.start = start
        database = settings.DATABASES["default"]
        self._owner = psycopg.connect(host=database["HOST"], dbname=database["NAME"], user="forebyg_owner", autocommit=True)
        self.day = 0.0

    def at(self, day: float) -> None:
        """Let the database live `day` days after the start (fractions are hours)."""
        self.day = day
        self._owner.execute(
            'UPDATE public.store_clock_offset SET "offset" = %s - pg_catalog.now()', [self.start + datetime.timedelta(days=day)]
        )

    def to_the_present(self) -> None:
        """Let the database live in the real time again."""
        self._owner.execute("UPDATE public.store_clock_offset SET \"offset\" = interval '0'")

    def close(self) -> None:
        """Back to the present, and let go of the owner's connection."""
        self.to_the_present()
        self._owner.close()

    def moment(self, day: float) -> datetime.datetime:
        """The moment of a day."""
        return self.start + datetime.timedelta(days=day)

    @contextlib.contextmanager
    def as_(self, key: str) -> Iterator[tuple[Worker, datetime.datetime]]:
        """A transaction in which a worker of the cast acts: yields the worker and `store.now()`."""
        worker_id = Worker.objects.values_list("id", flat=True).get(email=f"{key}@forebyg.example")
        with acting(worker_id) as now:
            worker = Worker.objects.select_related("agency", "unit").prefetch_related("holdings").get(id=worker_id)
            yield worker, now


def a_morning(day: datetime.date) -> datetime.datetime:
    """Nine o'clock local time."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
