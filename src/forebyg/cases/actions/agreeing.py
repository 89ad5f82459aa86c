"""What is agreed with the citizen and the parents, and whether it was kept (R-103, R-108)."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.actions.telling import tell
from forebyg.cases.family import Family, family_of
from forebyg.cases.models import Agreement, AgreementKept, Task, TimelineEntry
from forebyg.cases.queries import fetch_record
from forebyg.core.errors import NotPermitted, RuleBroken

LONGEST_DAYS = 2 * 366
"""A day to look at an agreement again lies within two years; later ones are mistyped years."""


class PartMissing(RuleBroken):
    """R-103: the citizen takes part in the plan, and under 18 a parent, or a reason says why not."""

    code = "part-missing"

    def __init__(self) -> None:
        super().__init__(
            _(
                "En aftale træffes sammen med borgeren, og er borgeren under 18 år, også med en forælder eller værge. Vælg, hvem der var med, eller skriv, hvorfor de ikke var."
            )
        )


class NoPartInIt(RuleBroken):
    """Who is neither the citizen nor a parent with a part in it."""

    code = "no-part-in-it"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Kun borgeren og borgerens egen forælder eller værge er med i en aftale. Fra 18 år er en forælder kun med, når borgeren selv har sagt ja til at dele oplysninger med den forælder; registrér samtykket først."
            )
        )


class PartAndApart(RuleBroken):
    """Nobody takes part in what is kept from that very person."""

    code = "part-and-apart"

    def __init__(self) -> None:
        super().__init__(_("En person kan ikke både være med og holdes udenfor. Vælg det ene."))


class DayNotPossible(RuleBroken):
    """A day to look again that has gone, or is far away."""

    code = "day-to-look-again-not-possible"

    def __init__(self) -> None:
        super().__init__(_("Vælg en dag efter i dag og inden for to år, hvor I ser på aftalen igen."))


def record_agreement(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    agreement: Agreement,
    person: uuid.UUID,
    look_on: datetime.date | None,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Agreement:
    """Record what was agreed in the plan of a person, by whom in the family; on `look_on` a task waits to see whether it was
    kept. Raises `NotVisible`, `PartMissing`, `NoPartInIt`, `PartAndApart`, `DayNotPossible`, `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    family = family_of(worker, deed.case, person, now=happened_at)
    rules.check_text(agreement.text, what=_("hvad I har aftalt"))
    check_part(family, agreement)
    _check_day(deed, look_on)
    kept = keep(
        deed,
        agreement,
        action="agreement.made",
        about=[person],
        happened_at=happened_at,
        entry=TimelineEntry.Kind.AGREEMENT,
        entry_text=agreement.text,
        fact="agreement",
        token=family.person.citizen,
    )
    _remind(deed, kept, look_on)
    return kept


def check_part(family: Family, agreement: Agreement) -> None:
    """Who took part, who did not and why, and who is kept apart from it."""
    taking_part, apart = set(agreement.taking_part), set(agreement.apart_from)
    citizen = family.person.root
    if not taking_part <= {citizen} | family.parents or not apart <= family.guardians:
        raise NoPartInIt
    if taking_part & apart:
        raise PartAndApart
    waits_for_parent = family.is_child and not taking_part & family.parents
    if (citizen not in taking_part or waits_for_parent) and not agreement.without_reason.strip():
        raise PartMissing


def record_kept(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    kept: AgreementKept,
    look_on: datetime.date | None,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> AgreementKept:
    """Record whether an agreement of one's own agency was kept; what waited for that is done. Raises `NotVisible`, `NotPermitted`,
    `DayNotPossible`, and `TextMissing` where it was not kept in full and no word says why."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    agreement = fetch_record(worker=worker, model=Agreement, case=deed.case, root=kept.agreement)
    if agreement.owner_id != worker.agency_id:
        raise NotPermitted(_("Aftalen er skrevet af en anden myndighed. Fortæl den myndighed, hvad I ved om den."))
    if kept.answer != AgreementKept.Answer.KEPT:
        rules.check_text(kept.text, what=_("hvad der ikke blev holdt, og hvad I gør nu"))
    _check_day(deed, look_on)
    row = keep(
        deed,
        kept,
        action="agreement.looked-at",
        about=agreement.about,
        happened_at=happened_at,
        entry=TimelineEntry.Kind.AGREEMENT_KEPT,
        entry_codes={"answer": kept.answer},
        entry_text=kept.text,
        fact="agreement-kept",
        fact_codes={"answer": kept.answer},
    )
    waiting = Task.objects.visible_to(worker).filter(
        matter=deed.case.matter_id, kind=Task.Kind.CHECK_AGREEMENT, concerns=agreement.root, done_at=None
    )
    waiting.update(done_at=now, done_by=worker.id)
    _remind(deed, agreement, look_on)
    return row


def _check_day(deed: Deed, look_on: datetime.date | None) -> None:
    today = timezone.localdate(deed.now)
    if look_on is not None and not today < look_on <= today + datetime.timedelta(days=LONGEST_DAYS):
        raise DayNotPossible


def _remind(deed: Deed, agreement: Agreement, look_on: datetime.date | None) -> None:
    if look_on is None:
        return
    due_at = timezone.make_aware(datetime.datetime.combine(look_on, datetime.time(12)))
    tell(deed, Task.Kind.CHECK_AGREEMENT, deed.worker.agency_id, due_at=due_at, concerns=agreement.root)
