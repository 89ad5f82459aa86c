"""Who is who: controllers, agencies, units, workers, their roles and their grants."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.permissions import NEED_SECOND_FACTOR, PERMISSIONS_OF, Permission, Role
from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField
from forebyg.store.words import WordField


class Controller(models.Model):
    """A legal data controller: a municipality's administration, a police district, the prison service, a region."""

    id = IdField()
    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class AgencyKind(models.TextChoices):
    """What sort of body an agency is; rules ask for the kind, never for a name."""

    SECRETARIAT = "secretariat", _("Sekretariat")
    PREVENTION_UNIT = "prevention-unit", _("Antiradikaliseringsenhed")
    SSP = "ssp", _("SSP")
    POLICE = "police", _("Politi")
    SOCIAL_SERVICES = "social-services", _("Socialforvaltning")
    SCHOOL = "school", _("Skole")
    EMPLOYMENT = "employment", _("Beskæftigelse")
    PRISON_SERVICE = "prison-service", _("Kriminalforsorg")
    PSYCHIATRY = "psychiatry", _("Psykiatri")
    SPECIALIST = "specialist", _("Specialister")
    MENTORS = "mentors", _("Mentorkorps")
    COACHES = "coaches", _("Forældrecoaches")
    OTHER = "other", _("Anden myndighed")


class Agency(models.Model):
    """The body that owns information and sits at the table."""

    id = IdField()
    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="agencies")
    name = models.CharField(max_length=120, unique=True)
    kind = WordField(max_length=20, choices=AgencyKind.choices)
    actor = models.CharField(max_length=60, blank=True, help_text="id of the actor in the strategy pack")
    is_entry_point = models.BooleanField(default=False)
    forums = ArrayField(
        models.CharField(max_length=3), default=list, help_text="the legal cooperations that it takes part in: ssp, psp, ksp"
    )
    has_public_task = models.BooleanField(
        null=True, help_text="of mentors, coaches and institutions: whether they act for their controller; empty is not known"
    )

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """The coordination unit: a tenant. It employs nobody and decides nothing (R-205, R-045)."""

    id = IdField()
    name = models.CharField(max_length=120, unique=True)
    pack = models.CharField(max_length=60)
    members: models.ManyToManyField[Agency, Membership] = models.ManyToManyField(
        Agency, through="Membership", related_name="units"
    )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An agency's seat in a unit: permanent, or called in when needed."""

    id = IdField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    is_permanent = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "agency"], name="agency_once_in_unit")]


class WorkerManager(BaseUserManager["Worker"]):
    """Workers by e-mail address, the way Django's sign-in asks."""

    def get_by_natural_key(self, username: str | None) -> Worker:
        """The worker with this e-mail address, in any case of letters."""
        return self.get(email__iexact=username)


class Worker(AbstractBaseUser):
    """A person's account, in exactly one agency (R-205)."""

    id = IdField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="workers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="workers")
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)

    objects: ClassVar[WorkerManager] = WorkerManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now, read once per instance; of a session's worker with the worker (`WorkerBackend`)."""
        return frozenset(Role(one.role) for one in self.holdings.all())

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What the roles permit, together."""
        return frozenset().union(*(PERMISSIONS_OF[role] for role in self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether any role permits it. That the worker also sees the thing is asked elsewhere."""
        return permission in self.permissions

    @property
    def needs_second_factor(self) -> bool:
        """Whether the worker may do anything that a password alone does not open."""
        return not self.permissions.isdisjoint(NEED_SECOND_FACTOR)


class LegalStanding(SealedModel):
    """A proposal of how an agency stands before the law: the cooperations it takes part in, and whether it has a public task.

    It changes the agency when a legal reviewer who did not make it accepts it, by `access.decide_standing` alone (ADR 0018).
    """

    class Outcome(models.TextChoices):
        """What became of it; empty while it waits."""

        ACCEPTED = "accepted", _("Godkendt")
        DECLINED = "declined", _("Afvist")
        WITHDRAWN = "withdrawn", _("Trukket tilbage")

    id = IdField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="standings")
    forums = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    has_public_task = models.BooleanField(null=True)
    reason = SealedTextField()
    proposed_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = WordField(max_length=9, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(outcome=""), name="one_open_legal_standing_per_agency"
            )
        ]


