"""What a worker has chosen for the own desk: views of the case list, and mails that tell how much waits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField
from forebyg.store.words import WordField


class SavedView(SealedModel):
    """Filters of the case list under a name (B-012). Only the worker who saved them reads them; the name is sealed, because
    anything may stand in it."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    query = models.JSONField(help_text="the filters as they stand in an address")
    saved_at = models.DateTimeField()


class Digest(models.Model):
    """That a worker wants mails with the numbers of the own inbox, and how often (B-012). No row: none are sent."""

    class Rhythm(models.TextChoices):
        """How often."""

        DAILY = "daily", _("Hver morgen på hverdage")
        WEEKLY = "weekly", _("En gang om ugen")

    worker = models.OneToOneField(Worker, on_delete=models.PROTECT, primary_key=True, related_name="+")
    rhythm = WordField(max_length=6, choices=Rhythm.choices)
    language = models.CharField(max_length=2)
    sent_on = models.DateField(null=True, editable=False)
