"""The frame of a matter: all that admission gives. It holds no word about a person."""

from __future__ import annotations

from typing import Self

from django.db import models

from forebyg.access.models import Agency, Worker
from forebyg.access.reach import AmongIds, reach_of
from forebyg.cases.states import Outcome, Step
from forebyg.store.ids import IdField
from forebyg.store.words import WordField


class CaseQuerySet(models.QuerySet["Case"]):
    """Queries over frames."""

    def visible_to(self, worker: Worker) -> Self:
        """The cases whose frame a grant of the worker covers."""
        return self.filter(AmongIds("matter_id", reach_of(worker).matters))


class Case(models.Model):
    """A matter's course through the nine steps. `step`, `outcome`, `ended_at` and `version` are derived from the moves by
    a trigger; the web role can't write them."""

    id = IdField()
    matter = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="case")
    unit_id = models.UUIDField()
    lead = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(choices=Step.choices, default=Step.ARISEN.value, editable=False)
    outcome = WordField(max_length=30, choices=Outcome.choices, blank=True, editable=False)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    reopens = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reopened_as")

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "step", "moved_at"], name="case_board"),
            models.Index(fields=["-moved_at", "id"], name="case_recent"),
        ]

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def current_step(self) -> Step:
        """The step as the enumeration."""
        return Step(self.step)

    @property
    def is_ended(self) -> bool:
        """Whether no further work is going on."""
        return self.step == Step.ENDED


class CaseMove(models.Model):
    """A move that was made: append-only, the source of a case's step."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    unit_id = models.UUIDField()
    name = models.CharField(max_length=24)
    from_step = models.PositiveSmallIntegerField(choices=Step.choices)
    to_step = models.PositiveSmallIntegerField(choices=Step.choices)
    outcome = WordField(max_length=30, choices=Outcome.choices, blank=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_move_at_a_time")]
