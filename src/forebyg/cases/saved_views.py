"""Views of the case list that a worker has saved under a name, for that worker only (B-012)."""

from __future__ import annotations

import datetime
import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases import rules
from forebyg.cases.lists import CaseFilters
from forebyg.cases.models import SavedView
from forebyg.cases.queries import require
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.store.sealed import open_sealed

MOST = 10
"""Views of one worker."""
LONGEST_NAME = 40


class TooManyViews(RuleBroken):
    """There is no room for one more."""

    code = "too-many-views"

    def __init__(self) -> None:
        super().__init__(_("Du har %(most)s gemte visninger, og flere er der ikke plads til. Slet en først.") % {"most": MOST})


class NameTaken(RuleBroken):
    """Two views of one name can't be told apart."""

    code = "view-name-taken"

    def __init__(self) -> None:
        super().__init__(_("Du har allerede en visning med det navn. Vælg et andet navn, eller slet den gamle."))


def views_of(worker: Worker) -> list[SavedView]:
    """The worker's own views, oldest first, opened."""
    found = list(SavedView.objects.filter(worker=worker).order_by("saved_at", "id"))
    open_sealed(found)
    return found


def save_view(*, worker: Worker, name: str, filters: CaseFilters, now: datetime.datetime) -> SavedView:
    """Keep filters under a name. Raises `TextMissing`, `TextTooLong`, `NameTaken`, `TooManyViews`, or `AlreadyDone` for the
    same view sent twice."""
    require(worker, Permission.SEE_CASES)
    name = name.strip()
    if not name:
        raise rules.TextMissing(_("et navn"))
    rules.check_length(name, most=LONGEST_NAME)
    query = filters.as_query()
    views = views_of(worker)
    for one in views:
        if one.name == name:
            raise rules.AlreadyDone if one.query == query else NameTaken
    if len(views) >= MOST:
        raise TooManyViews
    kept = SavedView(worker=worker, name=name, query=query, saved_at=now)
    kept.save(force_insert=True)
    record("view.saved", actor=worker, at=now)
    return kept


def drop_view(*, worker: Worker, view_id: uuid.UUID, now: datetime.datetime) -> None:
    """Forget a view of one's own. Raises `NotVisible`."""
    require(worker, Permission.SEE_CASES)
    dropped, _by_kind = SavedView.objects.filter(worker=worker, id=view_id).delete()
    if not dropped:
        raise NotVisible
    record("view.dropped", actor=worker, at=now)
