"""Playing an example case: each event is a deed, done on its day by the worker whom it falls to."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from forebyg.cases.models import Case
from forebyg.cli.stage import Stage
from forebyg.strategy.schema.example import Event, ExampleCase

MINUTES_A_DAY = 1440


@dataclass
class Played:
    """What a play knows as it goes on: the case, its persons and what later events refer to."""

    case_id: uuid.UUID
    persons: dict[str, uuid.UUID]
    offers: dict[str, uuid.UUID] = field(default_factory=dict)
    courses: dict[str, uuid.UUID] = field(default_factory=dict)
    alarm: uuid.UUID | None = None
    visit: uuid.UUID | None = None
    report: uuid.UUID | None = None
    step_at: dict[int, int] = field(default_factory=dict)
    """The step that the case stood at when an event was played, by the event's order."""
    refused: dict[str, str] = field(default_factory=dict)
    """The code of what refused a deed that was tried, by what was tried; empty when nothing did."""


class Play:
    """Plays an example case on a stage. A subclass says what each event's deed is."""

    def __init__(self, stage: Stage, example: ExampleCase) -> None:
        self.stage = stage
        self.example = example
        self.played: Played | None = None

    def deeds(self) -> dict[int, Callable[[Event], None]]:
        """What is done at each event, by the event's order."""
        raise NotImplementedError

    def witness(self, event: Event) -> str:
        """The worker who sees the step that the case stands at after an event."""
        raise NotImplementedError

    def scenes(
        self, until_day: float | None = None, tell: Callable[[Event, int], None] | None = None
    ) -> Iterator[datetime.datetime]:
        """The moments of the events in order, up to and with those of `until_day`; each event is played when the next is
        asked for, and the database must live in its moment by then. `tell` gets each event and its step."""
        deeds = self.deeds()
        for event in self.example.events:
            if until_day is not None and event.day_offset > until_day:
                return
            # Two events of one day come one after the other.
            yield self.stage.moment(event.day_offset + event.order / MINUTES_A_DAY)
            deeds[event.order](event)
            if tell is not None:
                self.remember_step(event)
                tell(event, self.so_far.step_at[event.order])

    def play(self, until_day: float | None = None, tell: Callable[[Event, int], None] = lambda event, step: None) -> Played:
        """Play the events in order, up to and with those of `until_day`."""
        for moment in self.scenes(until_day, tell):
            self.stage.live(moment)
        return self.so_far

    @property
    def so_far(self) -> Played:
        """What has been played; the first event must have been."""
        assert self.played is not None
        return self.played

    def remember_step(self, event: Event) -> None:
        """Remember at which step the event was played; the first time counts."""
        if event.order not in self.so_far.step_at:
            with self.stage.as_(self.witness(event)):
                self.so_far.step_at[event.order] = Case.objects.values_list("step", flat=True).get(id=self.so_far.case_id)
