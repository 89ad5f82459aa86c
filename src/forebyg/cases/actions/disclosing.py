"""`disclose`: the only door through which a record crosses an agency border. Only the owner's workers may use it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.apps import apps
from django.utils.translation import gettext as _

from forebyg.access.models import Admission, Worker
from forebyg.access.permissions import Permission
from forebyg.access.records import Record
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep, note
from forebyg.cases.actions.telling import tell_of_withdrawal
from forebyg.cases.finding import PREVENTION, as_kept, check_allowed
from forebyg.cases.models import Disclosure
from forebyg.cases.queries import fetch_record
from forebyg.cases.third_persons import check_names_no_others
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.law import Finding


class NotTheOwner(RuleBroken):
    """Information belongs to the agency that recorded it."""

    code = "not-the-owner"

    def __init__(self) -> None:
        super().__init__(_("Oplysningen tilhører en anden myndighed. Kun den kan videregive den."))


class RecipientNotAdmitted(RuleBroken):
    """The recipient does not take part in the matter."""

    code = "recipient-not-admitted"

    def __init__(self) -> None:
        super().__init__(_("Modtageren er ikke optaget i sagen. Optag myndigheden først."))


class NothingChosen(RuleBroken):
    """A disclosure of nothing, or of what the recipient has already."""

    code = "nothing-chosen"

    def __init__(self) -> None:
        super().__init__(_("Vælg mindst én oplysning, som modtageren ikke allerede kan se."))


class KeptAmongOthers(RuleBroken):
    """A record that is for certain agencies only, such as minutes for those who took part (R-048)."""

    code = "kept-among-others"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Noget af det valgte er et referat, og det gives kun til de myndigheder, der deltog i punktet. Fjern det fra valget."
            )
        )


def check_kept_among(rows: Iterable[Record], recipient: uuid.UUID | None) -> None:
    """Raise `KeptAmongOthers` unless the recipient may be told all of these; None is somebody outside the agencies."""
    if any(row.kept_among is not None and recipient not in row.kept_among for row in rows):
        raise KeptAmongOthers


class ToldBeforeItHappened(RuleBroken):
    """Nobody tells of what has not happened yet."""

    code = "told-before-it-happened"

    def __init__(self) -> None:
        super().__init__(_("Noget af det valgte skete først efter det tidspunkt. Kontrollér, hvornår det blev sagt."))


_NEVER = frozenset(
    {
        *("cases_clock", "cases_disclosure", "cases_task", "cases_timelineentry", "intake_reporteridentity"),
        "meetings_agendaitem",
        *("sharing_letter", "sharing_informationrequest", "sharing_requestanswer"),
    }
)
"""What has its own readers or follows its record by itself, and who reported (B-003). PostgreSQL refuses the same."""


def record_kinds() -> dict[str, type[Record]]:
    """Every kind of record that can be disclosed, by its table."""
    kinds = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, Record)}
    return {table: model for table, model in kinds.items() if table not in _NEVER}


def disclose(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    records: Iterable[tuple[str, uuid.UUID]],
    to_agency: uuid.UUID,
    finding: Finding,
    purpose: str = PREVENTION,
    necessity: str,
    now: datetime.datetime,
    told_at: datetime.datetime | None = None,
) -> list[Disclosure]:
    """Disclose records, given as (table, root), to an admitted agency, with the law's finding, what it is for, and the
    necessity in writing. The room `sharing` asks the law first and passes its answer on.

    `told_at`: it was said before, on the telephone, and is recorded afterwards with what the law says of that moment.

    Raises `NotLawful`, `ToldBeforeItHappened`, `NotTheOwner`, `RecipientNotAdmitted`, `NothingChosen`, `NamesOthers`, `TextMissing`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now, also_ended=True)
    check_allowed(finding)
    rules.check_text(necessity, what=_("hvorfor det er nødvendigt at videregive"))
    if not Admission.objects.filter(matter=deed.case.matter_id, agency=to_agency, ended_at=None).exists():
        raise RecipientNotAdmitted
    kinds = record_kinds()
    chosen = [fetch_record(worker=worker, model=_kind(kinds, table), case=deed.case, root=root) for table, root in records]
    check_told(chosen, told_at=told_at, now=now)
    fresh = [row for row in chosen if to_agency not in row.readers]
    if not fresh:
        raise NothingChosen
    check_names_no_others(worker, deed.case, fresh, to_agency=to_agency)
    return [
        keep_disclosure(
            deed, row, recipient_id=to_agency, finding=finding, purpose=purpose, necessity=necessity, told_at=told_at
        )
        for row in fresh
    ]


