"""Consents: what was asked, who answered what, and an answer taken back. A no has no adverse effect (B-031)."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.models import TimelineEntry
from forebyg.cases.queries import fetch_record, guardians_in, participants_of, unit_agencies
from forebyg.core.errors import NotPermitted, RuleBroken
from forebyg.people.consents import asked_on, consents_of
from forebyg.people.models import Consent, Participant
from forebyg.strategy.queries import pack_of


class OfAge(RuleBroken):
    """From 18 nobody but the citizen consents (R-104, R-223)."""

    code = "of-age"

    def __init__(self) -> None:
        super().__init__(_("Borgeren var fyldt 18 år den dag. Kun borgeren selv kan svare. Registrér borgerens eget svar."))


class NothingToWithdraw(RuleBroken):
    """Only a yes that stands is taken back."""

    code = "nothing-to-withdraw"

    def __init__(self) -> None:
        super().__init__(_("Der står ikke længere et ja, som kan trækkes tilbage. Se det nyeste svar på personens side."))


class NoRecipient(RuleBroken):
    """A consent to share says with whom."""

    code = "consent-without-recipient"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Vælg en af enhedens myndigheder eller personens egen forælder, eller vælg »Alle, der er nævnt i teksten«, og nævn dem."
            )
        )


class NoMeasure(RuleBroken):
    """A consent to take part names one measure of the catalogue."""

    code = "consent-without-measure"

    def __init__(self) -> None:
        super().__init__(_("Vælg den indsats fra kataloget, som samtykket gælder."))


def record_consent(
    *, worker: Worker, case_id: uuid.UUID, consent: Consent, happened_at: datetime.datetime, now: datetime.datetime
) -> Consent:
    """Record an answer: to take part in one measure, or to share, and never both in one (R-101, R-102, B-031). By the citizen,
    or by who has the custody of someone under 18. Also after the end, for an answer may be taken back at any time.

    Raises `NotInThisCase`, `NotAGuardian`, `OfAge`, `NoMeasure`, `NoRecipient`, `NothingToWithdraw`, `TextMissing`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    person = _person(deed, consent.person)
    guardians = guardians_in(worker, deed.case, person.root)
    rules.check_members([consent.answered_by], [one.root for one in participants_of(worker, deed.case)])
    rules.check_answers(consent.answered_by, citizen=person.root, guardians=guardians)
    if consent.answered_by != person.root and not asked_on(person, timezone.localdate(happened_at)).guardians:
        raise OfAge
    _check_question(deed, consent, guardians)
    if consent.answer == Consent.Answer.WITHDRAWN:
        _check_stands(deed, consent)
    else:
        rules.check_text(consent.text, what=_("hvad der blev spurgt om og svaret"))
    return keep_consent(deed, consent, happened_at=happened_at, entry=True)


def keep_consent(deed: Deed, consent: Consent, *, happened_at: datetime.datetime, entry: bool) -> Consent:
    """Keep an answer in a deed that has begun; without an entry where the timeline tells of it already."""
    codes = {"kind": consent.kind, "answer": consent.answer, "intervention": consent.intervention}
    return keep(
        deed,
        consent,
        action="consent.recorded",
        about=[consent.person],
        happened_at=happened_at,
        entry=TimelineEntry.Kind.CONSENT if entry else None,
        entry_codes=codes,
        entry_text=consent.text if entry else "",
        fact="consent",
        fact_codes=codes,
    )


def withdraw_consent(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    consent: uuid.UUID,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Consent:
    """The one who said yes takes it back. What was told on it before stays recorded. Raises `NotPermitted` where another
    agency recorded the yes, and `NothingToWithdraw`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    given = fetch_record(worker=worker, model=Consent, case=deed.case, root=consent)
    if given.owner_id != worker.agency_id:
        raise NotPermitted(_("Samtykket er registreret af en anden myndighed. Kontakt den, så den kan registrere det."))
    rules.check_length(text)
    taken_back = Consent(
        kind=given.kind,
        person=given.person,
        answered_by=given.answered_by,
        answer=Consent.Answer.WITHDRAWN,
        intervention=given.intervention,
        recipient=given.recipient,
        text=text,
    )
    _check_stands(deed, taken_back)
    return keep_consent(deed, taken_back, happened_at=happened_at, entry=True)


def _person(deed: Deed, root: uuid.UUID) -> Participant:
    return fetch_record(worker=deed.worker, model=Participant, case=deed.case, root=root)


def _check_question(deed: Deed, consent: Consent, guardians: set[uuid.UUID]) -> None:
    if consent.kind == Consent.Kind.TAKE_PART:
        if consent.recipient is not None or consent.intervention not in {one.id for one in pack_of(deed.worker).interventions}:
            raise NoMeasure
    elif consent.kind == Consent.Kind.SHARE:
        known = {agency.id for agency in unit_agencies(deed.worker)} | guardians
        if consent.intervention or (consent.recipient is not None and consent.recipient not in known):
            raise NoRecipient
    else:
        raise rules.NotAChoice


def _check_stands(deed: Deed, taken_back: Consent) -> None:
    question = (taken_back.kind, taken_back.intervention, taken_back.recipient)
    stands = [
        one
        for one in consents_of(deed.worker, deed.case.matter_id, taken_back.person)
        if one.question == question and one.answered_by == taken_back.answered_by and one.is_given
    ]
    if not stands:
        raise NothingToWithdraw
