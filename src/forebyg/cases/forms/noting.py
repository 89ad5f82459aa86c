"""Forms for what is recorded: information, decisions, alarms, and the number in the records system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import ending, noting
from forebyg.cases.forms.base import NOTHING, ActForm, Day, Moment, choice, choices, long_text
from forebyg.cases.models import Alarm, Decision, Item
from forebyg.cases.models.record import Forum
from forebyg.strategy.wording import say

ABOUT = _("Hvem handler det om?")


class WriteItem(ActForm):
    """R-013 to R-015."""

    heading = _("Skriv en oplysning")
    lead = _("Hold det, der er set, adskilt fra det, der er sagt, påstået og vurderet. Skriv én ting ad gangen.")
    done = _("Oplysningen er gemt. Den kan kun læses af din myndighed, indtil du videregiver den.")

    kind = choice(_("Hvad slags oplysning er det?"), Item.Kind.choices, radios=True)
    text = long_text(_("Oplysning"), help_text=_("Skriv, hvad der skete eller blev sagt, så konkret som muligt."))
    about = choices(ABOUT)
    source = choice(_("Hvor kommer den fra?"), [NOTHING, *Item.Source.choices])
    reliability = choice(_("Hvor tæt er kilden på?"), Item.Reliability.choices, radios=True)
    weight = choice(
        _("Taler den for risiko eller beskyttelse?"),
        Item.Weight.choices,
        radios=True,
        help_text=_("Beskyttende forhold er lige så vigtige som risikoforhold. Intet lægges sammen."),
    )
    forum = choice(
        _("Hvilket forum er den kommet frem i?"),
        Forum.choices,
        help_text=_("Oplysninger fra SSP, PSP og KSP mærkes »ikke til efterforskning«, og mærket følger med."),
    )
    happened_at = Moment()

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())

    def carry_out(self) -> None:
        data = self.cleaned_data
        item = Item(
            kind=data["kind"],
            source=data["source"],
            reliability=data["reliability"],
            weight=data["weight"],
            forum=data["forum"],
            text=self.words(),
            correction_reason="",
        )
        noting.write_item(**self.common, item=item, about=self.many("about"), happened_at=self.at())


class WriteDecision(ActForm):
    """R-045: one's own authority's decision."""

    heading = _("Skriv en beslutning")
    lead = _("Beslutningen er din myndigheds. Enheden beslutter ikke på andres vegne.")
    done = _("Beslutningen er gemt.")

    kind = choice(_("Hvad handler den om?"))
    text = long_text(_("Hvad er besluttet og hvorfor?"))
    about = choices(ABOUT)
    legal_ref = choice(_("Hjemmel"), required=False)
    happened_at = Moment(_("Hvornår blev det besluttet?"))

    def prepare(self) -> None:
        kinds = Decision.Kind
        shown = (kinds.VISIT, kinds.NOTICE, kinds.MEASURE, kinds.PLAN_CHANGE, kinds.PROGRESS, kinds.OTHER)
        self.choose("kind", [NOTHING, *((one.value, one.label) for one in shown)])
        self.choose("about", self.scene.person_choices())
        self.choose(
            "legal_ref", [("", _("Ingen særlig")), *((rule.id, say(rule.name)) for rule in self.scene.pack.legal_basis)]
        )

    def carry_out(self) -> None:
        decision = Decision(kind=self.cleaned_data["kind"], legal_ref=self.words("legal_ref"), text=self.words())
        noting.write_decision(**self.common, decision=decision, about=self.many("about"), happened_at=self.at())


class RaiseAlarm(ActForm):
    """R-065."""

    heading = _("Slå alarm")
    lead = _("Er der fare her og nu, så ring 112. Alarmen overleverer intet af sig selv; kontakt dem, der skal handle.")
    submit_label = _("Slå alarm")
    done = _("Alarmen er registreret.")

    kind = choice(_("Hvad frygtes?"), Alarm.Kind.choices, radios=True)
    text = long_text(_("Hvad er set eller hørt?"))
    about = choices(ABOUT)
    happened_at = Moment()

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())

    def carry_out(self) -> None:
        noting.raise_alarm(
            **self.common, kind=self.cleaned_data["kind"], text=self.words(), about=self.many("about"), happened_at=self.at()
        )


class EndAlarm(ActForm):
    """How it was resolved."""

    heading = _("Afslut alarmen")
    submit_label = _("Afslut alarmen")
    done = _("Alarmen er afsluttet.")

    text = long_text(_("Hvordan blev det afklaret?"))
    happened_at = Moment(_("Hvornår blev det afklaret?"))

    def carry_out(self) -> None:
        noting.end_alarm(**self.common, alarm=self.one("target"), text=self.words(), happened_at=self.at())


class LinkJournal(ActForm):
    """R-057."""

    heading = _("Sagens nummer i journalsystemet")
    done = _("Journalnummeret er gemt.")

    number = forms.CharField(label=_("Nummer"), max_length=60)
    closed_there_on = Day(_("Afsluttet i journalsystemet den"), required=False)

    def carry_out(self) -> None:
        ending.record_journal(**self.common, number=self.words("number"), closed_there_on=self.cleaned_data["closed_there_on"])
