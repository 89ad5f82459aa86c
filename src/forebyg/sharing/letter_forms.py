"""Forms of letters that come after the writing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from forebyg.cases.forms.base import ActForm, long_text
from forebyg.cases.queries import fetch_record
from forebyg.sharing.actions import withdraw_letter
from forebyg.sharing.models import Letter


class WithdrawLetter(ActForm):
    """B-023."""

    heading = _("Træk et brev tilbage")
    lead = _(
        "Brevet bliver stående i sagen og mærkes »Trukket tilbage«, også på papir. Det, modtageren har læst, kan ikke tages tilbage: I får en opgave om at fortælle modtageren, at brevet ikke længere gælder. Var noget forkert, så ret oplysningen, og skriv et nyt brev."
    )
    submit_label = _("Træk brevet tilbage")
    cannot_be_undone = True
    done = _("Brevet er trukket tilbage. Husk at fortælle modtageren det.")

    reason = long_text(_("Begrundelse"), rows=3)

    def prepare(self) -> None:
        if self.scene.target is not None:
            fetch_record(worker=self.scene.worker, model=Letter, case=self.scene.case, root=self.scene.target)

    def carry_out(self) -> None:
        withdraw_letter(**self.common, root=self.one("target"), reason=self.words("reason"))
