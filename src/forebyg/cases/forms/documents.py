"""Forms for documents. Their file comes sealed (`cases.uploads`); it stands last, so that the words are there whatever it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import documents, wrong_case
from forebyg.cases.documents.incoming import Incoming
from forebyg.cases.documents.refusals import DocumentMissing
from forebyg.cases.forms.base import ActForm, Moment, choice, choices, long_text
from forebyg.cases.models import Item
from forebyg.cases.models.record import Forum
from forebyg.cases.queries import fetch_case, records_of
from forebyg.ui.moments import short_date

_SHOWN = 60
"""Characters of an item by which a worker knows it."""


def _what_is_taken() -> str:
    return gettext("PDF, PNG, JPEG, tekst, DOCX, XLSX, ODT eller ODS uden makroer, højst %(limit)s MB.") % {
        "limit": settings.FOREBYG.document_limit
    }


class SealedFileField(forms.FileField):
    """A file that came in sealed. What speaks against it is said by the action, which also lets the ledger know."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", lazy(_what_is_taken, str)())
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Incoming | None:
        """The file on its way in; a word in its place is none."""
        return data if isinstance(data, Incoming) else None

    def clean(self, data: Any, initial: Any = None) -> Incoming | None:
        """Raises `ValidationError` when a file is asked for and none came."""
        incoming = self.to_python(data)
        if incoming is None and self.required:
            raise forms.ValidationError(DocumentMissing().sentence)
        return incoming


class AddDocument(ActForm):
    """A file to the case, or to one of its items."""

    heading = _("Tilføj et dokument")
    lead = _(
        "Dokumentet kan kun læses af din myndighed, indtil du videregiver det. Filen bliver aldrig vist eller kørt som et program."
    )
    done = _("Dokumentet er gemt.")

    about = choices(_("Hvem handler det om?"))
    item = choice(_("Hører det til en oplysning?"), required=False)
    forum = choice(
        _("Hvilket forum er det kommet frem i?"),
        Forum.choices,
        help_text=_("Dokumenter fra SSP, PSP og KSP mærkes »ikke til efterforskning«, og mærket følger med."),
    )
    text = long_text(_("Hvad er det?"), help_text=_("Fx »Referat af hjemmebesøget«."), required=False, rows=2)
    happened_at = Moment(_("Hvornår er det fra?"))
    file = SealedFileField(label=_("Fil"))

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())
        items = [one for one in records_of(self.scene.worker, self.scene.case, Item)[::-1] if not one.retraction]
        named = [(str(one.root), f"{short_date(one.happened_at)} · {(one.text or '')[:_SHOWN]}") for one in items]
        self.choose("item", [("", _("Nej, til sagen")), *named])
        chosen = next((one for one in items if one.root == self.scene.target), None)
        if chosen is not None and not self.is_bound:
            self.begin_with(item=str(chosen.root), forum=chosen.forum, about=[str(one) for one in chosen.about])

    def carry_out(self) -> None:
        documents.add_document(
            **self.common,
            incoming=self.cleaned_data["file"],
            about=self.many("about"),
            text=self.words(),
            forum=self.words("forum"),
            item=self.one("item") if self.words("item") else None,
            happened_at=self.at(),
        )


class CorrectDocument(ActForm):
    """Another file in its place, another person, or other words; the earlier version stays in the history."""

    heading = _("Ret et dokument")
    lead = _(
        "Den tidligere udgave bliver stående i historikken. De myndigheder, der har fået dokumentet, får besked om at læse det igen. Handler det nu om en anden end før, eller er der rejst juridisk tvivl i sagen, trækkes det tilbage fra dem, og I kan videregive det på ny."
    )
    submit_label = _("Gem rettelsen")
    done = _("Rettelsen er gemt, og modtagerne har fået besked.")

    about = choices(_("Hvem handler det om?"))
    text = long_text(_("Hvad er det?"), required=False, rows=2)
    reason = long_text(_("Hvorfor rettes det?"), rows=3)
    file = SealedFileField(label=_("Ny fil i stedet for den nuværende"), required=False)

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())
        if self.scene.target is not None and not self.is_bound:
            found = documents.fetch_own_document(worker=self.scene.worker, case=self.scene.case, root=self.scene.target)
            self.begin_with(about=[str(one) for one in found.about], text=found.text)

    def carry_out(self) -> None:
        documents.correct_document(
            **self.common,
            root=self.one("target"),
            incoming=self.cleaned_data["file"],
            about=self.many("about"),
            text=self.words(),
            reason=self.words("reason"),
        )


class CorrectCaseOfDocument(ActForm):
    """The document belongs to another case."""

    heading = _("Dokumentet hører til en anden sag")
    lead = _(
        "Dokumentet flyttes til den anden sag. Her bliver kun stående, at det er taget ud, og hvorfor; ingen kan længere åbne det her, heller ikke tidligere udgaver. De myndigheder, der har fået det, kan ikke læse det mere og får besked."
    )
    submit_label = _("Flyt dokumentet")
    cannot_be_undone = True
    done = _("Dokumentet er flyttet.")

    reference = forms.CharField(label=_("Den anden sags nummer"), help_text=_("Fx 2026-0147"), max_length=12)
    reason = long_text(_("Hvorfor flyttes det?"), rows=3)

    def prepare(self) -> None:
        if self.scene.target is not None:
            documents.fetch_own_document(worker=self.scene.worker, case=self.scene.case, root=self.scene.target)

    def carry_out(self) -> None:
        other = fetch_case(worker=self.scene.worker, reference=self.words("reference").strip())
        wrong_case.correct_wrong_case_of_document(
            **self.common, root=self.one("target"), to_case_id=other.id, reason=self.words("reason")
        )
