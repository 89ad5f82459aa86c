"""The ledger's rows. The web role may only insert; nobody but the owner may change or remove."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from forebyg.store.ids import IdField
from forebyg.store.sealed import SealedModel, SealedTextField


class Event(SealedModel):
    """Who did or saw what, for which agency, in which matters, and why (R-217). `xid` and `written_at` are PostgreSQL's."""

    id = IdField()
    at = models.DateTimeField()
    worker_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    matter_ids = ArrayField(models.UUIDField(), default=list)
    record_ids = ArrayField(models.UUIDField(), default=list)
    codes = models.JSONField(default=dict)
    reason = SealedTextField()

    class Meta:
        db_table = "audit_event"
