"""A case that is taken up at a unit meeting, as tests need it: VINK sets it, the secretariat writes the minutes."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play
from forebyg.meetings.actions import Written, set_on_agenda, write_minutes
from forebyg.meetings.models import AgendaItem, Minutes

TEXT = "Enheden var enig om at tale med familien."
NEED = "Deltagerne skal følge op på det, der blev aftalt."
AROUND_THE_TABLE = ("sekretariat", "dks", "ssp", "kriminalforsorg")


def at_the_unit(cast: Any) -> Play:
    """A case at step 3, with the agencies of the table admitted and the secretariat told who it is about."""
    play = Play(cast).to(Step.DISCUSSION)
    play.admit(*AROUND_THE_TABLE)
    play.disclose(*play.people.values(), to="sekretariat")
    return play


def take_up(play: Play, *keys: str, forum: str = "ssp", by: str = "vink", **values: Any) -> AgendaItem:
    """The case on the agenda with these agencies, in an hour if nothing else is said."""
    acting = play.by(by)
    meets_at = acting["now"] + datetime.timedelta(hours=1)
    attending = [play.agency(key) for key in keys]
    return set_on_agenda(**acting, **{"meets_at": meets_at, "forum": forum, "attending": attending} | values)


def write(play: Play, item: AgendaItem, *keys: str, by: str = "sekretariat", **values: Any) -> Written:
    """Minutes of the item, after the meeting, with these agencies."""
    play.pass_time(hours=2)
    given = {
        "text": TEXT,
        "about": play.subjects,
        "taking_part": [play.agency(key) for key in (*keys, by)],
        "necessity": NEED,
    }
    return write_minutes(**play.by(by), item=item.root, **given | values)


def read_by(play: Play, key: str, root: uuid.UUID) -> bool:
    """Whether a worker sees the minutes through the application."""
    worker, _now = play.become(key)
    return bool(Minutes.objects.visible_to(worker).filter(root=root).exists())