def keep_disclosure(
    deed: Deed,
    row: Record,
    *,
    recipient_id: uuid.UUID,
    finding: Finding,
    purpose: str = PREVENTION,
    necessity: str,
    told_at: datetime.datetime | None = None,
) -> Disclosure:
    """Keep one disclosure in a deed that has begun; a trigger lets the readers follow. Raises `NotLawful`, `NotTheOwner`,
    `KeptAmongOthers`."""
    check_allowed(finding)
    if row.owner_id != deed.worker.agency_id:
        raise NotTheOwner
    check_kept_among([row], recipient_id)
    told = keep(
        deed,
        Disclosure(
            record_table=row._meta.db_table,
            record_root=row.root,
            recipient_id=recipient_id,
            finding=as_kept(finding, purpose=purpose),
            necessity=necessity,
            told_at=told_at,
        ),
        action="record.disclosed",
        about=row.about,
        happened_at=told_at,
        fact="disclosure",
        fact_codes={"basis": finding.by[0]},
    )
    row.readers = [*row.readers, recipient_id]
    note(deed, "record.readers-changed", records=[row.root], codes={"recipient": str(recipient_id), "basis": finding.by[0]})
    return told


def check_told(rows: Iterable[Record], *, told_at: datetime.datetime | None, now: datetime.datetime) -> None:
    """What was said was said before now, and not before it happened. Raises `InTheFuture`, `BeforeTheCase`,
    `ToldBeforeItHappened`."""
    if told_at is None:
        return
    rules.check_moment(told_at, now=now)
    if any(row.happened_at > told_at for row in rows):
        raise ToldBeforeItHappened


def withdraw(*, worker: Worker, case_id: uuid.UUID, disclosure: uuid.UUID, reason: str, now: datetime.datetime) -> None:
    """Withdraw a disclosure: from now on the recipient does not see the record; what it has seen stays recorded (B-023)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    told = fetch_record(worker=worker, model=Disclosure, case=deed.case, root=disclosure)
    if told.owner_id != worker.agency_id:
        raise NotTheOwner
    if told.withdrawn_at is not None:
        raise rules.AlreadyDone
    _withdraw(deed, told, reason)


def withdraw_every(deed: Deed, root: uuid.UUID, *, reason: str) -> list[uuid.UUID]:
    """In a deed that has begun: withdraw what stands of a record of one's own agency. Returns the agencies that read it until now."""
    told = Disclosure.objects.visible_to(deed.worker).filter(record_root=root, owner=deed.worker.agency_id, withdrawn_at=None)
    standing = list(told.order_by("recorded_at", "id"))
    for one in standing:
        _withdraw(deed, one, reason)
    return [one.recipient_id for one in standing]


def _withdraw(deed: Deed, told: Disclosure, reason: str) -> None:
    Disclosure.objects.filter(id=told.id).update(withdrawn_at=deed.now)
    tell_of_withdrawal(deed, told)
    note(deed, "disclosure.withdrawn", records=[told.record_root], codes={"recipient": str(told.recipient_id)}, reason=reason)


def _kind(kinds: dict[str, type[Record]], table: str) -> type[Record]:
    if table not in kinds:
        raise NotVisible
    return kinds[table]
