"""Requests and their answers: each belongs to the agency that wrote it and is read by the other one."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency
from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class RequestState(models.TextChoices):
    """How a request stands."""

    OPEN = "open", _("Venter på svar")
    ANSWERED = "answered", _("Besvaret")
    DECLINED = "declined", _("Afslået")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")


class InformationRequest(Record):
    """One agency asks another about persons of a matter (B-020). That it names them is itself a disclosure, so it keeps the
    finding that allowed it. Read by both agencies; by its owner alone once it is withdrawn.

    `outcome` and `ended_at` follow the answer by a trigger; withdrawing is the owner's own change of them.
    """

    asked = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    forum = models.CharField(max_length=4, help_text="ssp, psp, ksp or none: the law's words")
    purpose = models.CharField(max_length=20, help_text="a word of the law")
    finding = models.JSONField(help_text="what the law said of naming these persons to the agency asked")
    persons = SealedTextField(help_text="whom it is about, as the agency asked gets to know them")
    question = SealedTextField()
    necessity = SealedTextField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(owner=models.F("asked")), name="asked_of_another"),
            models.CheckConstraint(condition=models.Q(version=1), name="request_is_withdrawn_not_corrected"),
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at=None)
                | models.Q(outcome__in=["answered", "declined", "withdrawn"], ended_at__isnull=False),
                name="request_ends_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["asked", "due_at", "id"], condition=models.Q(ended_at=None), name="request_to_us_open"),
            models.Index(fields=["owner", "due_at", "id"], condition=models.Q(ended_at=None), name="request_from_us_open"),
            models.Index(
                fields=["asked", "-ended_at", "-id"], condition=models.Q(ended_at__isnull=False), name="request_to_us_ended"
            ),
            models.Index(
                fields=["owner", "-ended_at", "-id"], condition=models.Q(ended_at__isnull=False), name="request_from_us_ended"
            ),
        ]

    @property
    def state(self) -> RequestState:
        """How it stands, by what is recorded."""
        return RequestState(self.outcome or RequestState.OPEN)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.ended_at is None

    def is_from(self, agency: uuid.UUID) -> bool:
        """Whether this agency asks."""
        return bool(self.owner_id == agency)


class RequestAnswer(Record):
    """The answer of the agency asked: items that it chose and disclosed, or a refusal with its reason. Nobody is bound to
    disclose (Danish Administration of Justice Act s. 115(4))."""

    class Kind(models.TextChoices):
        """What was answered."""

        ANSWERED = "answered", _("Besvaret")
        DECLINED = "declined", _("Afslået")

    request = models.UUIDField(help_text="root of the request")
    asker = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = WordField(max_length=8, choices=Kind.choices)
    disclosures = ArrayField(models.UUIDField(), default=list, help_text="roots of the disclosures made with it")
    reason = SealedTextField(help_text="why it is declined, without anything about a person")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(owner=models.F("asker")), name="answered_to_another"),
            models.CheckConstraint(condition=models.Q(version=1), name="answer_is_not_corrected"),
            models.UniqueConstraint(fields=["request"], name="answered_once"),
            models.CheckConstraint(
                condition=models.Q(kind="declined", disclosures=[]) | models.Q(kind="answered", disclosures__len__gt=0),
                name="answer_holds_items_or_is_a_refusal",
            ),
        ]
