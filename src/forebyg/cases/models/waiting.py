"""What waits: clocks and tasks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, Worker
from forebyg.access.records import Record
from forebyg.core.working_time import Calendar
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField

CALENDARS = [
    (Calendar.ELAPSED.value, _("Alle timer")),
    (Calendar.WEEKDAYS.value, _("Timer på hverdage")),
    (Calendar.WORKING.value, _("Arbejdstimer kl. 8-16 på hverdage")),
]
"""Which hours a deadline counts."""


class Clock(Record):
    """Any deadline (B-010): its rule, start, pauses, due, stop, which hours it counts, and the reason of a breach.
    `happened_at` is the start."""

    class Rule(models.TextChoices):
        """Which deadline."""

        TRIAGE = "triage", _("Visitation")
        RE_OFFER = "re-offer", _("Nyt tilbud efter afslag")
        OUTCOME = "outcome-6-months", _("Status 6 måneder efter forløbet")
        OCCUPATION = "occupation-12-months", _("Uddannelse eller job inden 12 måneder")
        REQUEST = "request-answer", _("Svar på en anmodning")
        INFORM = "inform-person", _("Orientering af en person")

    class Cause(models.TextChoices):
        """Why a deadline was not kept, in fixed words that say nothing of anybody: the report of breaches counts them."""

        FAMILY = "family", _("Familien kunne ikke træffes")
        OTHER_AGENCY = "other-agency", _("Vi ventede på en anden myndighed")
        LAW = "law", _("Lovgrundlaget skulle afklares")
        CAPACITY = "capacity", _("Der var ikke tid eller medarbejdere nok")
        CLOSED = "closed", _("Ferie, sygdom eller lukkedage")
        NOT_KNOWN = "not-known", _("Vi opdagede fristen for sent")
        OTHER = "other", _("Andet")

    rule = WordField(max_length=20, choices=Rule.choices)
    unit_id = models.UUIDField()
    concerns = models.UUIDField(null=True, help_text="root of the record it is for")
    due_at = models.DateTimeField()
    calendar = WordField(max_length=13, choices=CALENDARS, default=Calendar.ELAPSED.value)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    explained_at = models.DateTimeField(
        null=True, help_text="when a breach was explained; the reason is a decision of its owner"
    )
    explained_because = WordField(max_length=12, choices=Cause.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(due_at__gt=models.F("happened_at")), name="clock_is_due_after_start")
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=models.Q(stopped_at=None), name="clock_running"),
            models.Index(fields=["matter", "due_at"], condition=models.Q(stopped_at=None), name="clock_next_of_matter"),
            models.Index(fields=["unit_id", "due_at"], condition=models.Q(stopped_at=None, rule="triage"), name="clock_board"),
            models.Index(fields=["owner"], condition=models.Q(stopped_at=None, paused_at__isnull=False), name="clock_still"),
            models.Index(
                fields=["matter"], condition=models.Q(stopped_at=None, paused_at__isnull=False), name="clock_still_matter"
            ),
        ]

    @property
    def stops_by_itself(self) -> bool:
        """Whether what it waits for is recorded elsewhere, so that nobody marks it as done."""
        return self.rule in (Clock.Rule.TRIAGE, Clock.Rule.REQUEST, Clock.Rule.INFORM)

    @property
    def is_running(self) -> bool:
        """Neither stopped nor paused."""
        return self.stopped_at is None and self.paused_at is None


class Task(Record):
    """A piece of work for one agency. A task for another agency carries a fixed word and no text about a person."""

    class Kind(models.TextChoices):
        """The fixed words."""

        DO = "do", _("Opgave")
        STEP = "step", _("Sagens næste trin")
        READ_CORRECTION = "read-correction", _("En oplysning, I har fået, er rettet: læs den igen")
        TAKE_RESPONSIBILITY = "take-responsibility", _("Påtag jer ansvaret")
        EXPLAIN_BREACH = "explain-breach", _("Fristen er overskredet: handl eller begrund")
        CONTACT = "contact", _("Kontakt den, der leder sagen")
        REVIEW_ACCESS = "review-access", _("Databeskyttelsesrådgiveren beder jer tage stilling til en adgang")
        CORRECTED_EARLIER = "corrected-earlier", _("En oplysning, I tidligere har fået, er rettet: spørg den, der gav den")
        DISCLOSURE_WITHDRAWN = "disclosure-gone", _("En oplysning, I har fået, er trukket tilbage: brug den ikke længere")
        ANSWER_REQUEST = "answer-request", _("Svar på en anmodning fra en anden myndighed")
        REQUEST_ANSWERED = "request-answered", _("En anmodning fra jer er besvaret")
        REQUEST_WITHDRAWN = "request-gone", _("En anmodning til jer er trukket tilbage")
        TURNS_18_SOON = "turns-18-soon", _("En person i sagen fylder snart 18 år: forbered, at reglerne skifter")
        TURNED_18 = "turned-18", _("En person i sagen er fyldt 18 år: borgeren svarer nu selv")
        BREAK_GLASS = "break-glass", _("En medarbejder har brugt nødadgang til sagen")
        CHECK_AGREEMENT = "check-agreement", _("Se efter, om en aftale er holdt")
        INFORM_ANEW = "inform-anew", _("Tag på ny stilling til, om personen kan orienteres om, at I har oplysninger")

    kind = WordField(max_length=20, choices=Kind.choices)
    assigned_to = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(null=True, help_text="the step it is the work of")
    text = SealedTextField()
    concerns = models.UUIDField(null=True, help_text="root of the record it is about, never named in words")
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["assigned_to", "due_at"], condition=models.Q(done_at=None), name="task_open")]

    @property
    def is_notice(self) -> bool:
        """Whether it tells something that is confirmed as read, rather than asks for work."""
        return self.kind in NOTICES

    @property
    def is_done_elsewhere(self) -> bool:
        """Whether its work is recorded by an act of its own, so that nobody marks it as done."""
        return self.kind in DONE_ELSEWHERE


DONE_ELSEWHERE = frozenset({Task.Kind.STEP, Task.Kind.ANSWER_REQUEST, Task.Kind.CHECK_AGREEMENT, Task.Kind.INFORM_ANEW})

NOTICES = frozenset(
    {
        Task.Kind.READ_CORRECTION,
        Task.Kind.CORRECTED_EARLIER,
        Task.Kind.DISCLOSURE_WITHDRAWN,
        Task.Kind.REQUEST_ANSWERED,
        Task.Kind.REQUEST_WITHDRAWN,
    }
)
