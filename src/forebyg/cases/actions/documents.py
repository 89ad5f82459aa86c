"""Documents: a file is laid in a case or to an item, replaced by a new version, and read."""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, keep, keep_version
from forebyg.cases.actions.telling import tell_of_correction
from forebyg.cases.documents.incoming import Incoming
from forebyg.cases.documents.refusals import DocumentMissing
from forebyg.cases.models import Case, Document, Item, TimelineEntry
from forebyg.cases.queries import fetch_record, participants_of
from forebyg.cases.versions import earlier_versions
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.store.chunks import SealedFile, SealedFolder, open_content
from forebyg.store.sealed import key_store


class ContentErased(RuleBroken):
    """The key was destroyed, and with it the content (B-042)."""

    code = "content-erased"

    def __init__(self) -> None:
        super().__init__(_("Dokumentets indhold er slettet."))


class TakenOut(RuleBroken):
    """A document that was moved to another case is only a note here."""

    code = "document-taken-out"

    def __init__(self) -> None:
        super().__init__(_("Dokumentet er flyttet til en anden sag. Find det dér."))


def add_document(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    incoming: Incoming,
    about: Iterable[uuid.UUID],
    text: str,
    forum: str,
    item: uuid.UUID | None = None,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Document:
    """Lay a file in the case, to an item where one is given: the item's forum and mark go for the file, too (R-082).

    Raises what speaks against the file (`DocumentRefused`); then nothing of it is kept.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    about = list(about)
    rules.check_members(about, {person.root for person in participants_of(worker, deed.case)})
    belongs_to = fetch_record(worker=worker, model=Item, case=deed.case, root=item) if item else None
    if belongs_to and rules.purpose_mark(belongs_to.forum):
        forum = belongs_to.forum
    document = Document(
        text=text,
        forum=forum,
        item=belongs_to.root if belongs_to else None,
        not_for_investigation=rules.purpose_mark(forum) or bool(belongs_to and belongs_to.not_for_investigation),
        correction_reason="",
    )
    _take(document, incoming)
    with incoming.draft.kept():
        return keep(
            deed,
            document,
            action="document.added",
            about=about,
            happened_at=happened_at,
            entry=TimelineEntry.Kind.DOCUMENT,
            entry_codes={"kind": document.kind},
            entry_text=told_of(document),
        )


def correct_document(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    root: uuid.UUID,
    incoming: Incoming | None,
    about: Iterable[uuid.UUID],
    text: str,
    reason: str,
    now: datetime.datetime,
) -> Document:
    """A new version of a document of one's own agency, with another file where one is given. Recipients are told."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    about = list(about)
    rules.check_members(about, {person.root for person in participants_of(worker, deed.case)})
    previous = fetch_own_document(worker=worker, case=deed.case, root=root)
    document = Document(
        text=text,
        forum=previous.forum,
        item=previous.item,
        not_for_investigation=previous.not_for_investigation,
        correction_reason=reason,
    )
    if incoming is None:
        _take_over(document, previous)
    else:
        _take(document, incoming)
    document.about, document.happened_at = about, previous.happened_at
    with incoming.draft.kept() if incoming else contextlib.nullcontext():
        keep_version(
            deed,
            document,
            previous=previous,
            action="document.corrected",
            entry_text=told_of(document),
            entry_codes={"kind": document.kind, "corrected": "yes"},
        )
        tell_of_correction(deed, document, previous=previous)
    return document


def fetch_document(*, worker: Worker, case: Case, root: uuid.UUID) -> Document:
    """A document of this case, its words opened. Raises `NotVisible`."""
    return fetch_record(worker=worker, model=Document, case=case, root=root)


def fetch_own_document(*, worker: Worker, case: Case, root: uuid.UUID) -> Document:
    """A document of one's own agency that can be corrected. Raises `NotVisible`, `NotPermitted`, `TakenOut` or `ContentErased`."""
    document = fetch_document(worker=worker, case=case, root=root)
    if document.owner_id != worker.agency_id:
        raise NotPermitted(_("Kun den myndighed, der ejer dokumentet, kan rette det. Kontakt den myndighed."))
    if document.retraction:
        raise TakenOut
    if document.name is None:
        raise ContentErased
    return document


def fetch_version(*, worker: Worker, case: Case, root: uuid.UUID, number: int) -> Document:
    """One version of a document, its words opened: the newest, or an earlier one of a document that still stands. Raises
    `NotVisible`."""
    newest = fetch_document(worker=worker, case=case, root=root)
    for version in (newest, *earlier_versions(worker, case, [newest])):
        if version.version == number:
            return version
    raise NotVisible


def open_document(document: Document) -> SealedFile:
    """The content, its first chunk verified. Raises `TakenOut`, `ContentErased` or `ContentDamaged`, and so before a byte is sent."""
    if document.retraction:
        raise TakenOut
    key = key_store().read([document.key_id]).get(document.key_id)
    if key is None:
        raise ContentErased
    return open_content(SealedFolder(settings.FOREBYG.data_folder), document.content, key, document.size)


def _take(document: Document, incoming: Incoming) -> None:
    """Let the row be the file's: its id, its key, and what was found out about it."""
    if incoming.refusal is not None:
        raise incoming.refusal
    if not incoming.kind:
        raise DocumentMissing
    document.id = document.root = document.content = incoming.draft.content
    document.key_id = incoming.draft.key_id
    document.name, document.kind, document.size = incoming.clean_name, incoming.kind, incoming.draft.size
    document.pages, document.is_scanned = incoming.pages, incoming.is_scanned


def _take_over(document: Document, previous: Document) -> None:
    for same in ("content", "key_id", "name", "kind", "size", "pages", "is_scanned"):
        setattr(document, same, getattr(previous, same))


def told_of(document: Document) -> str:
    """What the timeline says of it."""
    return f"{document.name}: {document.text}" if document.text else document.name
