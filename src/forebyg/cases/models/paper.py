"""Drafts and tokens of forms, and the facts that statistics count."""

from __future__ import annotations

from django.db import models

from forebyg.access.models import Worker
from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField


class Draft(SealedModel):
    """What a worker has typed into a form and not sent. Only that worker reads it."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=100)
    matter_id = models.UUIDField(null=True)
    content = SealedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "form", "matter_id"], name="one_draft_per_form", nulls_distinct=False)
        ]


class UsedForm(models.Model):
    """The token of a form that was sent: a second click finds it here and changes nothing."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()


class Fact(models.Model):
    """A small statistical row written by an action: no identity but a random token that links one person's facts."""

    id = IdField()
    unit_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    on = models.DateField()
    codes = models.JSONField(default=dict)
    token = models.UUIDField(null=True)