class RoleHolding(models.Model):
    """A role that a worker holds (R-207)."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="holdings")
    role = WordField(max_length=24, choices=[(role.value, role.label) for role in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "role"], name="role_once_per_worker")]


class Grant(models.Model):
    """A worker's need to know: one matter, or one participant in it, with a reason and an end (R-208, B-024)."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="grants")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    participant = models.UUIDField(null=True, help_text="the one participant it covers; empty for the whole matter")
    reason = models.CharField(max_length=60, help_text="a fixed word, never text about a person")
    given_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    given_for = models.UUIDField(null=True, help_text="root of the task or the request that it ends with; empty: none")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="grant_ends_after_it_starts")
        ]
        indexes = [
            models.Index(fields=["worker", "ends_at"], name="grant_by_worker"),
            models.Index(
                fields=["given_for"],
                condition=models.Q(ended_at=None, given_for__isnull=False),
                name="grant_given_for",
            ),
        ]


BREAK_GLASS = "break-glass"
"""The reason of a grant that a worker took in an emergency. PostgreSQL lets nothing but `oversight_break_glass` make one."""


class Emergency(models.TextChoices):
    """What may be behind broken glass, in fixed words (B-025)."""

    LIFE = "life", _("Fare for liv eller førlighed")
    CHILD = "child", _("Et barn er i fare")
    DEPARTURE = "departure", _("Frygt for, at nogen er ved at rejse ud")
    OTHER = "other", _("En anden nødsituation")


class BreakGlass(SealedModel):
    """An emergency opening of one matter: the grant it gave, why, and until when somebody else is to have looked at it.

    Rows are made by PostgreSQL's `oversight_break_glass` alone; the worker and the overseers of the controller see them.
    """

    id = IdField()
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    emergency = WordField(max_length=12, choices=Emergency.choices)
    reason = SealedTextField()
    broken_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, help_text="when the overseers were last told that the review is late")


class Admission(models.Model):
    """An agency's place at a matter: its workers may be granted, and see the frame. Itself a disclosure."""

    id = IdField()
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    admitted_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField()
    frame_only = models.BooleanField(default=False, help_text="after the police took over the matter: nothing but the frame")
    special_only = models.BooleanField(
        default=False, editable=False, help_text="while a special lock stands: named workers only"
    )
    ended_at = models.DateTimeField(null=True)
    given_for = models.UUIDField(
        null=True, help_text="root of the request that alone made it: it ends when nothing is left of that"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "agency"], condition=models.Q(ended_at=None), name="agency_admitted_once")
        ]


class SpecialLock(models.Model):
    """A matter about somebody specially protected: while it stands, only grants with the reason `special` count in the matter,
    whoever looks (B-026). Why it was locked is sealed in the ledger."""

    id = IdField()
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="+")
    locked_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=models.Q(lifted_at=None), name="one_lock_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by=None) | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="lock_is_lifted_by_somebody",
            ),
        ]


class FirstUseLink(models.Model):
    """The way into a new account, or back into one that was lost: used once, within `expires_at`, kept as a hash only."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="first_use_links")
    token_hash = models.BinaryField(unique=True, help_text="SHA-256 of the 256 random bits in the link")
    made_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="a newer link took its place, or the account was closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=models.Q(used_at=None, ended_at=None), name="one_open_link_per_worker"
            )
        ]


class FactorSecret(SealedModel):
    """What a second factor is checked against, sealed. allauth's row of the factor names it by its id."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    secret = SealedTextField()


class KnownBrowser(models.Model):
    """A browser that a worker has signed in from: it carries the row's id in a signed cookie. Nothing else is known of it."""

    id = IdField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="known_browsers")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
