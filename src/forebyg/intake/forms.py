"""The forms of intake."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.cases.forms.base import NOTHING, ActForm, Day, Moment, choice, choices, long_text
from forebyg.cases.models import Item
from forebyg.core.ids import new_id
from forebyg.intake.actions import Reporter, receive_concern
from forebyg.intake.models import Concern
from forebyg.people.age import StatedAge
from forebyg.people.models import Participant
from forebyg.strategy.queries import pack_of
from forebyg.strategy.wording import say

MOST_PEOPLE = 6
"""Persons in one form; more are added in the case."""


class ReceiveConcern(ActForm):
    """R-002, R-008: an entry point takes in what was noted."""

    heading = _("Tag imod bekymringen")
    lead = _("Tidspunktet for modtagelsen gemmes på minuttet. Din myndighed leder sagen, indtil en anden gør.")
    submit_label = _("Tag imod")
    done = _("Bekymringen er modtaget.")

    reported_by = choices(_("Hvilke myndigheder har meldt den?"), required=False)
    received_at = Moment(_("Hvornår blev den modtaget?"))

    def prepare(self) -> None:
        self.choose("reported_by", self.scene.agency_choices())

    def carry_out(self) -> None:
        receive_concern(**self.common, reported_by=self.many("reported_by"), received_at=self.at("received_at"))


class NewConcern(forms.Form):
    """A concern contact with one or more persons. Observed behaviour, not opinion, is what is asked for (R-013)."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    people = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_PEOPLE, required=False)
    received_at = Moment(_("Hvornår kom henvendelsen?"))
    channel = choice(_("Hvordan kom den?"))
    reporter = choice(_("Hvem henvender sig?"), [NOTHING, *Concern.Reporter.choices])
    reporter_name = forms.CharField(
        label=_("Anmelderens navn"),
        max_length=200,
        required=False,
        help_text=_("Forsegles for sig og deles ikke med andre. Lad feltet stå tomt, hvis anmelderen vil være anonym."),
    )
    reporter_contact = forms.CharField(label=_("Hvordan kan anmelderen nås?"), max_length=200, required=False)
    observation = long_text(
        _("Hvad er set eller hørt?"),
        help_text=_(
            "Skriv kun det, der er set eller hørt. Holdninger er lovlige, også radikale, og er ikke i sig selv en bekymring."
        ),
        rows=7,
    )
    reliability = choice(_("Hvor tæt er kilden på?"), Item.Reliability.choices, radios=True)

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = self.fields["channel"]
        assert isinstance(channels, forms.ChoiceField)
        channels.choices = [NOTHING, *((one.id, say(one.name)) for one in pack_of(worker).channels)]
        self.number_of_people = self._number()
        self.initial = {**self.initial, "token": str(new_id()), "people": self.number_of_people}
        for number in range(1, self.number_of_people + 1):
            self._add_person(number)

    def _number(self) -> int:
        raw = str(self.data.get("people") if self.is_bound else self.initial.get("people", 1))
        number = int(raw) if raw.isdigit() else 1
        return min(max(number, 1), MOST_PEOPLE)

    def _add_person(self, number: int) -> None:
        who = _("Person %(number)s") % {"number": number} if self.number_of_people > 1 else _("Personen")
        self.fields |= {
            f"label_{number}": forms.CharField(
                label=_("%(who)s omtales som") % {"who": who},
                max_length=60,
                help_text=_("Fx »Ung« eller »Far«. Navn kan tilføjes i sagen."),
            ),
            f"roles_{number}": choices(
                _("%(who)s: rolle i sagen") % {"who": who},
                choices=Participant.Role.choices,
                initial=["subject"] if number == 1 else [],
            ),
            f"born_on_{number}": Day(_("Fødselsdato, hvis den kendes"), required=False),
            f"stated_age_{number}": choice(_("Alder, når fødselsdatoen ikke kendes"), StatedAge.choices),
        }

    def persons(self) -> list[Participant]:
        """The persons that were filled in."""
        data = self.cleaned_data
        return [
            Participant(
                label=data[f"label_{number}"],
                name="",
                cpr="",
                born_on=data[f"born_on_{number}"].isoformat() if data[f"born_on_{number}"] else "",
                stated_age=data[f"stated_age_{number}"],
                is_subject="subject" in data[f"roles_{number}"],
                is_involved="involved" in data[f"roles_{number}"],
                is_guardian="guardian" in data[f"roles_{number}"],
                involved_because="",
            )
            for number in range(1, self.number_of_people + 1)
        ]

    def what_was_observed(self) -> Item:
        """The first item of the matter."""
        return Item(
            kind=Item.Kind.OBSERVATION,
            source=Item.Source.OTHER,
            reliability=self.cleaned_data["reliability"],
            weight=Item.Weight.RISK,
            text=self.cleaned_data["observation"],
            correction_reason="",
        )

    def who_reports(self) -> Reporter:
        """Category always, identity only when given."""
        data = self.cleaned_data
        return Reporter(data["reporter"], data["reporter_name"], data["reporter_contact"])
