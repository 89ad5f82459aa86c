"""A file on its way in: sealed a chunk at a time as it arrives, and looked at when it is whole.

The content is never on a disk in clear, and in memory only a chunk at a time.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from forebyg.cases.documents.kinds import kind_of
from forebyg.cases.documents.names import clean_name
from forebyg.cases.documents.preview import pages_in
from forebyg.cases.documents.refusals import (
    DocumentEmpty,
    DocumentNotWhole,
    DocumentRefused,
    DocumentTooLarge,
)
from forebyg.cases.documents.scanning import scan
from forebyg.cases.models import Document
from forebyg.store.chunks import SealedDraft, SealedFolder
from forebyg.store.sealed import key_store

FIELD = "file"
MEGABYTE = 1_000_000
_TIMES_WORTH_HEARING = 2


class NoFiles(FileUploadHandler):
    """What a form gets that takes no file: the connection ends, and nothing is kept anywhere."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop at once."""
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing arrives."""

    def file_complete(self, file_size: int) -> None:
        """Nothing is complete."""


class Incoming(UploadedFile):  # type: ignore[type-arg]  # not subscriptable at run time
    """What a form gets: the sealed draft, and why it is not taken in, if it is not."""

    def __init__(self, draft: SealedDraft, name: str) -> None:
        super().__init__(name=name, size=0)
        self.draft = draft
        self.refusal: DocumentRefused | None = None
        self.kind = ""
        self.clean_name = ""
        self.pages = 0
        self.is_scanned = False

    def look(self) -> None:
        """Find out what it is, ask the scanner, and note why it is refused. Takes as long as it takes: no transaction is open."""
        try:
            self._look()
        except DocumentRefused as refusal:
            self.refusal = refusal

    def _look(self) -> None:
        if not self.draft.size:
            raise DocumentEmpty
        with self.draft.open() as file:
            self.kind = kind_of(file)
        self.clean_name = clean_name(self.name or "", self.kind)
        if settings.FOREBYG.clamav:
            with self.draft.open() as file:
                scan(settings.FOREBYG.clamav, file)
            self.is_scanned = True
        if self.kind == Document.Kind.PDF:
            with self.draft.open() as file:
                self.pages = pages_in(file, self.draft.size)


class Sealing(FileUploadHandler):
    """Takes one file in the field of that name. `incoming` is there as soon as one began."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.incoming: Incoming | None = None
        self._limit = settings.FOREBYG.document_limit * MEGABYTE

    @property
    def worth_hearing(self) -> int:
        """Bytes of a request that are listened to after a refusal, so that the browser shows our answer, not a broken connection."""
        return _TIMES_WORTH_HEARING * self._limit

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to seal."""
        super().new_file(*args, **kwargs)
        if self.field_name != FIELD or self.incoming is not None:
            raise SkipFile
        self.incoming = Incoming(SealedDraft(SealedFolder(settings.FOREBYG.data_folder), key_store()), self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal some more."""
        assert self.incoming is not None
        if start + len(raw_data) > self._limit:
            self._refuse(DocumentTooLarge(settings.FOREBYG.document_limit))
        try:
            self.incoming.draft.write(raw_data)
        except OSError:
            self._refuse(DocumentNotWhole())

    def file_complete(self, file_size: int) -> Incoming | None:
        """The whole file is there and durable."""
        assert self.incoming is not None
        try:
            self.incoming.draft.finish()
        except OSError:
            self._refuse(DocumentNotWhole())
        self.incoming.size = file_size
        return self.incoming

    def upload_interrupted(self) -> None:
        """The sender stopped, or we did."""
        if self.incoming is not None and self.incoming.refusal is None:
            self.incoming.refusal = DocumentNotWhole()

    def _refuse(self, refusal: DocumentRefused) -> None:
        assert self.incoming is not None
        self.incoming.refusal = refusal
        raise StopUpload(connection_reset=True)  # Django would read the rest by lines, and a line may be all of it


def brought_in(content: bytes, name: str) -> Incoming:
    """A file that does not come by a form, as it stands when it was looked at. Who calls discards or keeps its draft."""
    draft = SealedDraft(SealedFolder(settings.FOREBYG.data_folder), key_store())
    draft.write(content)
    draft.finish()
    incoming = Incoming(draft, name)
    incoming.look()
    return incoming
