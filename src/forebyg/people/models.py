"""The persons of a matter, each recorded by the agency that knows them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.people.age import StatedAge
from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField
from forebyg.store.words import WordField

CUSTODY_STATUS = [
    ("none", _("Hverken varetægtsfængslet, i fængsel eller løsladt")),
    ("remand", _("Varetægtsfængslet")),
    ("serving", _("Afsoner")),
    ("released", _("Løsladt efter dom")),
    ("released-minor", _("Dømt som barn og løsladt eller udskrevet fra et andet sted end et fængsel")),
    ("released-remand", _("Løsladt efter varetægt")),
]
"""What the law's forums ask of a person's custody; empty when it is not known."""


class Participant(Record):
    """A person in a matter: subject, involved, guardian, or two of them at once (R-011, R-012).

    `root` is the participant's stable id, used in every `about`. `citizen` is the same for the same human in a later
    matter (R-034). A change of role or a correction is a new version.
    """

    class Role(models.TextChoices):
        """Words for the three roles; a participant may hold several."""

        SUBJECT = "subject", _("Bekymringen gælder")
        INVOLVED = "involved", _("Involveret")
        GUARDIAN = "guardian", _("Forælder eller værge")

    citizen = models.UUIDField()
    label = SealedTextField(help_text="how the person is spoken of in the matter, e.g. 'Far'")
    name = SealedTextField()
    cpr = SealedTextField()
    cpr_index = models.BinaryField(null=True, help_text="keyed hash of the CPR number, for exact look-up")
    born_on = SealedTextField(help_text="ISO date, or empty when not known")
    stated_age = WordField(max_length=8, choices=StatedAge.choices, default=StatedAge.UNKNOWN.value)
    municipality = models.CharField(max_length=60, blank=True)
    is_subject = models.BooleanField(default=False)
    is_involved = models.BooleanField(default=False)
    is_guardian = models.BooleanField(default=False)
    involved_because = SealedTextField()
    cooperation = WordField(
        max_length=12,
        blank=True,
        choices=[("cooperates", _("Samarbejder")), ("partly", _("Samarbejder delvist")), ("refuses", _("Vil ikke samarbejde"))],
    )
    custody_status = WordField(
        max_length=16,
        blank=True,
        choices=CUSTODY_STATUS,
        help_text="what the forums of the law ask for; empty when not known",
    )
    exposed = models.BooleanField(null=True, help_text="socially exposed, as the forums of the law ask; empty when not known")
    interpreter = SealedTextField(null=True, help_text="the language of an interpreter, when one is needed")
    protected_address = models.BooleanField(default=False, help_text="name and address protection: no whereabouts are told")
    meets_apart = models.BooleanField(default=False, help_text="met apart from the child, because the influence is the concern")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_subject=True) | models.Q(is_involved=True) | models.Q(is_guardian=True),
                name="participant_has_a_role",
            )
        ]

    @property
    def roles(self) -> list[str]:
        """The labels of the roles held."""
        held = [
            (self.is_subject, self.Role.SUBJECT),
            (self.is_involved, self.Role.INVOLVED),
            (self.is_guardian, self.Role.GUARDIAN),
        ]
        return [str(role.label) for is_held, role in held if is_held]


class Relation(Record):
    """How two participants are related (R-011); `custody` where one is the other's parent (R-105)."""

    class Kind(models.TextChoices):
        """Read as: *from* is … of *to*."""

        PARENT = "parent", _("forælder til")
        SIBLING = "sibling", _("søskende til")
        INFLUENCE = "influence", _("påvirker")
        OTHER = "other", _("nærtstående til")

    from_participant = models.UUIDField()
    to_participant = models.UUIDField()
    kind = WordField(max_length=10, choices=Kind.choices)
    has_custody = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_participant=models.F("to_participant")), name="relation_is_between_two"
            )
        ]

    def other(self, participant: uuid.UUID) -> uuid.UUID:
        """The other end."""
        return self.to_participant if participant == self.from_participant else self.from_participant


