"""What is agreed with the citizen and the parents, whether it was kept, and contacts that were sought (R-103, R-108, R-128)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class Agreement(Record):
    """One thing agreed in the plan of one person, whom `about` names, in words that the family can read. `happened_at` is when
    it was agreed."""

    taking_part = ArrayField(models.UUIDField(), default=list, help_text="participants who agreed it: the citizen, the parents")
    apart_from = ArrayField(models.UUIDField(), default=list, help_text="parents who are not told of it (R-106)")
    without_reason = SealedTextField(help_text="why the citizen, or under 18 no parent, took part")
    text = SealedTextField(help_text="what was agreed")


class AgreementKept(Record):
    """Whether an agreement was kept, as seen on a day. Each look is a row, and the newest stands."""

    class Answer(models.TextChoices):
        """Whether it was kept."""

        KEPT = "kept", _("Holdt")
        PARTLY = "partly", _("Delvist holdt")
        NOT_KEPT = "not-kept", _("Ikke holdt")

    agreement = models.UUIDField(help_text="root of the agreement")
    answer = WordField(max_length=8, choices=Answer.choices)
    text = SealedTextField()


class Contact(Record):
    """A contact that was sought by outreach, and the mandate under which it was made: a provision of the strategy, or one of its
    interventions (R-128)."""

    mandate = models.CharField(max_length=80, help_text="`provision:` or `intervention:`, then the id in the strategy pack")
    text = SealedTextField()
