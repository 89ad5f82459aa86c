"""How a matter begins. The room is minimal until "Intake": enough to take in a concern and never lose its count."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.records import Record
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class Concern(Record):
    """A concern contact (bekymringshenvendelse): when, by which channel, received by whom. The owner received it."""

    class Reporter(models.TextChoices):
        """Who reports; the list is open by OTHER (R-003)."""

        FRONT_STAFF = "front-staff", _("Frontmedarbejder")
        RELATIVE = "relative", _("Forælder eller pårørende")
        CASEWORKER = "caseworker", _("Sagsbehandler")
        CITIZEN = "citizen", _("Privat borger")
        CIVIL_SOCIETY = "civil-society", _("Civilsamfund")
        OTHER = "other", _("Andre")

    channel = models.CharField(max_length=60, help_text="id of the channel in the pack")
    reporter = WordField(max_length=16, choices=Reporter.choices)
    reported_by = ArrayField(models.UUIDField(), default=list, help_text="agencies that report, when agencies do")
    received_at = models.DateTimeField(null=True, help_text="to the minute; empty while it has only arisen")


class ReporterIdentity(Record):
    """Who reported, sealed apart with its own key; read by the owner alone, whatever else is disclosed (B-003)."""

    concern = models.UUIDField(help_text="root of the concern")
    name = SealedTextField()
    contact = SealedTextField()
