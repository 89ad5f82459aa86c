"""Access reviews: the grants and the emergency openings that a data protection officer oversees, and what was found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, BreakGlass, Controller, Emergency, Grant, Worker
from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField
from forebyg.store.words import WordField


class OverseenGrant(models.Model):
    """A grant to a worker of the overseen agencies: a view, which shows nobody else anything. Its id is the grant's."""

    id = models.UUIDField(primary_key=True)
    matter_id = models.UUIDField()
    reference = models.CharField(max_length=12)
    worker = models.ForeignKey(Worker, on_delete=models.DO_NOTHING, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="+")
    in_part = models.BooleanField(help_text="it covers one participant only")
    reason = models.CharField(max_length=60)
    given_by = models.ForeignKey(Worker, on_delete=models.DO_NOTHING, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_admitted = models.BooleanField(help_text="the worker's agency still takes part in the matter")

    class Meta:
        managed = False
        db_table = "oversight_grant"

    @property
    def is_self_given(self) -> bool:
        """Whether nobody else was asked."""
        return bool(self.given_by_id == self.worker_id)


class GrantReview(SealedModel):
    """What a data protection officer found of a grant. Rows are only added."""

    class Outcome(models.TextChoices):
        """What follows."""

        SEEN = "seen", _("Set: der er brug for adgangen")
        ASKED = "asked", _("Bed myndigheden tage stilling til, om adgangen skal slutte")
        ENDED = "ended", _("Luk adgangen nu")

    id = IdField()
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    outcome = WordField(max_length=8, choices=Outcome.choices)
    note = SealedTextField()
    next_at = models.DateTimeField(help_text="when it is to be looked at again")

    class Meta:
        indexes = [models.Index(fields=["grant", "reviewed_at"], name="review_of_grant")]


class OverseenBreakGlass(models.Model):
    """An emergency opening by a worker of the overseen agencies, with its review: a view, which shows nobody else anything."""

    id = models.UUIDField(primary_key=True)
    grant_id = models.UUIDField()
    matter_id = models.UUIDField()
    reference = models.CharField(max_length=12)
    worker = models.ForeignKey(Worker, on_delete=models.DO_NOTHING, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="+")
    emergency = WordField(max_length=12, choices=Emergency.choices)
    broken_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text="when it closed, or will by itself")
    was_closed = models.BooleanField(help_text="somebody closed it before its time")
    is_over = models.BooleanField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Worker, null=True, on_delete=models.DO_NOTHING, related_name="+")
    outcome = models.CharField(max_length=16, null=True)  # noqa: DJ001 - nobody has looked at it yet

    class Meta:
        managed = False
        db_table = "oversight_breakglass"


class BreakGlassReview(SealedModel):
    """What another person found of an emergency opening: one for each, never changed."""

    class Outcome(models.TextChoices):
        """Whether it was right."""

        JUSTIFIED = "justified", _("Berettiget")
        NOT_JUSTIFIED = "not-justified", _("Ikke berettiget")

    id = IdField()
    glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    outcome = WordField(max_length=16, choices=Outcome.choices)
    note = SealedTextField()
