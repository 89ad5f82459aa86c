"""How an action begins and how what it made is kept: the record, its timeline entry, its ledger event and its fact."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.permissions import IN_EMERGENCY, Permission
from forebyg.access.reach import reach_of
from forebyg.access.records import AnyRecord, Record
from forebyg.audit.record import Codes, record
from forebyg.cases import rules
from forebyg.cases.models import Case, Fact, TimelineEntry, UsedForm
from forebyg.cases.queries import fetch_case, has_whole
from forebyg.cases.states import Outcome
from forebyg.core.errors import ForebygError, NotPermitted, NotVisible
from forebyg.people.models import Participant
from forebyg.store.sealed import sealed_fields


@dataclass(frozen=True)
class Deed:
    """An action under way: who acts, in which case, at what moment of `store.now()`."""

    worker: Worker
    case: Case
    now: datetime.datetime


def begin(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    permission: Permission,
    now: datetime.datetime,
    seen: int | None = None,
    also_ended: bool = False,
) -> Deed:
    """Fetch, authorise and lock the case for a change; the whole matter must be the worker's to know.

    An ended case takes nothing more, unless the change is one that comes after the end (`also_ended`).

    Raises `NotVisible`, `NotPermitted`, `PolicematterStops` where only the frame is left (R-033, R-060), `StaleCase` when
    the case moved after version `seen`, `OnlyInEmergency`, or `CaseEnded`.
    """
    try:
        case = fetch_case(worker=worker, case_id=case_id, permission=permission, lock=True)
    except NotVisible:
        # A row that one may see but not change can't be locked: then it is seen in part.
        frame = fetch_case(worker=worker, case_id=case_id, permission=permission)
        raise _in_part(frame, permission) from None
    if not has_whole(worker, case):
        raise _in_part(case, permission)
    check_emergency(worker, case, permission)
    rules.check_version(seen, case.version)
    if not also_ended:
        rules.check_not_ended(case.current_step)
    return Deed(worker, case, now)


def check_emergency(worker: Worker, case: Case, permission: Permission) -> None:
    """Raise `OnlyInEmergency` where nothing but broken glass opens the case, and it does not reach so far (B-025)."""
    if permission not in IN_EMERGENCY and case.matter_id in reach_of(worker).emergencies:
        raise rules.OnlyInEmergency


def _in_part(case: Case, permission: Permission) -> ForebygError:
    return rules.PolicematterStops() if case.outcome == Outcome.HANDED_TO_PET else NotPermitted(permission.sentence)


def begin_in_part(*, worker: Worker, case_id: uuid.UUID, permission: Permission, now: datetime.datetime) -> Deed:
    """As `begin`, for work that a mentor or coach does within one participant's course; locks nothing, for it only adds."""
    case = fetch_case(worker=worker, case_id=case_id, permission=permission)
    rules.check_not_ended(case.current_step)
    return Deed(worker, case, now)


def use_form(*, worker: Worker, token: uuid.UUID, now: datetime.datetime) -> None:
    """Use up a form's token in the transaction of what the form does. Raises `AlreadyDone` the second time."""
    used = UsedForm(id=token, worker=worker, used_at=now)
    UsedForm.objects.bulk_create([used], ignore_conflicts=True)
    if UsedForm.objects.filter(id=token, worker=worker).values_list("used_at", flat=True).first() != now:
        raise rules.AlreadyDone


def keep(
    deed: Deed,
    row: AnyRecord,
    *,
    action: str,
    about: Iterable[uuid.UUID] = (),
    happened_at: datetime.datetime | None = None,
    entry: str | None = None,
    entry_codes: dict[str, str] | None = None,
    entry_text: str = "",
    fact: str | None = None,
    fact_codes: dict[str, str] | None = None,
    token: uuid.UUID | None = None,
) -> AnyRecord:
    """Keep a new record: owned by the worker's agency, with a timeline entry, a ledger event and, where given, a fact."""
    happened_at = happened_at or deed.now
    rules.check_moment(happened_at, now=deed.now)
    check_words(row)
    _sign(deed, row, about=about, happened_at=happened_at)
    row.save(force_insert=True)
    if entry is not None:
        add_to_timeline(deed, row, kind=entry, codes=entry_codes or {}, text=entry_text)
    note(deed, action, records=[row.root], codes={**(entry_codes or {})})
    if fact is not None:
        keep_fact(deed, fact, on=happened_at, codes=fact_codes or {}, token=token)
    return row


