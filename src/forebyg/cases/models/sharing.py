"""Disclosures and the timeline."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency
from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class Disclosure(Record):
    """The owner told another agency: what, to whom, on which finding, why necessary, by whom, when (R-098).

    Its readers are both agencies. Withdrawing it removes the recipient from its own readers and from the record's.
    """

    record_table = models.CharField(max_length=40)
    record_root = models.UUIDField()
    recipient = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    finding = models.JSONField(help_text="the law's finding and the purpose, as it allowed the disclosure")
    necessity = SealedTextField()
    told_at = models.DateTimeField(null=True, help_text="when it was said on the telephone, if it was recorded afterwards")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(owner=models.F("recipient")), name="disclosed_to_another"),
            models.UniqueConstraint(
                fields=["record_root", "recipient"], condition=models.Q(withdrawn_at=None), name="disclosed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(told_at=None) | models.Q(told_at__lte=models.F("recorded_at")),
                name="told_before_it_was_recorded",
            ),
        ]


class TimelineEntry(Record):
    """One line of the timeline. It follows its record: same owner, same readers, same persons."""

    class Kind(models.TextChoices):
        """What sort of happening: gives the heading and the mark."""

        CONCERN = "concern", _("Henvendelse modtaget")
        PARTICIPANT = "participant", _("Person tilføjet")
        ITEM = "item", _("Oplysning")
        DOCUMENT = "document", _("Dokument")
        QUALIFICATION = "qualification", _("Kvalificering")
        ASSESSMENT = "assessment", _("Vurdering")
        DECISION = "decision", _("Beslutning")
        MEETING = "meeting", _("Møde")
        OFFER = "offer", _("Tilbud")
        ANSWER = "answer", _("Svar på tilbud")
        COURSE = "course", _("Forløb begyndt")
        COURSE_EVENT = "course-event", _("Forløb")
        ALARM = "alarm", _("Alarm")
        ALARM_END = "alarm-end", _("Alarm afsluttet")
        DISCLOSURE = "disclosure", _("Videregivelse")
        JOURNAL = "journal", _("Journal")
        REQUEST = "request", _("Anmodning om oplysninger")
        REQUEST_ANSWER = "request-answer", _("Svar på en anmodning")
        CONSENT = "consent", _("Samtykke")
        MEASURE = "measure", _("Afgørelse")
        PARENT_CONTACT = "parent-contact", _("Kontakt til en forælder")
        NOTICE_ANSWER = "notice-answer", _("Svar på en indskærpelse")
        AGREEMENT = "agreement", _("Aftale med borgeren")
        AGREEMENT_KEPT = "agreement-kept", _("Aftale fulgt op")
        CONTACT = "contact", _("Opsøgende kontakt")
        AGENDA_ITEM = "agenda-item", _("Sat på enhedens dagsorden")
        MINUTES = "minutes", _("Referat af enhedens drøftelse")

    kind = WordField(max_length=16, choices=Kind.choices)
    record_table = models.CharField(max_length=40)
    record_root = models.UUIDField()
    codes = models.JSONField(default=dict, help_text="fixed words that make up the heading")
    text = SealedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_root", "version"], name="one_entry_per_version")]
