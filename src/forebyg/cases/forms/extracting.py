"""The form of an extract."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import extracting
from forebyg.cases.forms.base import ActForm, choices, long_text
from forebyg.cases.models import Item
from forebyg.cases.queries import fetch_record
from forebyg.cases.third_persons import LEFT_OUT, third_persons


class WriteExtract(ActForm):
    """R-221."""

    heading = _("Skriv et uddrag uden andre personer")
    lead = _(
        "Uddraget bliver en oplysning for sig, som kan videregives eller bruges i et brev. Oplysningen selv bliver stående. Andre personer er sat til […], hvor de kan genkendes; læs selv teksten igennem, for ikke alt kan findes af sig selv."
    )
    done = _("Uddraget er gemt som en oplysning.")

    about = choices(_("Hvem handler uddraget om?"))
    text = long_text(_("Uddraget"), rows=6, help_text=_("Skriv ikke, hvem der henvendte sig."))

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())
        if self.scene.target is not None and not self.is_bound:
            item = fetch_record(worker=self.scene.worker, model=Item, case=self.scene.case, root=self.scene.target)
            whom = item.about[:1] or [one.root for one in self.scene.people if one.is_subject][:1]
            others = third_persons(self.scene.worker, self.scene.case, but=whom)
            self.begin_with(about=[str(one) for one in whom], text=others.left_out_of(item.text or LEFT_OUT))

    def carry_out(self) -> None:
        extracting.write_extract(**self.common, root=self.one("target"), about=self.many("about"), text=self.words())
