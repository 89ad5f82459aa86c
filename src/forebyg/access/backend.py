"""The worker of a session, read in one query with all that a request asks of a worker."""

from __future__ import annotations

import uuid

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from forebyg.access.models import RoleHolding, Worker


class WorkerBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Sign-in as allauth does it; a closed account, and the one that jobs act as, are nobody's."""

    def get_user(self, user_id: uuid.UUID | str) -> Worker | None:
        """The worker with agency, unit and roles."""
        roles = RoleHolding.objects.filter(worker=OuterRef("pk")).values("role")
        workers = Worker.objects.select_related("agency", "unit").annotate(held_roles=ArraySubquery(roles))
        return workers.filter(pk=user_id, is_active=True, is_system=False).first()
