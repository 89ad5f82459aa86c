"""The accounts of a unit, as its administrators see them; and the one question of permission."""

from __future__ import annotations

import uuid

from django.db import models

from forebyg.access.models import FirstUseLink, Worker
from forebyg.access.permissions import Permission
from forebyg.core.errors import NotPermitted, NotVisible


def require(worker: Worker, permission: Permission) -> None:
    """Raise `NotPermitted` unless a role of the worker permits it; the sentence says what was asked for."""
    if not worker.may(permission):
        raise NotPermitted(permission.sentence)


def accounts_of(administrator: Worker) -> models.QuerySet[Worker]:
    """The accounts of the administrator's unit by agency and name, each with `link_expires_at` while a link of first use
    is open. Three queries."""
    require(administrator, Permission.ADMINISTER)
    open_link = FirstUseLink.objects.filter(worker=models.OuterRef("pk"), used_at=None, ended_at=None)
    return (
        Worker.objects.filter(unit=administrator.unit_id, is_system=False)
        .select_related("agency", "unit")
        .prefetch_related("holdings")
        .annotate(link_expires_at=models.Subquery(open_link.values("expires_at")[:1]))
        .order_by("agency__name", "name", "id")
    )


def fetch_account(*, administrator: Worker, account_id: uuid.UUID) -> Worker:
    """One account of the administrator's unit, never the own. Raises `NotPermitted`, `NotVisible`."""
    account = accounts_of(administrator).filter(pk=account_id).exclude(pk=administrator.pk).first()
    if account is None:
        raise NotVisible
    return account
