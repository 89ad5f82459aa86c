"""Forms for what is agreed with the citizen and the parents, whether it was kept, and contacts that outreach seeks."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import agreeing, following
from forebyg.cases.family import Family, family_of
from forebyg.cases.forms.base import NOTHING, ActForm, Choices, Day, Label, Moment, choice, choices, long_text
from forebyg.cases.models import Agreement, AgreementKept, Contact
from forebyg.cases.queries import fetch_record
from forebyg.people.consents import ASKED_AT
from forebyg.people.participants import age_of
from forebyg.strategy.wording import say


class MakeAgreement(ActForm):
    """R-103; the record that it is about is the person whose plan it is."""

    heading = _("Skriv en aftale")
    lead = _(
        "Skriv én aftale ad gangen, som borgeren selv ville sige den. Teksten står på den side, familien får; skriv ikke om andre personer."
    )
    submit_label = _("Gem aftalen")
    done = _("Aftalen er gemt.")

    text = long_text(_("Hvad er aftalt?"), help_text=_("Fx »Du møder din mentor hver tirsdag«."), rows=3)
    taking_part = choices(_("Hvem i familien var med til at aftale det?"), required=False)
    without_reason = long_text(
        _("Hvis borgeren eller forældrene ikke var med: hvorfor?"),
        help_text=_("Står ikke på den side, familien får."),
        required=False,
        rows=2,
    )
    apart_from = choices(
        _("Hvilke forældre skal ikke kende aftalen?"),
        required=False,
        help_text=_("Fx en forælder, hvis påvirkning er bekymringen. Aftalen står ikke på den side, forælderen får."),
    )
    look_on = Day(_("Hvornår ser I efter, om aftalen er holdt?"), required=False, help_text=_("Så får I en opgave den dag."))
    happened_at = Moment(_("Hvornår blev det aftalt?"))

    def prepare(self) -> None:
        if self.scene.target is None:
            return
        family = family_of(self.scene.worker, self.scene.case, self.scene.target, now=self.scene.now)
        taking_part = {family.person.root} | family.parents
        self.choose("taking_part", self.scene.person_choices(lambda one: one.root in taking_part))
        self.choose("apart_from", self.scene.person_choices(lambda one: one.root in family.guardians))
        self.fields["taking_part"].help_text = self._who(family)

    def _who(self, family: Family) -> Label:
        """Whom the plan is made with, by age (R-103, R-104)."""
        if not family.is_child:
            return _("Borgeren er fyldt 18 år og aftaler selv. En forælder er kun med, når borgeren har sagt ja til det.")
        years = age_of(family.person, timezone.localdate(self.scene.now))
        if years is not None and years < ASKED_AT:
            return _("Aftal med forældrene, og lyt til, hvad barnet selv siger.")
        return _("Aftal både med den unge og med forældrene.")

    def carry_out(self) -> None:
        agreement = Agreement(
            taking_part=self.many("taking_part"),
            apart_from=self.many("apart_from"),
            without_reason=self.words("without_reason"),
            text=self.words(),
        )
        agreeing.record_agreement(
            **self.common,
            agreement=agreement,
            person=self.one("target"),
            look_on=self.cleaned_data["look_on"],
            happened_at=self.at(),
        )


class LookAtAgreement(ActForm):
    """R-108; the record that it is about is the agreement."""

    heading = _("Skriv, om aftalen er holdt")
    lead = _("Spørg borgeren. En aftale, der ikke blev holdt, er ikke et nederlag, men et tegn på, at noget skal laves om.")
    done = _("Det er skrevet, om aftalen er holdt.")

    answer = choice(_("Blev aftalen holdt?"), AgreementKept.Answer.choices, radios=True)
    text = long_text(
        _("Bemærkning"),
        help_text=_("Skal skrives, når aftalen ikke blev holdt helt: hvorfor, og hvad gør I nu?"),
        required=False,
        rows=3,
    )
    look_on = Day(_("Hvornår ser I på aftalen igen?"), required=False)
    happened_at = Moment(_("Hvornår så I på aftalen?"))

    def prepare(self) -> None:
        if self.scene.target is not None:
            fetch_record(worker=self.scene.worker, model=Agreement, case=self.scene.case, root=self.scene.target)

    def carry_out(self) -> None:
        kept = AgreementKept(agreement=self.one("target"), answer=self.cleaned_data["answer"], text=self.words())
        agreeing.record_kept(**self.common, kept=kept, look_on=self.cleaned_data["look_on"], happened_at=self.at())


class SeekContact(ActForm):
    """R-128."""

    heading = _("Registrér en opsøgende kontakt")
    lead = _("Skriv også, når kontakten ikke lykkedes. Ingen opsøges uden et mandat.")
    done = _("Kontakten er registreret.")

    mandate = choice(_("Hvilket mandat tog I kontakten på?"))
    about = choices(_("Hvem opsøgte I?"))
    text = long_text(_("Hvordan gik kontakten?"))
    happened_at = Moment(_("Hvornår var kontakten?"))

    def prepare(self) -> None:
        self.choose("mandate", [NOTHING, *self._mandates()])
        self.choose("about", self.scene.person_choices())

    def _mandates(self) -> Choices:
        pack = self.scene.pack
        names = {following.INTERVENTION + one.id: say(one.name) for one in pack.interventions}
        names |= {following.PROVISION + one.id: say(one.name) for one in pack.legal_basis}
        return [(mandate, names[mandate]) for mandate in following.mandates_of(pack)]

    def carry_out(self) -> None:
        contact = Contact(mandate=self.cleaned_data["mandate"], text=self.words())
        following.record_contact(**self.common, contact=contact, about=self.many("about"), happened_at=self.at())
