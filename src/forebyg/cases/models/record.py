"""What is recorded about the persons of a case. Each row has an owner, its readers and whom it is about."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class Forum(models.TextChoices):
    """The legal forum that information came under; it keeps it (R-043, A-11)."""

    OWN = "own", _("Myndighedens egen sag")
    SSP = "ssp", _("SSP-samarbejdet")
    PSP = "psp", _("PSP-samarbejdet")
    KSP = "ksp", _("KSP-samarbejdet")
    CONSENT = "consent", _("Samtykke")


class Item(Record):
    """A piece of information. Observation, statement, claim and professional assessment are kept apart (R-014)."""

    class Kind(models.TextChoices):
        """What sort of knowledge it is."""

        OBSERVATION = "observation", _("Iagttagelse")
        STATEMENT = "statement", _("Udtalelse fra personen")
        CLAIM = "claim", _("Påstand")
        ASSESSMENT = "assessment", _("Faglig vurdering")

    class Source(models.TextChoices):
        """Where it comes from."""

        OWN_WORK = "own-work", _("Eget arbejde med sagen")
        CITIZEN = "citizen", _("Borgeren selv")
        RELATIVE = "relative", _("Forælder eller pårørende")
        PROFESSIONAL = "professional", _("Fagperson")
        POLICE_ADVICE = "police-advice", _("Politiets input, også rådgivning fra PET")
        OTHER = "other", _("Andre")

    class Reliability(models.TextChoices):
        """How near the source is to what it tells."""

        FIRST_HAND = "first-hand", _("Set eller hørt selv")
        SECOND_HAND = "second-hand", _("Gengivet af andre")
        UNCERTAIN = "uncertain", _("Usikker")

    class Weight(models.TextChoices):
        """Protective factors stand beside risk factors (B-006); nothing is added up (R-029)."""

        RISK = "risk", _("Risikoforhold")
        PROTECTIVE = "protective", _("Beskyttende forhold")
        NEUTRAL = "neutral", _("Hverken eller")

    class Retraction(models.TextChoices):
        """Why an item no longer stands."""

        WRONG_PERSON = "wrong-person", _("Vedrørte en anden person")
        WRONG_CASE = "wrong-case", _("Hørte til en anden sag")

    kind = WordField(max_length=12, choices=Kind.choices)
    source = WordField(max_length=14, choices=Source.choices)
    reliability = WordField(max_length=12, choices=Reliability.choices)
    weight = WordField(max_length=10, choices=Weight.choices)
    forum = WordField(max_length=8, choices=Forum.choices, default=Forum.OWN.value)
    not_for_investigation = models.BooleanField(default=False)
    text = SealedTextField()
    correction_reason = SealedTextField()
    retraction = WordField(max_length=12, choices=Retraction.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(not_for_investigation=True) | ~models.Q(forum__in=["ssp", "psp", "ksp"]),
                name="forum_information_is_not_for_investigation",
            )
        ]


class Qualification(Record):
    """A human choice with its reason that may change over time: each change is a row of its own (R-025 to R-027)."""

    class Kind(models.TextChoices):
        """What is chosen."""

        SEVERITY = "severity", _("Alvorlighed")
        LOCAL_ACTION = "local-action", _("Lokal indsats nødvendig")
        CASE_TYPE = "case-type", _("Sagstype")
        LEVEL = "level", _("Forebyggelsesniveau")
        CLASSIFICATION = "classification", _("Klassifikation")

    kind = WordField(max_length=16, choices=Kind.choices)
    value = models.CharField(max_length=60)
    reason = SealedTextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="severity") | models.Q(value__in=["high", "medium", "low"]),
                name="severity_is_one_of_three",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="classification") | models.Q(value__in=["radicalised", "at-risk", "neither"]),
                name="classification_is_one_of_three",
            ),
        ]


class Severity(models.TextChoices):
    """The three severities; their hours stand in the pack (R-069, A-01)."""

    HIGH = "high", _("Høj")
    MEDIUM = "medium", _("Mellem")
    LOW = "low", _("Lav")


class Classification(models.TextChoices):
    """A human reading of one person, by the definitions of the pack (R-025); never computed (R-029)."""

    RADICALISED = "radicalised", _("Radikaliseret borger")
    AT_RISK = "at-risk", _("Radikaliseringstruet borger")
    NEITHER = "neither", _("Ingen af delene")


class Assessment(Record):
    """An assessment of one subject by one deciding agency, its owner, with those who took part (R-020, R-021, R-045)."""

    class Gate(models.TextChoices):
        """Which assessment."""

        FIRST = "first", _("Første vurdering")
        SECOND = "second", _("Anden vurdering")
        FINAL = "final", _("Afsluttende vurdering")

    class Result(models.TextChoices):
        """What it came to."""

        DISMISSED = "dismissed", _("Afkræftet")
        PROCEED = "proceed", _("Ikke afkræftet: mød borgeren")
        UNRESOLVED = "unresolved", _("Ikke afklaret: mød borgeren")
        CONFIRMED = "confirmed", _("Bekræftet")
        DEALT_WITH = "dealt-with", _("Håndteret")

    gate = WordField(max_length=8, choices=Gate.choices)
    result = WordField(max_length=12, choices=Result.choices)
    taking_part = ArrayField(models.UUIDField(), default=list)
    ground = SealedTextField(help_text="the observable ground beyond opinion (R-030)")
    reason = SealedTextField()
    dissent = SealedTextField()


class Decision(Record):
    """What an authority decided, or a discussion came to; the owner is the authority that answers for it (R-045)."""

    class Kind(models.TextChoices):
        """What it is about."""

        DISCUSSION = "discussion", _("Drøftelse i enheden")
        VISIT = "visit", _("Beslutning om besøg")
        NOTICE = "notice", _("Indskærpelse over for familien")
        RESPONSIBILITY = "responsibility", _("Ansvar påtaget")
        AGREEMENT = "agreement", _("Aftale om indsats")
        MEASURE = "measure", _("Anden indsats")
        PLAN_CHANGE = "plan-change", _("Ændring af indsatsen")
        PROGRESS = "progress", _("Fremskridt")
        HAND_OVER = "hand-over", _("Overdragelse til normalsystemet")
        PET = "pet", _("Politiets overlevering til PET")
        BREACH = "breach", _("Begrundelse for overskredet frist")
        FOLLOW_UP = "follow-up", _("Opfølgning i enheden")
        OTHER = "other", _("Anden beslutning")

    kind = WordField(max_length=16, choices=Kind.choices)
    legal_ref = models.CharField(max_length=60, blank=True, help_text="id of the provision in the pack")
    taking_part = ArrayField(models.UUIDField(), default=list)
    spoken_with = ArrayField(models.UUIDField(), default=list, help_text="participants with whom it was talked through")
    responsible = models.ForeignKey("access.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    text = SealedTextField()


class NoticeAnswer(Record):
    """What the family answered to a notice (R-231). The notice is a decision of the same agency."""

    notice = models.UUIDField(help_text="root of the decision that the notice is")
    answered_by = models.UUIDField(help_text="the participant who answered")
    text = SealedTextField()


class Meeting(Record):
    """A meeting with the citizen, a home visit or a follow-up, held or not (R-051, R-065). A joint visit is one record per
    agency with the same `joint` id."""

    class Kind(models.TextChoices):
        """What sort of meeting."""

        CITIZEN = "citizen", _("Møde med borgeren")
        HOME_VISIT = "home-visit", _("Hjemmebesøg")
        FOLLOW_UP = "follow-up", _("Opfølgende møde")

    class Result(models.TextChoices):
        """Whether it came about."""

        HELD = "held", _("Afholdt")
        MISSED = "missed", _("Borgeren udeblev")
        CANCELLED = "cancelled", _("Aflyst")
        NOT_FOUND = "not-found", _("Ingen hjemme")

    kind = WordField(max_length=12, choices=Kind.choices)
    result = WordField(max_length=10, choices=Result.choices)
    joint = models.UUIDField(null=True)
    taking_part = ArrayField(models.UUIDField(), default=list)
    guardians_present = ArrayField(models.UUIDField(), default=list, help_text="participants who took part as guardians")
    apart_from = ArrayField(
        models.UUIDField(), default=list, help_text="participants without whom it was, who are not told of it"
    )
    no_guardian_reason = SealedTextField()
    text = SealedTextField()


class Alarm(Record):
    """Something feared, such as a departure (R-065). It stands until it is resolved; it hands nothing to anybody."""

    class Kind(models.TextChoices):
        """What is feared."""

        DEPARTURE = "feared-departure", _("Frygt for udrejse")
        DISAPPEARANCE = "disappearance", _("Borgeren kan ikke findes")
        VIOLENCE = "feared-violence", _("Frygt for vold")
        OTHER = "other", _("Andet")

    kind = WordField(max_length=18, choices=Kind.choices)
    text = SealedTextField()


class AlarmEnd(Record):
    """How an alarm was resolved."""

    alarm = models.UUIDField(help_text="root of the alarm")
    text = SealedTextField()


class JournalLink(Record):
    """The number of the case in the owner's records system, and whether it is closed there (R-056, R-057)."""

    number = SealedTextField()
    closed_there_on = models.DateField(null=True)


class ProcedureTick(Record):
    """A point of the case type's procedure that was done (R-028)."""

    procedure = models.CharField(max_length=60)
    point = models.PositiveSmallIntegerField()