def keep_version(
    deed: Deed, row: AnyRecord, *, previous: AnyRecord, action: str, entry_text: str, entry_codes: dict[str, str]
) -> AnyRecord:
    """Keep a new version of a record of one's own agency, and of its timeline entry. Those who read the one before read it, too,
    unless it is about somebody else or a legal doubt stands in the matter: then PostgreSQL ends what was disclosed, and
    `row.readers` is its owner alone."""
    check_words(row)
    _sign(deed, row, about=row.about, happened_at=row.happened_at)
    row.root, row.version = previous.root, previous.version + 1
    row.save(force_insert=True)
    row.readers = type(row).objects.values_list("readers", flat=True).get(id=row.id)
    shown = TimelineEntry.objects.visible_to(deed.worker).filter(record_root=previous.root).first()
    if shown is not None:
        renewed = TimelineEntry(
            kind=shown.kind,
            record_table=shown.record_table,
            record_root=shown.record_root,
            codes={**shown.codes, **entry_codes},
            text=entry_text,
        )
        _sign(deed, renewed, about=row.about, happened_at=row.happened_at)
        renewed.root, renewed.version, renewed.readers = shown.root, shown.version + 1, shown.readers
        renewed.save(force_insert=True)
    note(deed, action, records=[row.root], codes={**entry_codes})
    return row


def check_words(row: Record) -> None:
    """The fixed words of a record are on their lists, and its texts fit. Raises `NotAChoice` or `TextTooLong`."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.CharField):
            if field.choices and value not in dict(field.flatchoices) and not (field.blank and value == ""):
                raise rules.NotAChoice
            rules.check_length(value, most=field.max_length or rules.LONGEST_TEXT)
    for name in sealed_fields(type(row)):
        rules.check_length(getattr(row, name) or "")


def add_to_timeline(deed: Deed, row: Record, *, kind: str, codes: dict[str, str], text: str) -> None:
    """Put a record on the timeline; the entry follows the record's readers. Rooms above use this too."""
    entry = TimelineEntry(kind=kind, record_table=row._meta.db_table, record_root=row.root, codes=codes, text=text)
    _sign(deed, entry, about=row.about, happened_at=row.happened_at)
    entry.save(force_insert=True)


def note(deed: Deed, action: str, *, records: Iterable[uuid.UUID] = (), codes: Codes | None = None, reason: str = "") -> None:
    """Record the deed in the ledger."""
    record(action, actor=deed.worker, at=deed.now, matters=[deed.case.matter_id], records=records, codes=codes, reason=reason)


def keep_fact(deed: Deed, kind: str, *, on: datetime.datetime, codes: dict[str, str], token: uuid.UUID | None = None) -> None:
    """Write a statistical fact: fixed words, a date, and a random token that links one person's facts."""
    Fact(unit_id=deed.case.unit_id, kind=kind, on=timezone.localdate(on), codes=codes, token=token).save(force_insert=True)


def token_of(participants: Iterable[Participant], root: uuid.UUID) -> uuid.UUID | None:
    """The random token of one participant's facts."""
    return next((person.citizen for person in participants if person.root == root), None)


def _sign(deed: Deed, row: Record, *, about: Iterable[uuid.UUID], happened_at: datetime.datetime) -> None:
    row.matter_id = deed.case.matter_id
    row.owner_id = deed.worker.agency_id
    row.readers = [deed.worker.agency_id]
    row.author_id = deed.worker.id
    row.about = list(about)
    row.happened_at = happened_at
    row.recorded_at = deed.now
