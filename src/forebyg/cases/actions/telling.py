"""What one agency lets another know in fixed words: a task or a notice in its inbox, without a word about a person."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable

from forebyg.access.models import Admission
from forebyg.access.records import Record
from forebyg.cases.actions.keeping import Deed, keep, note
from forebyg.cases.models import Disclosure, Task
from forebyg.cases.third_persons import check_names_no_others

ON_PAPER: list[Callable[[Deed, uuid.UUID], None]] = []
"""For rooms above, in `AppConfig.ready()`: what follows of a correction for those who were told of a record, by its root, on paper."""


def tell(
    deed: Deed,
    kind: str,
    agency_id: uuid.UUID,
    *,
    text: str = "",
    due_at: datetime.datetime | None = None,
    concerns: uuid.UUID | None = None,
) -> Task:
    """A task for an agency; one for another agency has no text. `concerns` is the root of the record it is about."""
    return keep(
        deed, Task(kind=kind, assigned_to_id=agency_id, text=text, due_at=due_at, concerns=concerns), action="task.added"
    )


def tell_of_correction(deed: Deed, row: Record, *, previous: Record) -> None:
    """Every agency that was ever told the record is told that it was corrected (art. 19 GDPR, B-023): who still reads it is to
    read it again; who does not, to ask; and not to use it, who was told of somebody whom it is not about. Raises `NamesOthers`
    when what they would read now names third persons (R-221)."""
    for recipient in previous.readers[1:]:
        if recipient in row.readers:
            check_names_no_others(deed.worker, deed.case, [row], to_agency=recipient)
    is_about_others = set(row.about) != set(previous.about)
    for recipient in previous.readers[1:]:
        if recipient in row.readers:
            tell(deed, Task.Kind.READ_CORRECTION, recipient, concerns=row.root)
            continue
        note(deed, "disclosure.withdrawn", records=[row.root], codes={"recipient": str(recipient), "because": "correction"})
        _end_notices(deed, row.root, recipient)
        if is_about_others:
            tell(deed, Task.Kind.DISCLOSURE_WITHDRAWN, recipient, concerns=row.root)
    tell_of_earlier(deed, row.root, but_not=previous.readers[1:] if is_about_others else row.readers[1:])


def tell_of_earlier(deed: Deed, root: uuid.UUID, *, but_not: Iterable[uuid.UUID]) -> None:
    """Those who were once told the record and read it no longer are told to ask. Whoever has left the matter can't be reached; who
    was told on paper is reached by those who wrote."""
    told = Disclosure.objects.visible_to(deed.worker).filter(record_root=root, owner=deed.worker.agency_id)
    present = Admission.objects.filter(matter=deed.case.matter_id, ended_at=None)
    earlier = told.filter(recipient__in=present.values("agency")).exclude(recipient__in=list(but_not))
    for recipient in earlier.order_by("recipient").values_list("recipient", flat=True).distinct():
        tell(deed, Task.Kind.CORRECTED_EARLIER, recipient, concerns=root)
    for tell_on_paper in ON_PAPER:
        tell_on_paper(deed, root)


def tell_of_withdrawal(deed: Deed, told: Disclosure) -> None:
    """The recipient is told that it no longer has the record (B-023)."""
    _end_notices(deed, told.record_root, told.recipient_id)
    tell(deed, Task.Kind.DISCLOSURE_WITHDRAWN, told.recipient_id, concerns=told.record_root)


def _end_notices(deed: Deed, root: uuid.UUID, recipient: uuid.UUID) -> None:
    """A notice to read again what one no longer has would lead nowhere."""
    leading_nowhere = Task.objects.visible_to(deed.worker).filter(
        kind=Task.Kind.READ_CORRECTION, concerns=root, assigned_to=recipient, done_at=None
    )
    leading_nowhere.update(done_at=deed.now, done_by=deed.worker)