class Consent(Record):
    """An answer to one of two questions that are never mixed (B-031): to take part in a measure (R-101), or that information
    is shared. Each answer is a row, by the person or by a parent or guardian; `happened_at` is when it was given. A refusal
    has no adverse effect.
    """

    class Kind(models.TextChoices):
        """What was asked."""

        TAKE_PART = "take-part", _("At deltage")
        SHARE = "share", _("At dele oplysninger")

    class Answer(models.TextChoices):
        """What was answered."""

        GIVEN = "given", _("Ja")
        REFUSED = "refused", _("Nej")
        WITHDRAWN = "withdrawn", _("Trukket tilbage")

    kind = WordField(max_length=9, choices=Kind.choices)
    person = models.UUIDField(help_text="the participant whom it concerns")
    answered_by = models.UUIDField(help_text="the participant who answered: the person, or a parent or guardian")
    answer = WordField(max_length=9, choices=Answer.choices)
    intervention = models.CharField(max_length=60, blank=True, help_text="to take part in: id in the strategy pack")
    recipient = models.UUIDField(
        null=True, help_text="to share with: an agency or a participant, or empty for all named in the text"
    )
    text = SealedTextField(help_text="what was asked and said")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="share", intervention="")
                | models.Q(models.Q(kind="take-part", recipient=None), ~models.Q(intervention="")),
                name="consent_is_to_one_thing",
            )
        ]


class Information(Record):
    """Whether a person was told that an agency keeps information about that person (B-004; GDPR articles 13 and 14): told, or
    not, why not, and until when. The owner's author decided, and each agency has a duty of its own. The newest one stands.
    """

    class State(models.TextChoices):
        """Whether the person was told."""

        TOLD = "told", _("Personen er orienteret")
        NOT_TOLD = "not-told", _("Personen er ikke orienteret")

    class Why(models.TextChoices):
        """Why somebody was not told; the law behind it is the agency's to name in the text."""

        NOT_REACHED = "not-reached", _("Personen kan ikke nås endnu")
        CHILD = "child", _("Hensynet til et barn")
        INVESTIGATION = "investigation", _("Hensynet til politiets arbejde")
        OTHERS = "others", _("Hensynet til andres sikkerhed eller rettigheder")
        OTHER = "other", _("En anden grund, som loven nævner")

    person = models.UUIDField(help_text="the participant whom it concerns")
    state = WordField(max_length=8, choices=State.choices)
    why = WordField(max_length=13, blank=True, choices=Why.choices)
    until = models.DateField(null=True, help_text="until when the person is not told; then it is decided anew")
    text = SealedTextField(help_text="how the person was told, or the reason in words")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="told", why="", until=None)
                | models.Q(models.Q(state="not-told", until__isnull=False), ~models.Q(why="")),
                name="not_told_has_a_reason_and_an_end",
            )
        ]


class Merge(SealedModel):
    """A proposal that two participants are one person: made by one worker, reviewed by another, and undone where it was wrong.

    PostgreSQL fills in the `citizen` that is kept and the one that is given up, and lets only those see it who see both
    persons. No matter is opened and no record moved by it.
    """

    class Outcome(models.TextChoices):
        """What the review found."""

        ACCEPTED = "accepted", _("De er den samme")
        DECLINED = "declined", _("De er to forskellige")

    id = IdField()
    matter_one = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    person_one = models.UUIDField()
    matter_two = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    person_two = models.UUIDField()
    kept = models.UUIDField(null=True, editable=False)
    given_up = models.UUIDField(null=True, editable=False)
    why = SealedTextField()
    proposed_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = WordField(max_length=8, blank=True, choices=Outcome.choices)
    reviewed_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(person_one=models.F("person_two")), name="merge_is_of_two"),
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has reviewed it yet."""
        return self.outcome == ""

    @property
    def stands(self) -> bool:
        """Whether the two count as one person because of it."""
        return self.outcome == self.Outcome.ACCEPTED and self.undone_at is None
