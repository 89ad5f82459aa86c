"""What a person must have said before the law is used: sign-offs of provisions, clarifications of doubts; and letters to those
outside the agencies. Rows are only added."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, Worker
from forebyg.access.records import Record
from forebyg.sharing.measures.models import MeasureDecision
from forebyg.sharing.requests.models import InformationRequest, RequestAnswer
from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField
from forebyg.store.words import WordField

__all__ = [
    "Clarification",
    "Doubt",
    "DoubtClarified",
    "InformationRequest",
    "Letter",
    "MeasureDecision",
    "ParentContact",
    "RequestAnswer",
    "SignOff",
]


class SignOff(SealedModel):
    """A named person's word that a provision may be used here, or may no longer (B-028): the newest of its version stands.
    `version` names the provision's exact content, so that a changed text is signed anew."""

    id = IdField()
    pack = models.CharField(max_length=80)
    provision = models.CharField(max_length=80)
    version = models.CharField(max_length=64)
    is_signed = models.BooleanField(help_text="false takes an earlier sign-off back")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="the name that stands under it; an account may be renamed later")
    at = models.DateTimeField()
    note = SealedTextField(help_text="what was looked at, or why it is taken back")

    class Meta:
        indexes = [models.Index(fields=["pack", "provision", "at"], name="sign_off_of_provision")]


class Clarification(SealedModel):
    """How a doubt that the law pack names was clarified for this installation (R-087, R-100, A-10): the newest stands."""

    id = IdField()
    doubt = models.CharField(max_length=80, help_text="id of the doubt in the law pack")
    is_in_favour = models.BooleanField()
    clarified_on = models.DateField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    clarified_by = SealedTextField(help_text="who clarified it: a person and a body")
    text = SealedTextField()

    class Meta:
        indexes = [models.Index(fields=["doubt", "at"], name="clarification_of_doubt")]


class Doubt(SealedModel):
    """A legal doubt about sharing in one matter: nothing crosses an agency border there until it is clarified (R-087).
    Everyone who has the whole matter reads it."""

    id = IdField()
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = SealedTextField(help_text="the legal question, without anything about a person")

    class Meta:
        indexes = [models.Index(fields=["matter"], name="doubt_in_matter")]


class DoubtClarified(SealedModel):
    """Who clarified a doubt of a matter, and when. Against: the sharing stays stopped until another one is in favour."""

    id = IdField()
    doubt = models.ForeignKey(Doubt, on_delete=models.PROTECT, related_name="answers")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    is_in_favour = models.BooleanField()
    clarified_on = models.DateField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    clarified_by = SealedTextField(help_text="who clarified it: a person and a body")
    text = SealedTextField()


class Letter(Record):
    """A disclosure to somebody outside the agencies: the citizen, a parent or another close person (R-083, R-098). It gives
    nobody access to anything; third persons are left out of it (R-221)."""

    class To(models.TextChoices):
        """What the recipient is to the person whom it is about."""

        CITIZEN = "citizen", _("Borgeren selv")
        PARENT = "parent", _("Forælder")
        CLOSE = "close-person", _("Anden nærtstående")

    recipient = models.UUIDField(help_text="the participant who is written to")
    recipient_is = WordField(max_length=12, choices=To.choices)
    records = ArrayField(models.UUIDField(), default=list, help_text="roots of what is told")
    finding = models.JSONField(help_text="the law's finding and the purpose, as it allowed the letter")
    necessity = SealedTextField()
    text = SealedTextField(help_text="the letter")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="letter_withdrawn_by_somebody",
            )
        ]


class ParentContact(Record):
    """A parent was contacted about signs in a young person (R-109): on which ground, and what was said. What is said to a parent is a
    disclosure, so it keeps the finding that allowed it; it gives nobody access. `happened_at` is when they spoke."""

    parent = models.UUIDField(help_text="the participant who was contacted")
    finding = models.JSONField(help_text="the law's finding and the purpose, as it allowed the contact")
    ground = SealedTextField(help_text="the signs that were seen")
    text = SealedTextField(help_text="what was said, and what was agreed")
