"""When things happen in an invented case: in working hours, in order, and none of it in the future."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

_LATEST_PACE = 1.6
"""How much slower than a usual case one may go."""
_BETWEEN = datetime.timedelta(minutes=7)


class Pace:
    """Days of a usual case, stretched so that the last of them comes shortly before today."""

    def __init__(self, *, now: datetime.datetime, days: float, last: float, rng: random.Random) -> None:
        self.now = now
        self.start = now - datetime.timedelta(days=days)
        self._stretch = min(_LATEST_PACE, 0.85 * days / last) if last else 1.0
        self._rng = rng
        self._previous = self.start - datetime.timedelta(days=3)

    def day(self, day: float) -> datetime.datetime:
        """The moment of a day of the usual case."""
        moment = self.start + datetime.timedelta(days=day * self._stretch)
        return self._after(self._in_working_hours(moment) if self.now - moment > datetime.timedelta(days=2) else moment)

    def before_now(self, hours: float) -> datetime.datetime:
        """So many hours ago."""
        return self._after(self.now - datetime.timedelta(hours=hours))

    def _in_working_hours(self, moment: datetime.datetime) -> datetime.datetime:
        local = timezone.localtime(moment)
        local -= datetime.timedelta(days=max(0, local.weekday() - 4))
        return local.replace(hour=self._rng.randint(8, 15), minute=self._rng.randrange(60), second=0, microsecond=0)

    def _after(self, moment: datetime.datetime) -> datetime.datetime:
        self._previous = min(max(moment, self._previous + _BETWEEN), self.now)
        return self._previous
