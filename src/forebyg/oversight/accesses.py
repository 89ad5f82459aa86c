"""Access reviews (B-024): which grants a data protection officer is to look at, and what was found."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from forebyg.access.models import BREAK_GLASS, RoleHolding, Worker
from forebyg.access.notices import Notice, tell_worker
from forebyg.access.permissions import PERMISSIONS_OF, Permission, Role
from forebyg.access.queries import require
from forebyg.audit.record import record
from forebyg.cases.clocks import ClockFace, face_of_limit
from forebyg.cases.paging import Page, Stream, page_of
from forebyg.cases.rules import check_text
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.oversight.models import GrantReview, OverseenGrant
from forebyg.store.sealed import open_sealed

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Looks(TypedDict):
        """What `_live` says of each grant."""

        came_at: datetime.datetime
        reviewed_at: datetime.datetime | None
        reaches_far: bool
        beyond_role: bool

    Looked = WithAnnotations[OverseenGrant, _Looks]

OLD_AFTER = datetime.timedelta(days=180)
"""A grant that has run so long is to be reviewed, and again so long after each review at the latest."""
REVIEW_WITHIN = datetime.timedelta(days=14)
"""How long a grant may wait on the list before its review is late."""
MANY_MATTERS = 60
"""A worker with access to more matters at once reaches unusually far."""
_WHOLE = [role.value for role in Role if Permission.WRITE_RECORD in PERMISSIONS_OF[role]]
"""The roles whose work is in whole matters; a mentor's or coach's is with one participant (R-209)."""


class AlreadyReviewed(RuleBroken):
    """Somebody has reviewed the grant since the page was opened."""

    code = "already-reviewed"


class NextNotAllowed(RuleBroken):
    """A review is followed by another one, within half a year."""

    code = "next-review-not-allowed"

    def __init__(self) -> None:
        super().__init__(_("Den næste gennemgang skal være efter i dag og inden for et halvt år. Vælg en anden dag."))


class OwnAccess(RuleBroken):
    """Nobody reviews the own access."""

    code = "own-access"


def grants_to_review(worker: Worker, *, now: datetime.datetime) -> QuerySet[Looked]:
    """Live grants that are old, self-given or reach unusually far, and whose next review has come. Raises `NotPermitted`."""
    return _live(worker, now).filter(came_at__lte=now)


def grants_reviewed(worker: Worker, *, now: datetime.datetime) -> QuerySet[Looked]:
    """Live grants that were reviewed and whose next review has not come. Raises `NotPermitted`."""
    return _live(worker, now).filter(came_at__gt=now, reviewed_at__isnull=False)


def page_of_grants(grants: QuerySet[Looked], *, after: str = "", before: str = "") -> Page:
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


def clock_of(grant: Looked, *, now: datetime.datetime) -> ClockFace:
    """How long there is left to review a grant of a list; until its next review when that has not come."""
    if grant.came_at > now:
        return face_of_limit(grant.reviewed_at or grant.starts_at, grant.came_at, now)
    return face_of_limit(grant.came_at, grant.came_at + REVIEW_WITHIN, now)


@dataclass(frozen=True)
class ToReview:
    """How many grants wait for a review, how many of them too long, and when the next one comes."""

    waiting: int
    late: int
    next_at: datetime.datetime | None


def to_review(worker: Worker, *, now: datetime.datetime) -> ToReview:
    """What the desk says of access reviews. Two queries. Raises `NotPermitted`."""
    counted = grants_to_review(worker, now=now).aggregate(
        waiting=Count("id"), late=Count("id", filter=Q(came_at__lt=now - REVIEW_WITHIN))
    )
    return ToReview(**counted, **grants_reviewed(worker, now=now).aggregate(next_at=Min("came_at")))


def review_grant(
    *,
    worker: Worker,
    grant_id: uuid.UUID,
    outcome: str,
    note: str,
    now: datetime.datetime,
    next_at: datetime.datetime | None = None,
) -> GrantReview:
    """Keep what was found, and when to look again: half a year on, or sooner. Asked to take a stand, the agency gets a task in the
    matter, without a word of the note. An access that is ended is gone at once, and its worker gets a mail that names no case.

    Raises `NotPermitted`, `NotVisible`, `OwnAccess`, `TextMissing`, `TextTooLong`, `NextNotAllowed`, and `AlreadyReviewed`, also of a
    grant that ended.
    """
    grant = fetch_grant(worker, grant_id)
    if grant.worker_id == worker.id:
        raise OwnAccess(_("Du kan ikke gennemgå din egen adgang. Bed en anden databeskyttelsesrådgiver om det."))
    check_text(note, what=_("hvad du har set"))
    if not grants_to_review(worker, now=now).filter(id=grant_id).exists():
        raise AlreadyReviewed(_("Adgangen er allerede gennemgået, eller den er slut."))
    next_at = next_at or now + OLD_AFTER
    if not now < next_at <= now + OLD_AFTER:
        raise NextNotAllowed
    review = GrantReview(
        grant_id=grant.id,
        controller_id=worker.agency.controller_id,
        reviewed_by=worker,
        reviewed_at=now,
        outcome=GrantReview.Outcome(outcome),
        note=note,
        next_at=next_at,
    )
    review.save(force_insert=True)
    task = _ask(grant) if review.outcome == GrantReview.Outcome.ASKED else None
    if review.outcome == GrantReview.Outcome.ENDED:
        _end(worker, grant, now)
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


def _end(worker: Worker, grant: OverseenGrant, now: datetime.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oversight_end_access(%s)", [grant.id])
    tell_worker(grant.worker, Notice.ACCESS_ENDED)
    record("access.ended", actor=worker, at=now, matters=[grant.matter_id], codes={"grant": str(grant.id)})


def _live(worker: Worker, now: datetime.datetime) -> QuerySet[Looked]:
    """Each with `came_at`, when it came or will come on the list: by its last review, at once when it is unusual, else when old.
    `reaches_far` and `beyond_role` say what is unusual about its reach, `reviewed_at` when it was last looked at."""
    require(worker, Permission.OVERSEE)
    live = OverseenGrant.objects.filter(ended_at=None, starts_at__lte=now, ends_at__gt=now, is_admitted=True).exclude(
        reason=BREAK_GLASS  # has a list and a review of its own
    )
    many = live.values("worker").annotate(matters=Count("matter_id", distinct=True)).filter(matters__gt=MANY_MATTERS)
    whole = RoleHolding.objects.filter(worker=OuterRef("worker"), role__in=_WHOLE)
    reviews = GrantReview.objects.filter(grant=OuterRef("id")).order_by("-reviewed_at", "-id")
    is_unusual = Q(worker=F("given_by")) | Q(reaches_far=True) | Q(beyond_role=True)
    return live.annotate(
        reaches_far=_yes(Q(worker__in=many.values("worker"))),
        beyond_role=_yes(Q(in_part=False) & ~Exists(whole)),
        reviewed_at=Subquery(reviews.values("reviewed_at")[:1]),
    ).annotate(
        came_at=Coalesce(
            Subquery(reviews.values("next_at")[:1]),
            Case(
                When(is_unusual, then=F("starts_at")),
                default=ExpressionWrapper(F("starts_at") + OLD_AFTER, DateTimeField()),
            ),
        )
    )


def _yes(condition: Any) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(condition, BooleanField())
