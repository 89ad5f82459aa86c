"""What an authority decided under a provision."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField


class MeasureDecision(Record):
    """A measure that the owner decided on towards one person under a provision (R-094). It keeps the finding that allowed it, with
    the exact content of the provision; PostgreSQL refuses one that no signed provision carries. `happened_at` is when it was
    decided. Nobody decides for another authority: the record is the owner's."""

    measure = models.CharField(max_length=40, help_text="a word of the law")
    provision = models.CharField(max_length=80, help_text="id in the law pack: the one it rests on")
    grounds = ArrayField(models.CharField(max_length=40), default=list, help_text="words of the law")
    cooperation = models.CharField(max_length=10, blank=True, help_text="of the parents: a word of the law, or not stated")
    intervention = models.CharField(max_length=60, blank=True, help_text="whose consent counted: id in the strategy pack")
    finding = models.JSONField(help_text="the law's finding and the purpose, as it allowed the decision")
    weighing = SealedTextField(help_text="why this measure in this very case; an order has one")
    text = SealedTextField(help_text="what was decided, and why")
