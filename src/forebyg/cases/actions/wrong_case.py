"""What was laid in the wrong case: it is written in the right one, and where it was only the note that it was taken out is left."""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.disclosing import withdraw_every
from forebyg.cases.actions.documents import fetch_own_document, open_document, told_of
from forebyg.cases.actions.keeping import Deed, begin, keep, keep_version
from forebyg.cases.actions.noting import content_of, fetch_own_item, renew_item
from forebyg.cases.actions.telling import tell_of_earlier
from forebyg.cases.models import Document, Item, TimelineEntry
from forebyg.cases.queries import subjects_of
from forebyg.core.errors import RuleBroken
from forebyg.store.chunks import SealedDraft, SealedFolder
from forebyg.store.sealed import key_store, open_sealed


def correct_wrong_case(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, to_case_id: uuid.UUID, reason: str, now: datetime.datetime
) -> Item:
    """The item belongs to another case: it is written there anew, with its documents, and here only the note that it was retracted
    is left."""
    here, there = _both(worker, case_id, to_case_id, now)
    item = fetch_own_item(here, root)
    moved = Item(**content_of(item) | {"correction_reason": reason, "retraction": ""})
    keep(
        there,
        moved,
        about=_subjects(there),
        action="item.moved-here",
        happened_at=item.happened_at,
        entry=TimelineEntry.Kind.ITEM,
        entry_codes={"kind": item.kind},
        entry_text=item.text,
    )
    renew_item(here, root, reason=reason, text="", retraction=Item.Retraction.WRONG_CASE)
    for document in _documents_of(here, item):
        _move(here, there, document, reason=reason, item=moved.root)
    return moved


def correct_wrong_case_of_document(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, to_case_id: uuid.UUID, reason: str, now: datetime.datetime
) -> Document:
    """The document belongs to another case: its newest version is laid there under a key of its own. Here nobody can open any version
    any longer, and whoever was told it here reads it no longer and is told so."""
    here, there = _both(worker, case_id, to_case_id, now)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    return _move(here, there, fetch_own_document(worker=worker, case=here.case, root=root), reason=reason, item=None)


def _both(worker: Worker, case_id: uuid.UUID, to_case_id: uuid.UUID, now: datetime.datetime) -> tuple[Deed, Deed]:
    here = begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
    there = begin(worker=worker, case_id=to_case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    if there.case.id == here.case.id:
        raise RuleBroken(_("Vælg en anden sag end den, oplysningen står i."))
    return here, there


def _subjects(deed: Deed) -> list[uuid.UUID]:
    return [person.root for person in subjects_of(deed.worker, deed.case)]


def _documents_of(deed: Deed, item: Item) -> list[Document]:
    """The item's documents that can be opened; what has been erased has nothing that could be moved."""
    rows = Document.objects.visible_to(deed.worker).filter(item=item.root, owner=deed.worker.agency_id, retraction="")
    documents = list(rows.order_by("happened_at", "id"))
    open_sealed(documents)
    return [one for one in documents if one.name is not None]


def _move(here: Deed, there: Deed, document: Document, *, reason: str, item: uuid.UUID | None) -> Document:
    with _sealed_anew(document) as draft:
        moved = Document(**content_of(document) | {"correction_reason": reason, "item": item})
        moved.id = moved.root = moved.content = draft.content
        moved.key_id = draft.key_id
        keep(
            there,
            moved,
            about=_subjects(there),
            action="document.moved-here",
            happened_at=document.happened_at,
            entry=TimelineEntry.Kind.DOCUMENT,
            entry_codes={"kind": document.kind},
            entry_text=told_of(document),
        )
    _leave_note(here, document, reason)
    return moved


def _leave_note(here: Deed, document: Document, reason: str) -> None:
    words = {"name": "", "text": "", "pages": 0, "correction_reason": reason, "retraction": Item.Retraction.WRONG_CASE.value}
    note = Document(**content_of(document) | words)
    note.about, note.happened_at = document.about, document.happened_at
    codes = {"kind": note.kind, "corrected": "yes", "retraction": note.retraction}
    keep_version(here, note, previous=document, action="document.corrected", entry_text="", entry_codes=codes)
    told = withdraw_every(here, document.root, reason=reason)
    tell_of_earlier(here, document.root, but_not=told)


@contextlib.contextmanager
def _sealed_anew(document: Document) -> Iterator[SealedDraft]:
    """The content under another key, kept for the row that is written in the block: the two cases are erased apart."""
    draft = SealedDraft(SealedFolder(settings.FOREBYG.data_folder), key_store())
    try:
        for part in open_document(document):
            draft.write(part)
        draft.finish()
        with draft.kept():
            yield draft
    finally:
        draft.discard()
