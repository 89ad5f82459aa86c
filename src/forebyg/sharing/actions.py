"""Telling another agency, the law asked first: what it does not allow is not done."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases.actions import disclosing, opening
from forebyg.cases.finding import Terms
from forebyg.cases.models import Case, Disclosure
from forebyg.cases.queries import fetch_case
from forebyg.law import Finding
from forebyg.sharing.gate import finding_for, finding_to_name


def note_look(*, worker: Worker, case: Case, finding: Finding, now: datetime.datetime) -> None:
    """Record that the law was asked about an exchange, and what it said; what was to be told is recorded when it is told."""
    record(
        "exchange.considered",
        actor=worker,
        at=now,
        matters=[case.matter_id],
        codes={"outcome": finding.outcome, "because": finding.because or "", "by": list(finding.by)},
    )


def tell(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    records: Iterable[tuple[str, uuid.UUID]],
    to_agency: uuid.UUID,
    terms: Terms,
    necessity: str,
    now: datetime.datetime,
    told_at: datetime.datetime | None = None,
) -> list[Disclosure]:
    """Disclose records of one's own agency, given as (table, root), when the law allows it on these terms.

    `told_at`: it was said then, on the telephone, and the law is asked as it was then.

    Raises `NotLawful` with the law's own sentence, and what `disclosing.disclose` raises.
    """
    records = list(records)
    case = fetch_case(worker=worker, case_id=case_id, permission=Permission.DISCLOSE)
    asked_at = told_at or now
    finding = finding_for(worker=worker, case=case, records=records, to_agency=to_agency, terms=terms, now=asked_at)
    return disclosing.disclose(
        worker=worker,
        case_id=case_id,
        records=records,
        to_agency=to_agency,
        finding=finding,
        purpose=terms.purpose,
        necessity=necessity,
        now=now,
        told_at=told_at,
    )


def admit(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    agency_id: uuid.UUID,
    contact_id: uuid.UUID,
    terms: Terms,
    necessity: str,
    now: datetime.datetime,
) -> None:
    """Admit an agency to the frame of the matter when the law allows it to be told who the subjects are.

    Raises `NotLawful`, and what `opening.admit_agency` raises.
    """
    case = fetch_case(worker=worker, case_id=case_id, permission=Permission.ADMIT_AGENCY)
    finding = finding_to_name(worker=worker, case=case, persons=(), to_agency=agency_id, terms=terms, now=now)
    opening.admit_agency(
        worker=worker,
        case_id=case_id,
        agency_id=agency_id,
        contact_id=contact_id,
        finding=finding,
        necessity=necessity,
        now=now,
    )
