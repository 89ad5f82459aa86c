"""The worker of a session, read in one message with all that a request asks of a worker."""

from __future__ import annotations

import uuid

from allauth.account.auth_backends import AuthenticationBackend

from forebyg.access.models import Worker
from forebyg.access.permissions import Role
from forebyg.store.rows import Rows
from forebyg.store.together import Question, ask

_OPEN = "access_worker.id = %s AND access_worker.is_active AND NOT access_worker.is_system"


class WorkerBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Sign-in as allauth does it; a closed account, and the one that jobs act as, are nobody's."""

    def get_user(self, user_id: uuid.UUID | str) -> Worker | None:
        """The worker with agency, unit and roles."""
        workers: list[Worker]
        workers, roles = ask(
            Rows(Worker, _OPEN, (user_id,), beside=("agency", "unit")).asked(),
            Question("SELECT role FROM access_roleholding WHERE worker_id = %s", [user_id], list),
        )
        for worker in workers:
            worker.roles = frozenset(Role(role) for (role,) in roles)
            return worker
        return None
