"""Telling another agency, the law asked first: what it does not allow is not done."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.records import Record
from forebyg.audit.record import record
from forebyg.cases import rules
from forebyg.cases.actions import disclosing, opening, telling
from forebyg.cases.actions.keeping import Deed, begin, keep, note
from forebyg.cases.finding import Terms, as_kept, check_allowed
from forebyg.cases.models import Agreement, Case, Disclosure, Meeting, Task
from forebyg.cases.queries import fetch_case, fetch_record, participants_of, records_of
from forebyg.cases.third_persons import NamesOthers, third_persons
from forebyg.core.errors import RuleBroken
from forebyg.law import Finding
from forebyg.people.models import Relation
from forebyg.sharing.gate import decisive, finding_for, finding_to_name, findings_for_letter, own_records
from forebyg.sharing.models import Letter
from forebyg.sharing.recipients import check_recipient
from forebyg.ui.moments import short_date


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


class AboutOthersToo(RuleBroken):
    """A letter tells of one person; what is about others besides is theirs (R-221)."""

    code = "letter-about-others-too"

    def __init__(self) -> None:
        super().__init__(
            _("Noget af det handler også om andre end den, brevet drejer sig om. Vælg kun det, der handler om én person.")
        )


class KeptApart(RuleBroken):
    """A parent who is met apart is not told what was kept from that parent (R-106)."""

    code = "letter-of-what-is-kept-apart"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Noget af det skal modtageren ikke kende: det var et møde uden modtageren eller en aftale, der holdes fra modtageren. Vælg det fra."
            )
        )


def write_letter(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    about: uuid.UUID,
    to_person: uuid.UUID,
    to_kind: str,
    records: Iterable[tuple[str, uuid.UUID]],
    terms: Terms,
    text: str,
    necessity: str,
    now: datetime.datetime,
) -> Letter:
    """Tell a participant what is about one person, by letter, when the law allows it. Nobody gets access to anything.

    Raises `NotLawful`, `AboutOthersToo`, `KeptApart`, `NamesOthers`, `NotInThisCase`, `TextMissing`, and as `check_recipient` and
    `finding_for`.
    """
    records = list(records)
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now, also_ended=True)
    check_letter_to(worker=worker, case=deed.case, about=about, to_person=to_person, kind=to_kind, now=now)
    rules.check_text(text, what=_("brevet"))
    rules.check_text(necessity, what=_("hvorfor det er nødvendigt at fortælle det"))
    rows = own_records(worker, deed.case, records)
    check_about(about, rows)
    check_not_apart(to_person, rows)
    disclosing.check_kept_among(rows, None)
    if third_persons(worker, deed.case, but=[about, to_person]).are_named_in([text]):
        raise NamesOthers(_("Brevet"))
    finding = decisive(
        findings_for_letter(
            worker=worker, case=deed.case, records=records, to_person=to_person, kind=to_kind, terms=terms, now=now
        )
    )
    check_allowed(finding)
    return keep(
        deed,
        Letter(
            recipient=to_person,
            recipient_is=to_kind,
            records=[root for _table, root in records],
            finding=as_kept(finding, purpose=terms.purpose),
            necessity=necessity,
            text=text,
        ),
        action="letter.written",
        about=[about],
        fact="letter",
        fact_codes={"basis": finding.by[0], "to": to_kind},
    )


def check_letter_to(
    *, worker: Worker, case: Case, about: uuid.UUID, to_person: uuid.UUID, kind: str, now: datetime.datetime
) -> None:
    """Both are persons of the case, and the recipient is to the other what the letter says. Raises `NotInThisCase`, and as
    `check_recipient`."""
    people = participants_of(worker, case)
    rules.check_members([about, to_person], [one.root for one in people])
    check_recipient(
        about=about,
        to_person=to_person,
        kind=kind,
        people=people,
        relations=records_of(worker, case, Relation),
        day=timezone.localdate(now),
    )


def withdraw_letter(*, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """Withdraw a letter of one's own agency: it is marked wherever it is shown or printed, and a task says that its recipient is to
    be told, for nothing here reaches whoever has read it. Why stands in the ledger (B-023)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    letter = fetch_record(worker=worker, model=Letter, case=deed.case, root=root)
    if letter.withdrawn_at is not None:
        raise rules.AlreadyDone
    Letter.objects.filter(id=letter.id).update(withdrawn_at=now, withdrawn_by=worker)
    note(deed, "letter.withdrawn", records=[letter.root, *letter.records], reason=reason)
    what_follows = _("Fortæl modtageren, at brevet fra %(day)s er trukket tilbage.") % {"day": short_date(letter.happened_at)}
    telling.tell(deed, Task.Kind.DO, worker.agency_id, text=what_follows, concerns=letter.root)


def tell_of_letters(deed: Deed, root: uuid.UUID) -> None:
    """A record was corrected that letters told of: their recipients are recorded ones, too (art. 19 GDPR), and only a new letter
    reaches them. So each letter that stands gives a task."""
    letters = Letter.objects.visible_to(deed.worker).filter(records__contains=[root], withdrawn_at=None)
    for letter in letters.order_by("happened_at", "id"):
        said = _("Noget i brevet fra %(day)s er rettet: fortæl modtageren det, og skriv et nyt brev.")
        text = said % {"day": short_date(letter.happened_at)}
        telling.tell(deed, Task.Kind.DO, deed.worker.agency_id, text=text, concerns=letter.root)


def check_about(person: uuid.UUID, records: Iterable[Record]) -> None:
    """Raise `AboutOthersToo` unless all records are about this person and nobody else."""
    if any(row.about != [person] for row in records):
        raise AboutOthersToo


def check_not_apart(recipient: uuid.UUID, records: Iterable[Record]) -> None:
    """Raise `KeptApart` where a meeting was held without the recipient on purpose, or an agreement is kept from the recipient."""
    if any(recipient in row.apart_from for row in records if isinstance(row, Meeting | Agreement)):
        raise KeptApart
