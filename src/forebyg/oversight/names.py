"""Who is who in a page of the log: names of workers and agencies, read once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext

from forebyg.access.models import Agency, Worker


class Names:
    """Names by id, of all agencies and of those workers that a page shows. Two queries."""

    def __init__(self, workers: Iterable[uuid.UUID | None]) -> None:
        wanted = {id for id in workers if id is not None}
        self._workers = dict(Worker.objects.filter(id__in=wanted).values_list("id", "name"))
        self._agencies = dict(Agency.objects.values_list("id", "name"))

    def worker(self, id: uuid.UUID | None) -> str:
        """A worker's name."""
        return self._workers.get(id, "") if id else gettext("Ukendt")

    def agency(self, id: uuid.UUID | None) -> str:
        """An agency's name."""
        return self._agencies.get(id, "") if id else ""

    def any(self, text: str) -> str:
        """The name that an id in a code stands for; empty when it is none of these."""
        try:
            id = uuid.UUID(text)
        except ValueError:
            return ""
        return self._workers.get(id) or self._agencies.get(id) or ""
