"""A deadline as a person reads it: what the `clock` macro of the ui takes, from a row and the moment of the request."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from forebyg.cases.models import Clock
from forebyg.ui.moments import duration, near, short_date

State = Literal["running", "soon", "over", "paused", "stopped", "none"]

SOON = datetime.timedelta(hours=24)
"""A deadline is near from here on."""
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class ClockFace:
    """What `clock(face, face.due)` draws. `percent` is the share of the time that is left, 0 to 100; `due` is said in place
    of the written-out `moment`."""

    state: State
    percent: float
    text: str
    moment: datetime.datetime | None = None
    limit_label: str = ""
    due: str | None = None
    is_explained: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed, explained or not."""
        return self.state == "over"

    @property
    def badge(self) -> tuple[str, str]:
        """Words and kind for the `badge` macro: how it stands with the deadline."""
        if self.state == "over":
            return (_("Overskredet, begrundet"), "warning") if self.is_explained else (_("Overskredet"), "error")
        if self.state == "soon":
            return _("Haster"), "warning"
        if self.state == "paused":
            return _("I bero"), "quiet"
        return _("I gang"), "info"


def face_of(clock: Clock | None, now: datetime.datetime) -> ClockFace:
    """A clock that runs, stands still or has stopped; without one, that there is no deadline."""
    if clock is None:
        return ClockFace("none", 0, _("Ingen frist"))
    if clock.stopped_at is not None:
        kept = clock.stopped_at <= clock.due_at
        return ClockFace("stopped", 100, _("Overholdt") if kept else _("Afsluttet efter fristen"), clock.stopped_at)
    if clock.paused_at is not None:
        since = _("I bero siden %(date)s") % {"date": short_date(clock.paused_at)}
        return ClockFace("paused", 100, _("Uret er standset"), clock.paused_at, due=since)
    return face_of_limit(clock.happened_at, clock.due_at, now, is_explained=clock.explained_at is not None)


def face_of_limit(
    started_at: datetime.datetime, due_at: datetime.datetime, now: datetime.datetime, *, is_explained: bool = False
) -> ClockFace:
    """A limit that runs from one moment to another, such as that of a task."""
    left, whole = due_at - now, due_at - started_at
    if left < datetime.timedelta():
        return ClockFace(
            "over", 100, _("%(time)s over") % {"time": duration(left)}, due_at, due=near(due_at, now), is_explained=is_explained
        )
    share = left / whole * 100 if whole else 0
    return ClockFace(
        "soon" if left <= SOON else "running",
        min(share, 100),
        _("%(time)s tilbage") % {"time": duration(left)},
        due_at,
        _label(whole),
        near(due_at, now),
    )


def hours_of(clock: Clock) -> int:
    """The length of a clock in whole hours, from its start to its deadline."""
    return round((clock.due_at - clock.happened_at) / datetime.timedelta(hours=1))


def _label(whole: datetime.timedelta) -> str:
    """The length of a limit in at most three characters: 48t, 6d, 6m."""
    if whole <= 3 * _DAY:
        return pgettext("timer, inde i ringen", "%(n)dt") % {"n": round(whole / datetime.timedelta(hours=1))}
    if whole < 100 * _DAY:
        return pgettext("dage, inde i ringen", "%(n)dd") % {"n": round(whole / _DAY)}
    return pgettext("måneder, inde i ringen", "%(n)dm") % {"n": min(round(whole / (30.44 * _DAY)), 99)}
