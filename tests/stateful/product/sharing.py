"""Seats, grants and disclosures, by the actions, and by SQL where no action gives what PostgreSQL allows."""

from __future__ import annotations

import datetime

from tests.stateful.oracle.facts import Grant, Person, Record
from tests.stateful.oracle.may import AGENCY
from tests.stateful.product.hands import WORDS, Acting, Hands, hand

from forebyg.access.models import Admission
from forebyg.access.models import Grant as GrantRow
from forebyg.cases.actions import disclosing, opening
from forebyg.cases.tests.cast import SSP_115
from forebyg.core.errors import NotVisible


@hand
def admit(hands: Hands, acting: Acting, *, contact: str) -> None:
    opening.admit_agency(
        **acting, agency_id=hands.agency(AGENCY[contact]), contact_id=hands.cast[contact].id, finding=SSP_115, necessity=WORDS
    )


@hand
def change_lead(hands: Hands, acting: Acting, *, to: str) -> None:
    opening.change_lead(**acting, agency_id=hands.agency(to), reason=WORDS)


@hand
def give_access(hands: Hands, acting: Acting, *, to: str, lasts: datetime.timedelta) -> None:
    opening.give_access(**acting, colleague_id=hands.cast[to].id, ends_at=hands.world.now + lasts)


@hand
def end_access(hands: Hands, acting: Acting, *, grant: Grant) -> None:
    assert grant.id
    opening.end_access(**acting, grant_id=grant.id)


@hand
def disclose(hands: Hands, acting: Acting, *, records: list[Record], to: str) -> None:
    chosen = [(one.table, one.root) for one in records]
    disclosing.disclose(**acting, records=chosen, to_agency=hands.agency(to), finding=SSP_115, necessity=WORDS)


@hand
def withdraw(hands: Hands, acting: Acting, *, disclosure: Record) -> None:
    disclosing.withdraw(**acting, disclosure=disclosure.root, reason=WORDS)


@hand
def seat_by_sql(hands: Hands, acting: Acting, *, agency: str, frame_only: bool) -> None:
    seat = Admission(matter_id=hands.matter(acting), agency_id=hands.agency(agency), frame_only=frame_only)
    seat.admitted_by, seat.admitted_at = acting["worker"], acting["now"]
    seat.save(force_insert=True)


@hand
def end_seat_by_sql(hands: Hands, acting: Acting, *, agency: str) -> None:
    seat = Admission.objects.filter(matter=hands.matter(acting), agency=hands.agency(agency), ended_at=None)
    if seat.update(ended_at=acting["now"]) == 0:
        raise NotVisible


@hand
def grant_by_sql(
    hands: Hands, acting: Acting, *, to: str, person: Person | None, waits: datetime.timedelta,
    lasts: datetime.timedelta,
) -> None:  # fmt: skip
    starts_at = acting["now"] + waits
    grant = GrantRow(
        worker=hands.cast[to], matter_id=hands.matter(acting), participant=person.root if person else None, reason="test"
    )
    grant.given_by, grant.starts_at, grant.ends_at = acting["worker"], starts_at, starts_at + lasts
    grant.save(force_insert=True)
