"""Access reviews (B-024): which grants a data protection officer is to look at, and what was found."""

from __future__ import annotations

import datetime
import uuid

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from forebyg.access.models import BREAK_GLASS, Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.record import record
from forebyg.cases.paging import Page, Stream, page_of
from forebyg.cases.rules import check_text
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.oversight.models import GrantReview, OverseenGrant
from forebyg.store.sealed import open_sealed

OLD_AFTER = datetime.timedelta(days=180)
"""A grant that has run so long is to be reviewed, and again so long after each review."""


class AlreadyReviewed(RuleBroken):
    """Somebody has reviewed the grant since the page was opened."""

    code = "already-reviewed"


class OwnAccess(RuleBroken):
    """Nobody reviews the own access."""

    code = "own-access"


def grants_to_review(worker: Worker, *, now: datetime.datetime) -> QuerySet[OverseenGrant]:
    """Live grants that are old or self-given, and not reviewed lately. Raises `NotPermitted`."""
    return _live(worker, now).filter(Q(starts_at__lt=now - OLD_AFTER) | Q(worker=F("given_by")), ~_reviewed_lately(now))


def grants_reviewed(worker: Worker, *, now: datetime.datetime) -> QuerySet[OverseenGrant]:
    """Live grants that were reviewed lately. Raises `NotPermitted`."""
    return _live(worker, now).filter(_reviewed_lately(now))


def page_of_grants(grants: QuerySet[OverseenGrant], *, after: str = "", before: str = "") -> Page:
    """A page of grants, the oldest first."""
    rows = grants.select_related("worker", "agency", "given_by")
    return page_of([[Stream(rows, ("starts_at", "id"))]], after=after, before=before)


def fetch_grant(worker: Worker, grant_id: uuid.UUID) -> OverseenGrant:
    """A grant of the overseen agencies. Raises `NotPermitted`, `NotVisible`."""
    require(worker, Permission.OVERSEE)
    grant = OverseenGrant.objects.filter(id=grant_id).select_related("worker", "agency", "given_by").first()
    if grant is None:
        raise NotVisible
    return grant


def reviews_of(worker: Worker, grants: list[OverseenGrant]) -> dict[uuid.UUID, list[GrantReview]]:
    """The reviews of each of these grants, newest first, opened. Raises `NotPermitted`."""
    require(worker, Permission.OVERSEE)
    found = GrantReview.objects.filter(grant__in=[grant.id for grant in grants])
    reviews = list(found.select_related("reviewed_by").order_by("-reviewed_at", "-id"))
    open_sealed(reviews)
    by_grant: dict[uuid.UUID, list[GrantReview]] = {}
    for review in reviews:
        by_grant.setdefault(review.grant_id, []).append(review)
    return by_grant


def review_grant(*, worker: Worker, grant_id: uuid.UUID, outcome: str, note: str, now: datetime.datetime) -> GrantReview:
    """Keep what was found. Asked to take a stand, the agency gets a task in the matter, without a word of the note.

    Raises `NotPermitted`, `NotVisible`, `OwnAccess`, `TextMissing`, `TextTooLong`, and `AlreadyReviewed`, also of a grant that ended.
    """
    grant = fetch_grant(worker, grant_id)
    if grant.worker_id == worker.id:
        raise OwnAccess(_("Du kan ikke gennemgå din egen adgang. Bed en anden databeskyttelsesrådgiver om det."))
    check_text(note, what=_("hvad du har set"))
    if not grants_to_review(worker, now=now).filter(id=grant_id).exists():
        raise AlreadyReviewed(_("Adgangen er allerede gennemgået, eller den er slut."))
    review = GrantReview(
        grant_id=grant.id,
        controller_id=worker.agency.controller_id,
        reviewed_by=worker,
        reviewed_at=now,
        outcome=GrantReview.Outcome(outcome),
        note=note,
    )
    review.save(force_insert=True)
    task = _ask(grant) if review.outcome == GrantReview.Outcome.ASKED else None
    record(
        "oversight.access-reviewed",
        actor=worker,
        at=now,
        matters=[grant.matter_id],
        records=[grant.id, *([task] if task else [])],
        codes={"worker": str(grant.worker_id), "outcome": outcome},
    )
    return review


def _ask(grant: OverseenGrant) -> uuid.UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oversight_ask_agency(%s)", [grant.id])
        task: uuid.UUID = cursor.fetchone()[0]
    return task


def _live(worker: Worker, now: datetime.datetime) -> QuerySet[OverseenGrant]:
    require(worker, Permission.OVERSEE)
    return OverseenGrant.objects.filter(ended_at=None, starts_at__lte=now, ends_at__gt=now, is_admitted=True).exclude(
        reason=BREAK_GLASS  # has a list and a review of its own
    )


def _reviewed_lately(now: datetime.datetime) -> Exists:
    return Exists(GrantReview.objects.filter(grant=OuterRef("id"), reviewed_at__gt=now - OLD_AFTER))
