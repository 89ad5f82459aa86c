"""Follow-up in two tracks (R-055): with the citizen, which is a meeting, and in the unit; and contacts that outreach seeks (R-128)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, keep
from forebyg.cases.models import Contact, Decision, TimelineEntry
from forebyg.cases.queries import admitted_agencies, participants_of
from forebyg.cases.states import Step
from forebyg.core.errors import RuleBroken
from forebyg.strategy.queries import pack_of
from forebyg.strategy.schema import Pack

PROVISION, INTERVENTION = "provision:", "intervention:"


class NotAtFollowUp(RuleBroken):
    """The unit follows up what was agreed at step 7."""

    code = "not-at-follow-up"

    def __init__(self) -> None:
        super().__init__(_("Enheden følger op, når sagen står på trin 8. Gå tilbage til sagen, og se, hvor den er nu."))


class NobodyFollowedUp(RuleBroken):
    """The unit is more than its writer."""

    code = "nobody-followed-up"

    def __init__(self) -> None:
        super().__init__(_("Vælg de myndigheder, der var med til at følge op."))


class MandateMissing(RuleBroken):
    """Nobody seeks out people without a mandate (R-128)."""

    code = "mandate-missing"

    def __init__(self) -> None:
        super().__init__(_("Vælg det mandat, I tog kontakten på: en hjemmel eller en indsats i strategien."))


def record_unit_follow_up(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    text: str,
    taking_part: Collection[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Decision:
    """What the unit's follow-up came to, and which agencies took part; the owner answers for what is written. Raises
    `NotAtFollowUp`, `NobodyFollowedUp`, `NotInThisCase`, `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.FOLLOW_UP, now=now)
    if deed.case.current_step is not Step.FOLLOW_UP:
        raise NotAtFollowUp
    if not taking_part:
        raise NobodyFollowedUp
    rules.check_text(text, what=_("hvordan det går, og hvad I gør nu"))
    rules.check_members(taking_part, [agency.id for agency in admitted_agencies(worker, deed.case)])
    return keep(
        deed,
        Decision(kind=Decision.Kind.FOLLOW_UP, text=text, taking_part=list(taking_part)),
        action="unit.followed-up",
        about=[person.root for person in participants_of(worker, deed.case) if person.is_subject],
        happened_at=happened_at,
        entry=TimelineEntry.Kind.DECISION,
        entry_codes={"kind": Decision.Kind.FOLLOW_UP.value},
        entry_text=text,
        fact="follow-up",
        fact_codes={"track": "unit"},
    )


def record_contact(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    contact: Contact,
    about: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Contact:
    """Record a contact that was sought, with the mandate for it. Raises `MandateMissing`, `SubjectMissing`, `NotInThisCase`,
    `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    about = list(about)
    if contact.mandate not in mandates_of(pack_of(worker)):
        raise MandateMissing
    if not about:
        raise rules.SubjectMissing
    rules.check_members(about, [person.root for person in participants_of(worker, deed.case)])
    rules.check_text(contact.text, what=_("hvordan kontakten gik"))
    return keep(
        deed,
        contact,
        action="contact.recorded",
        about=about,
        happened_at=happened_at,
        entry=TimelineEntry.Kind.CONTACT,
        entry_codes={"mandate": contact.mandate},
        entry_text=contact.text,
        fact="contact",
        fact_codes={"mandate": contact.mandate},
    )


def mandates_of(pack: Pack) -> list[str]:
    """What outreach can rest on in a strategy: the interventions that ask for a mandate and give it, and the provisions."""
    interventions = [INTERVENTION + one.id for one in pack.interventions if one.mandate_required]
    return [*interventions, *(PROVISION + rule.id for rule in pack.legal_basis)]
