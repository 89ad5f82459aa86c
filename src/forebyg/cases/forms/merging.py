"""Forms for two participants that are one person."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.audit.record import record
from forebyg.cases.actions import merging
from forebyg.cases.forms.base import NOTHING, ActForm, choice, long_text
from forebyg.cases.models import Case
from forebyg.cases.queries import fetch_case, participants_of
from forebyg.core.errors import NotVisible
from forebyg.people.models import Merge, Participant


class ProposeMerge(ActForm):
    """R-010; the record that it is about is the person."""

    heading = _("Foreslå, at to personer er den samme")
    lead = _(
        "Skriv nummeret på den sag, hvor personen også findes. Det kan være denne sag. En kollega, der kan se begge sager, tager stilling. Ingen får adgang til mere, og intet flyttes."
    )
    submit_label = _("Foreslå")
    done = _("Forslaget er gemt, og der er en opgave til en kollega om at tage stilling.")

    reference = forms.CharField(
        label=_("Sagens nummer"), help_text=_("Fx 2026-0147. Tryk »Foreslå« for at se sagens personer."), max_length=12
    )
    other = choice(_("Hvem er den samme person?"))
    text = long_text(_("Hvorfor er de den samme?"), rows=3)

    def prepare(self) -> None:
        asked = self.data.get("reference") if self.is_bound else self.initial.get("reference")
        if not asked:
            asked = self.scene.case.matter.reference
            self.begin_with(reference=asked)
        case = self._case(str(asked))
        people = participants_of(self.scene.worker, case) if case is not None else []
        if case is not None and case.id != self.scene.case.id:
            self._note_look(case, people)
        self.choose("other", [NOTHING, *((str(one.root), str(one.label)) for one in people if one.root != self.scene.target)])

    def _note_look(self, case: Case, people: Iterable[Participant]) -> None:
        """The persons of another case are listed, and that matter's ledger knows of it."""
        record(
            "act.opened",
            actor=self.scene.worker,
            at=self.scene.now,
            matters=sorted({self.scene.case.matter_id, case.matter_id}),
            records=sorted(one.root for one in people),
            codes={"act": "samme-person"},
        )

    def _case(self, reference: str) -> Case | None:
        try:
            return fetch_case(worker=self.scene.worker, reference=reference.strip())
        except NotVisible:
            return None

    def clean_reference(self) -> str:
        """A case that the worker sees; what is hidden and what is not there look the same."""
        reference = str(self.cleaned_data["reference"]).strip()
        if self._case(reference) is None:
            raise forms.ValidationError(_("Der er ingen sag med det nummer, som du kan se. Kontrollér nummeret."))
        return reference

    def carry_out(self) -> None:
        case = fetch_case(worker=self.scene.worker, reference=self.words("reference"))
        merging.propose_merge(
            **self.common, person=self.one("target"), other_case_id=case.id, other=self.one("other"), why=self.words()
        )


class ReviewMerge(ActForm):
    """Another worker's look."""

    heading = _("Tag stilling til, om to personer er den samme")
    lead = _(
        "Er de den samme, tæller de som én person fra nu af. Intet flyttes, ingen får adgang til mere, og det kan fortrydes."
    )
    submit_label = _("Gem")
    done = _("Svaret er gemt.")

    outcome = choice(_("Hvad har du fundet?"), Merge.Outcome.choices, radios=True)
    reason = long_text(_("Begrundelse"), help_text=_("Gemmes forseglet i loggen."), rows=3)

    def carry_out(self) -> None:
        merging.review_merge(
            **self.common, merge=self.one("target"), outcome=self.cleaned_data["outcome"], reason=self.words("reason")
        )


class UndoMerge(ActForm):
    """They were two after all."""

    heading = _("Fortryd, at to personer er den samme")
    submit_label = _("Fortryd")
    done = _("De tæller igen som to personer.")

    reason = long_text(_("Begrundelse"), help_text=_("Gemmes forseglet i loggen."), rows=3)

    def carry_out(self) -> None:
        merging.undo_merge(**self.common, merge=self.one("target"), reason=self.words("reason"))
