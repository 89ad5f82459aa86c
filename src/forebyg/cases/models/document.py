"""Documents: files that belong to a case or to a piece of information. The row is a record; the content lies sealed beside the database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from forebyg.access.records import Record
from forebyg.cases.models.record import Forum, Item
from forebyg.store.sealed import SealedTextField
from forebyg.store.words import WordField


class Document(Record):
    """A file. `content` names the sealed file: that of the version in which it was uploaded, whose key later versions share."""

    class Kind(models.TextChoices):
        """What is taken in, by content. What can carry programs or other files is not (ADR 0014)."""

        PDF = "pdf", _("PDF-dokument")
        PNG = "png", _("PNG-billede")
        JPEG = "jpeg", _("JPEG-billede")
        TEXT = "text", _("Tekstfil")
        DOCX = "docx", _("Word-dokument")
        XLSX = "xlsx", _("Excel-regneark")
        ODT = "odt", _("OpenDocument-tekst")
        ODS = "ods", _("OpenDocument-regneark")

    kind = WordField(max_length=8, choices=Kind.choices)
    name = SealedTextField(help_text="the file's name: it often tells of a person")
    size = models.PositiveBigIntegerField(help_text="bytes of the content")
    pages = models.PositiveIntegerField(default=0, help_text="pages of a PDF that can be shown")
    content = models.UUIDField()
    item = models.UUIDField(null=True, help_text="root of the item that it belongs to")
    is_scanned = models.BooleanField(default=False, help_text="a malware scanner has looked at it")
    forum = WordField(max_length=8, choices=Forum.choices, default=Forum.OWN.value)
    not_for_investigation = models.BooleanField(default=False)
    text = SealedTextField(help_text="what it shows, in a few words")
    correction_reason = SealedTextField()
    retraction = WordField(max_length=12, choices=Item.Retraction.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(not_for_investigation=True) | ~models.Q(forum__in=["ssp", "psp", "ksp"]),
                name="forum_document_is_not_for_investigation",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_is_not_empty"),
        ]

    @property
    def can_be_opened(self) -> bool:
        """Whether there is a file to open: it was neither erased nor taken out of the case. The row is opened before."""
        return self.name is not None and not self.retraction
