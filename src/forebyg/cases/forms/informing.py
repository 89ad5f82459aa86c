"""The form for whether a person was told that information is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import informing
from forebyg.cases.forms.base import ActForm, Day, Moment, choice, long_text
from forebyg.cases.queries import fetch_record
from forebyg.people.models import Information, Participant


class RecordInformation(ActForm):
    """B-004; the record that it is about is the person."""

    heading = _("Registrér orientering")
    lead = _(
        "En person skal som regel have at vide, at I har oplysninger om personen. Kan det ikke ske endnu, så skriv hvorfor, og hvornår I tager stilling igen."
    )
    submit_label = _("Gem")
    done = _("Orienteringen er registreret.")

    state = choice(_("Er personen orienteret?"), Information.State.choices, radios=True)
    why = choice(_("Hvis ikke: hvorfor?"), [("", _("Personen er orienteret")), *Information.Why.choices], required=False)
    until = Day(_("Hvis ikke: hvornår tager I stilling igen?"), required=False)
    text = long_text(_("Hvordan er personen orienteret, eller hvorfor er det ikke sket?"), rows=3)
    happened_at = Moment(_("Hvornår blev personen orienteret, eller det besluttet?"))

    def prepare(self) -> None:
        if self.scene.target is not None:
            fetch_record(worker=self.scene.worker, model=Participant, case=self.scene.case, root=self.scene.target)

    def carry_out(self) -> None:
        data = self.cleaned_data
        information = Information(
            person=self.one("target"), state=data["state"], why=data["why"], until=data["until"], text=self.words()
        )
        informing.record_information(**self.common, information=information, happened_at=self.at())
