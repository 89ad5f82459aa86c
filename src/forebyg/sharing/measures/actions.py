"""Recording what the worker's own authority decided, the law asked first: what it does not allow is not recorded as decided."""

from __future__ import annotations

import datetime
import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, keep, token_of
from forebyg.cases.finding import as_kept, check_allowed
from forebyg.cases.models import Case, TimelineEntry
from forebyg.cases.queries import participants_of
from forebyg.law import Finding
from forebyg.sharing.measures.judging import Wanted, finding_on
from forebyg.sharing.measures.models import MeasureDecision


def note_asked(*, worker: Worker, case: Case, finding: Finding, now: datetime.datetime) -> None:
    """Record that the law was asked about a measure, and what it said."""
    record(
        "measure.considered",
        actor=worker,
        at=now,
        matters=[case.matter_id],
        codes={"outcome": finding.outcome, "because": finding.because or "", "by": list(finding.by)},
    )


def decide_measure(
    *, worker: Worker, case_id: uuid.UUID, wanted: Wanted, weighing: str, text: str, now: datetime.datetime
) -> MeasureDecision:
    """Record a measure that the worker's own authority decided on, when the law allows it (R-094): never by itself, never for
    another authority, an order only with its weighing in writing (R-096).

    Raises `NotLawful` with the law's own sentence, `NotInThisCase`, `TextMissing`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.TAKE_RESPONSIBILITY, now=now)
    rules.check_moment(wanted.decided_at, now=now)
    rules.check_text(text, what=_("hvad der er besluttet og hvorfor"))
    rules.check_length(weighing)
    finding = finding_on(worker=worker, case=deed.case, wanted=wanted)
    check_allowed(finding)
    codes = {"measure": wanted.measure, "provision": wanted.provision}
    return keep(
        deed,
        MeasureDecision(
            **codes,
            grounds=list(wanted.grounds),
            cooperation=wanted.cooperation,
            intervention=wanted.intervention,
            finding=as_kept(finding, purpose=wanted.purpose),
            weighing=weighing,
            text=text,
        ),
        action="measure.decided",
        about=[wanted.person],
        happened_at=wanted.decided_at,
        entry=TimelineEntry.Kind.MEASURE,
        entry_codes=codes,
        entry_text=text,
        fact="measure-decision",
        fact_codes=codes,
        token=token_of(participants_of(worker, deed.case), wanted.person),
    )
