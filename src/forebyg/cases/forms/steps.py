"""Forms of the moves along the nine steps."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import assessing, ending, measures, meeting, opening
from forebyg.cases.forms.base import ActForm, Day, Moment, choice, choices, long_text
from forebyg.cases.models import Assessment
from forebyg.cases.models.record import Classification
from forebyg.strategy.wording import say


class BringToUnit(ActForm):
    """R-019."""

    heading = _("Bring sagen til enheden")
    lead = _("Sagen kommer på enhedens dagsorden. De myndigheder, der er optaget i sagen, drøfter den inden for loven.")
    submit_label = _("Bring til enheden")
    done = _("Sagen er på enhedens dagsorden.")

    def carry_out(self) -> None:
        assessing.bring_to_unit(**self.common, seen=self.cleaned_data["seen"])


class Discussion(ActForm):
    """R-024."""

    heading = _("Registrér drøftelsen")
    lead = _("Skriv, hvad drøftelsen førte til. Teksten tilhører din myndighed og deles først, når du videregiver den.")
    done = _("Drøftelsen er registreret.")

    taking_part = choices(_("Hvem deltog?"))
    text = long_text(_("Hvad førte drøftelsen til?"))
    happened_at = Moment(_("Hvornår blev sagen drøftet?"))

    def prepare(self) -> None:
        self.choose("taking_part", self.scene.agency_choices())

    def carry_out(self) -> None:
        assessing.record_discussion(
            **self.common,
            text=self.words(),
            taking_part=self.many("taking_part"),
            happened_at=self.at(),
            seen=self.cleaned_data["seen"],
        )


class _Assessment(ActForm):
    """A result for each subject, the ground, the reason, and who took part (R-020, R-021, R-024, R-030)."""

    gate: str
    results: tuple[Assessment.Result, ...]
    cannot_be_undone = True
    submit_label = _("Gem vurderingen")
    done = _("Vurderingen er gemt.")

    ground = long_text(
        _("Iagttageligt grundlag for bekymringen"),
        help_text=_(
            "Hvad er set eller hørt ud over holdninger? Holdninger er lovlige, også radikale. Kan udelades, når alle afkræftes."
        ),
        required=False,
        rows=4,
    )
    reason = long_text(_("Begrundelse"))
    taking_part = choices(_("Hvem deltog i vurderingen?"))
    dissent = long_text(_("Uenighed"), help_text=_("Var nogen uenig, så skriv det her."), required=False, rows=3)
    happened_at = Moment(_("Hvornår blev vurderingen foretaget?"))

    def prepare(self) -> None:
        self.choose("taking_part", self.scene.agency_choices())
        labels = [(one.value, one.label) for one in self.results]
        subjects = {
            self._name(person.root): choice(_("Resultat for %(who)s") % {"who": person.label}, labels, radios=True)
            for person in self.scene.people
            if person.is_subject
        }
        self.fields = {**{name: self.fields[name] for name in ("token", "seen", "target")}, **subjects, **self.fields}

    def carry_out(self) -> None:
        assessing.assess(
            **self.common,
            gate=self.gate,
            results={
                person.root: self.cleaned_data[self._name(person.root)] for person in self.scene.people if person.is_subject
            },
            ground=self.words("ground"),
            reason=self.words("reason"),
            dissent=self.words("dissent"),
            taking_part=self.many("taking_part"),
            happened_at=self.at(),
            seen=self.cleaned_data["seen"],
        )

    @staticmethod
    def _name(root: uuid.UUID) -> str:
        return f"result_{root.hex}"


class FirstAssessment(_Assessment):
    """Step 4."""

    heading = _("Første vurdering")
    lead = _("Vurderingen er din myndigheds. Afkræftes bekymringen for alle, slutter sagen straks.")
    gate = Assessment.Gate.FIRST
    results = (Assessment.Result.DISMISSED, Assessment.Result.PROCEED, Assessment.Result.UNRESOLVED)


class SecondAssessment(_Assessment):
    """Step 6."""

    heading = _("Anden vurdering")
    lead = _("Vurderingen efter mødet med borgeren. Afkræftes bekymringen for alle, slutter sagen straks.")
    gate = Assessment.Gate.SECOND
    results = (Assessment.Result.DISMISSED, Assessment.Result.CONFIRMED)


class FinalAssessment(_Assessment):
    """From step 8 to step 9."""

    heading = _("Vurdér bekymringen som håndteret")
    lead = _("Sagen går videre til afslutning. Er der stadig bekymring for nogen, så aftal ny indsats i stedet.")
    gate = Assessment.Gate.FINAL
    results = (Assessment.Result.DEALT_WITH,)

    def prepare(self) -> None:
        super().prepare()
        del self.fields["ground"]


class ConcludeMeetings(ActForm):
    """Step 5 to 6."""

    heading = _("Gå videre til anden vurdering")
    lead = _("Hver af de personer, bekymringen gælder, skal have været til et møde, som DKS holdt eller var med til.")
    submit_label = _("Gå videre")
    done = _("Sagen er klar til anden vurdering.")

    def carry_out(self) -> None:
        meeting.conclude_meetings(**self.common, seen=self.cleaned_data["seen"])


class AgreeMeasures(ActForm):
    """Step 7 to 8."""

    heading = _("Gå videre til opfølgning")
    lead = _(
        "Indsatsen er aftalt eller afvist. Et nej lukker ikke sagen: Enheden følger familien og støtter fagfolkene omkring den."
    )
    submit_label = _("Gå videre")
    done = _("Sagen er i opfølgning.")

    text = long_text(_("Hvad er aftalt?"), help_text=_("Skriv også, hvis tilbuddene er afvist, og hvad I så gør."), rows=4)
    spoken_with = choices(
        _("Hvem i familien er det talt igennem med?"),
        required=False,
        help_text=_("Kan udelades, når svaret på et tilbud er registreret."),
    )
    taking_part = choices(_("Hvilke myndigheder er med i aftalen?"))
    happened_at = Moment(_("Hvornår blev det aftalt?"))

    def prepare(self) -> None:
        left_out = self.scene.parents_left_out
        self.choose("spoken_with", self.scene.person_choices(lambda one: one.is_subject or one.root not in left_out))
        self.choose("taking_part", self.scene.agency_choices())

    def carry_out(self) -> None:
        measures.agree_measures(
            **self.common,
            text=self.words(),
            spoken_with=self.many("spoken_with"),
            taking_part=self.many("taking_part"),
            happened_at=self.at(),
            seen=self.cleaned_data["seen"],
        )


class RenewMeasures(ActForm):
    """Step 8 to 7."""

    heading = _("Aftal ny eller ændret indsats")
    lead = _("Sagen går tilbage til det trin, hvor indsatsen aftales med borgeren.")
    submit_label = _("Gå tilbage til indsats")
    done = _("Sagen er tilbage ved indsats.")

    def carry_out(self) -> None:
        measures.renew_measures(**self.common, seen=self.cleaned_data["seen"])


class Close(ActForm):
    """Step 9: closed, or handed over (R-056, R-062)."""

    heading = _("Afslut sagen")
    lead = _("Opfølgninger efter 6 og 12 måneder løber videre, også når sagen er afsluttet.")
    submit_label = _("Afslut sagen")
    cannot_be_undone = True
    done = _("Sagen er afsluttet.")

    how = choice(
        _("Hvordan slutter sagen?"),
        [("ordinary", _("Overdrages til det kommunale normalsystem")), ("dealt-with", _("Bekymringen er håndteret"))],
        radios=True,
    )
    text = long_text(_("Begrundelse"))
    journal_number = forms.CharField(label=_("Sagens nummer i journalsystemet"), required=False, max_length=60)
    closed_there_on = Day(_("Afsluttet i journalsystemet den"), required=False)
    happened_at = Moment(_("Hvornår blev sagen afsluttet?"))

    def carry_out(self) -> None:
        ending.close_case(
            **self.common,
            hand_over=self.cleaned_data["how"] == "ordinary",
            text=self.words(),
            journal_number=self.words("journal_number"),
            closed_there_on=self.cleaned_data["closed_there_on"],
            happened_at=self.at(),
            seen=self.cleaned_data["seen"],
        )


class HandToPet(ActForm):
    """R-059: the police record their own decision."""

    heading = _("Registrér overlevering til PET")
    lead = _(
        "Politiet beslutter og overleverer i sit eget system. Forebyg sender intet indhold. "
        "Bagefter ser de andre myndigheder kun sagens ramme, og opfølgningen sættes i bero."
    )
    submit_label = _("Registrér overleveringen")
    cannot_be_undone = True
    done = _("Overleveringen er registreret.")

    text = long_text(_("Politiets begrundelse"), help_text=_("Læses kun af politiet."))
    happened_at = Moment(_("Hvornår blev sagen overleveret?"))

    def carry_out(self) -> None:
        ending.hand_to_pet(**self.common, text=self.words(), happened_at=self.at(), seen=self.cleaned_data["seen"])


class Reopen(ActForm):
    """R-034: a new case linked to this one."""

    heading = _("Genåbn sagen")
    lead = _(
        "Der oprettes en ny sag med henvisning til denne. De personer, som din myndighed selv har registreret, følger med. Andre myndigheder med personer i sagen får besked om at kontakte den, der leder den. Den afsluttede sag ændres ikke."
    )
    submit_label = _("Genåbn som ny sag")
    done = _("Der er oprettet en ny sag.")

    reason = long_text(_("Begrundelse"))

    def carry_out(self) -> None:
        opening.reopen_case(**self.common, reason=self.words("reason"))


class Qualify(ActForm):
    """Base of the five choices (R-025 to R-027)."""

    kind: str
    value = choice("", radios=True)
    reason = long_text(_("Begrundelse"))

    def carry_out(self) -> None:
        assessing.qualify(**self.common, kind=self.kind, value=self.cleaned_data["value"], reason=self.words("reason"))


class ChooseSeverity(Qualify):
    """R-069: gives the hours of the triage clock."""

    heading = _("Vælg alvorlighed")
    lead = _("Alvorligheden er et menneskes skøn og bestemmer fristen for visitation. Systemet beregner ingen risiko.")
    kind = "severity"

    def prepare(self) -> None:
        self.fields["value"].label = _("Alvorlighed")
        text = _("%(name)s – visiteres inden for %(hours)s timer")
        limits = self.scene.pack.triage_limits
        self.choose("value", [(one.severity, text % {"name": say(one.severity_name), "hours": one.hours}) for one in limits])


_STARTS_TRIAGE = {
    "accepted-by-authority": _(
        "Et ja starter fristen for visitation. Den stopper, når en navngiven myndighed påtager sig ansvaret."
    ),
    "measures-agreed": _("Et ja starter fristen for visitation. Den stopper, når indsatsen er aftalt."),
}
"""By what the pack lets the triage clock run until."""


class ChooseLocalAction(Qualify):
    """A-01: the finding that starts the clock."""

    heading = _("Er lokal indsats nødvendig?")
    kind = "local-action"

    def prepare(self) -> None:
        self.lead = _STARTS_TRIAGE[self.scene.pack.case_pathway.triage_clock.stops_at]
        self.fields["value"].label = _("Kræver sagen lokal indsats?")
        self.choose("value", [("yes", _("Ja")), ("no", _("Nej"))])


class ChooseCaseType(Qualify):
    """R-027."""

    heading = _("Vælg sagstype")
    lead = _("Sagstypen bestemmer, hvilken arbejdsgang der vises som huskeliste.")
    kind = "case-type"

    def prepare(self) -> None:
        self.fields["value"].label = _("Sagstype")
        self.choose("value", [(one.id, say(one.name)) for one in self.scene.pack.case_types])


class ChooseLevel(Qualify):
    """R-026."""

    heading = _("Vælg forebyggelsesniveau")
    kind = "level"

    def prepare(self) -> None:
        self.fields["value"].label = _("Niveau")
        self.choose("value", [(one.id, say(one.name)) for one in self.scene.pack.levels])


class Classify(Qualify):
    """R-025: a human reading of one person that may change over time."""

    heading = _("Klassificér en person")
    lead = _("Klassifikationen er et fagligt skøn. Den kan ændres senere, og de tidligere bliver stående ved siden af.")
    kind = "classification"

    about = choice(_("Hvem gælder det?"), radios=True)
    field_order = ["token", "seen", "target", "about", "value", "reason"]

    def prepare(self) -> None:
        self.fields["value"].label = _("Klassifikation")
        self.choose("value", Classification.choices)
        self.choose("about", self.scene.person_choices(lambda person: person.is_subject))

    def carry_out(self) -> None:
        assessing.qualify(
            **self.common,
            kind=self.kind,
            value=self.cleaned_data["value"],
            reason=self.words("reason"),
            about=self.one("about"),
        )
