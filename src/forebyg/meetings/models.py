"""A case on the agenda of a unit meeting, and the minutes of that item."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from forebyg.access.records import Record
from forebyg.law.words import COOPERATIONS
from forebyg.store.sealed import SealedTextField


class AgendaItem(Record):
    """That a case is taken up at a unit meeting, in which forum, and which agencies attend (R-043). Read by those who attend;
    it holds no word about a person. What the law said of each of them is kept with it.

    PostgreSQL sets the readers, and refuses whoever is not admitted to the matter or takes no part in the forum.
    """

    forum = models.CharField(max_length=4, help_text="ssp, psp, ksp or none: the law's words")
    meets_at = models.DateTimeField()
    attending = ArrayField(models.UUIDField(), default=list, help_text="the agencies that attend, the owner among them")
    findings = models.JSONField(default=dict, help_text="by agency: the law's finding on taking the case up with it")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(version=1), name="agenda_item_is_written_once")]


class Minutes(Record):
    """The minutes of one item, written by the agency that keeps them (R-048). Disclosed to those who took part and, whoever
    asks, to nobody else; a correction is a new version of the same item, forum and participants."""

    item = models.UUIDField(help_text="root of the agenda item")
    forum = models.CharField(max_length=4, help_text="that of the item")
    taking_part = ArrayField(models.UUIDField(), default=list, help_text="the agencies that took part in the item")
    not_for_investigation = models.BooleanField(default=False)
    text = SealedTextField()
    correction_reason = SealedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="minutes_once_for_an_item"),
            models.CheckConstraint(
                condition=models.Q(not_for_investigation=True) | ~models.Q(forum__in=COOPERATIONS),
                name="forum_minutes_are_not_for_investigation",
            ),
        ]

    @property
    def kept_among(self) -> list[uuid.UUID]:
        """Those who took part in the item."""
        return list(self.taking_part)
