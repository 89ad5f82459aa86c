"""Offers, answers and courses as simple recorded facts; the room `programmes` will own their work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class Offer(Record):
    """A voluntary offer to one participant (R-102). `about` holds the one it is made to."""

    intervention = models.CharField(max_length=60, help_text="id in the strategy pack")
    is_asked_for = models.BooleanField(default=False, help_text="the person asked for it, after a wish not to be asked again")
    text = SealedTextField()


class Answer(Record):
    """A yes or no to an offer, by the citizen or by a parent for a minor (R-101, A-32). Each answer is a row."""

    class Kind(models.TextChoices):
        """What was answered."""

        ACCEPTED = "accepted", _("Ja tak")
        REFUSED = "refused", _("Nej tak")
        WITHDRAWN = "withdrawn", _("Trukket tilbage")

    offer = models.UUIDField(help_text="root of the offer")
    kind = WordField(max_length=10, choices=Kind.choices)
    answered_by = models.UUIDField(help_text="the participant who answers")
    asks_no_more = models.BooleanField(default=False, help_text="a no, and the wish not to be asked again (B-031)")
    text = SealedTextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asks_no_more=False) | ~models.Q(kind="accepted"), name="who_says_yes_may_be_asked"
            )
        ]


class Course(Record):
    """A course begun on an accepted offer: counts once per person and type (A-05)."""

    offer = models.UUIDField(help_text="root of the offer")
    intervention = models.CharField(max_length=60)
    holder = models.ForeignKey("access.Worker", on_delete=models.PROTECT, null=True, related_name="+")


class CourseEvent(Record):
    """What happens in a course. Its state is the last one of these: on hold is not completed (R-063)."""

    class Kind(models.TextChoices):
        """What happened."""

        SESSION = "session", _("Samtale holdt")
        MISSED = "missed", _("Samtale ikke holdt")
        FOCUS = "focus", _("Ændret fokus")
        ON_HOLD = "on-hold", _("Sat i bero")
        RESUMED = "resumed", _("Genoptaget")
        COMPLETED = "completed", _("Gennemført")
        INTERRUPTED = "interrupted", _("Afbrudt")
        HANDED_OVER = "handed-over", _("Overdraget")

    course = models.UUIDField(help_text="root of the course")
    kind = WordField(max_length=12, choices=Kind.choices)
    counts_as_completed = models.BooleanField(default=False, help_text="reading A-21: a course on hold may count")
    text = SealedTextField()
