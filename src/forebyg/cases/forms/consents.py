"""Forms for consents: an answer, and an answer taken back."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import consenting
from forebyg.cases.forms.base import NOTHING, ActForm, Choices, Moment, choice, long_text
from forebyg.cases.queries import fetch_record, guardians_in, unit_agencies
from forebyg.people.consents import asked_on
from forebyg.people.models import Consent, Participant
from forebyg.strategy.wording import say

ALL_NAMED = "named"


class RecordConsent(ActForm):
    """R-101, R-102, B-031; the record that it is about is the person."""

    heading = _("Registrér et samtykke")
    lead = _(
        "At deltage og at dele oplysninger er to spørgsmål: stil dem hver for sig, og registrér et svar ad gangen. Et nej har ingen følger for den hjælp, borgeren ellers kan få, og et ja kan trækkes tilbage når som helst."
    )
    submit_label = _("Gem svaret")
    done = _("Svaret er registreret.")

    kind = choice(_("Hvad blev der spurgt om?"), Consent.Kind.choices, radios=True)
    intervention = choice(_("At deltage: i hvilken indsats?"), required=False)
    recipient = choice(_("At dele oplysninger: med hvem?"), required=False)
    answered_by = choice(
        _("Hvem svarede?"),
        radios=True,
        help_text=_(
            "Under 15 år svarer de, der har forældremyndigheden. Fra 15 til 17 år svarer den unge også. Fra 18 år svarer kun borgeren selv."
        ),
    )
    answer = choice(
        _("Hvad blev svaret?"), [(one.value, one.label) for one in (Consent.Answer.GIVEN, Consent.Answer.REFUSED)], radios=True
    )
    text = long_text(
        _("Hvad blev der spurgt om, og hvad blev der sagt?"),
        help_text=_("Skriv, hvilke oplysninger det gælder, og hvem der må få dem. Nævn dem alle."),
        rows=4,
    )
    happened_at = Moment(_("Hvornår blev der svaret?"))

    def prepare(self) -> None:
        offered = [(one.id, say(one.name)) for one in self.scene.pack.interventions if one.individual_data]
        self.choose("intervention", [NOTHING, *offered])
        agencies = [(str(one.id), one.name) for one in unit_agencies(self.scene.worker)]
        answering, parents = self._family()
        self.choose("recipient", [NOTHING, (ALL_NAMED, _("Alle, der er nævnt i teksten")), *agencies, *parents])
        self.choose("answered_by", answering)

    def _family(self) -> tuple[Choices, Choices]:
        """Who answers, and with whom in the family something may be shared. From 18 only the person answers (R-104)."""
        if self.scene.target is None:
            return [], []
        person = fetch_record(worker=self.scene.worker, model=Participant, case=self.scene.case, root=self.scene.target)
        guardians = guardians_in(self.scene.worker, self.scene.case, person.root)
        asked = asked_on(person, timezone.localdate(self.scene.now))
        answering = {person.root} | (guardians if asked.guardians else set())
        return (
            self.scene.person_choices(lambda one: one.root in answering),
            self.scene.person_choices(lambda one: one.root in guardians),
        )

    def carry_out(self) -> None:
        data = self.cleaned_data
        is_share = data["kind"] == Consent.Kind.SHARE
        if is_share and not data["recipient"]:
            raise consenting.NoRecipient
        consent = Consent(
            kind=data["kind"],
            person=self.one("target"),
            answered_by=self.one("answered_by"),
            answer=data["answer"],
            intervention="" if is_share else data["intervention"],
            recipient=self.one("recipient") if is_share and data["recipient"] != ALL_NAMED else None,
            text=self.words(),
        )
        consenting.record_consent(**self.common, consent=consent, happened_at=self.at())


class WithdrawConsent(ActForm):
    """B-031: a yes taken back."""

    heading = _("Registrér, at et samtykke er trukket tilbage")
    lead = _(
        "Det har ingen følger for borgeren. Fra nu af deles der ikke mere på samtykket, og et forløb, der bygger på det, skal afsluttes. Gå videregivelserne igennem, og træk dem tilbage, der ikke har en anden hjemmel."
    )
    submit_label = _("Registrér")
    done = _("Det er registreret, at samtykket er trukket tilbage.")

    text = long_text(_("Hvad blev der sagt?"), required=False, rows=3)
    happened_at = Moment(_("Hvornår blev det trukket tilbage?"))

    def prepare(self) -> None:
        if self.scene.target is not None:
            fetch_record(worker=self.scene.worker, model=Consent, case=self.scene.case, root=self.scene.target)

    def carry_out(self) -> None:
        consenting.withdraw_consent(**self.common, consent=self.one("target"), text=self.words(), happened_at=self.at())
