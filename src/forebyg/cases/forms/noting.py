"""Forms for what is recorded: information, decisions, alarms, persons, tasks and clocks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency
from forebyg.cases.actions import ending, noting, triage, wrong_case
from forebyg.cases.forms.base import NOTHING, ActForm, Day, Moment, choice, choices, long_text
from forebyg.cases.models import Alarm, Clock, Decision, Item
from forebyg.cases.models.record import Forum
from forebyg.cases.queries import fetch_case, fetch_record
from forebyg.people.age import StatedAge
from forebyg.people.models import CUSTODY_STATUS, Participant, Relation
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


class CorrectItem(ActForm):
    """A new version with the reason; recipients are told."""

    heading = _("Ret en oplysning")
    lead = _(
        "Den gamle tekst bliver stående i historikken. De myndigheder, der har fået oplysningen, får besked om at læse den igen. Er der rejst juridisk tvivl i sagen, ser de den først igen, når I videregiver den på ny."
    )
    submit_label = _("Gem rettelsen")
    done = _("Rettelsen er gemt, og modtagerne har fået besked.")

    text = long_text(_("Rettet oplysning"))
    reason = long_text(_("Hvorfor rettes den?"), rows=3)

    def prepare(self) -> None:
        if self.scene.target is not None and not self.is_bound:
            item = fetch_record(worker=self.scene.worker, model=Item, case=self.scene.case, root=self.scene.target)
            self.initial.setdefault("text", item.text)

    def carry_out(self) -> None:
        noting.correct_item(**self.common, root=self.one("target"), text=self.words(), reason=self.words("reason"))


class CorrectPerson(ActForm):
    """The item was about someone else in the case."""

    heading = _("Oplysningen handler om en anden person")
    lead = _(
        "Vælg den eller de rigtige personer. Handler oplysningen nu om en anden end før, trækkes den tilbage fra de myndigheder, der har fået den, og de får besked. I kan videregive den på ny."
    )
    submit_label = _("Gem rettelsen")
    done = _("Rettelsen er gemt, og modtagerne har fået besked.")

    about = choices(_("Hvem handler oplysningen om?"))
    reason = long_text(_("Hvorfor rettes den?"), rows=3)

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())

    def carry_out(self) -> None:
        noting.correct_wrong_person(
            **self.common, root=self.one("target"), about=self.many("about"), reason=self.words("reason")
        )


class CorrectCase(ActForm):
    """The item belongs to another case."""

    heading = _("Oplysningen hører til en anden sag")
    lead = _(
        "Oplysningen og dens dokumenter flyttes til den anden sag. Her bliver kun stående, at den er taget ud, og hvorfor."
    )
    submit_label = _("Flyt oplysningen")
    cannot_be_undone = True
    done = _("Oplysningen er flyttet.")

    reference = forms.CharField(label=_("Den anden sags nummer"), help_text=_("Fx 2026-0147"), max_length=12)
    reason = long_text(_("Hvorfor flyttes den?"), rows=3)

    def carry_out(self) -> None:
        other = fetch_case(worker=self.scene.worker, reference=self.words("reference").strip())
        wrong_case.correct_wrong_case(**self.common, root=self.one("target"), to_case_id=other.id, reason=self.words("reason"))


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


class _PersonForm(ActForm):
    label = forms.CharField(label=_("Omtales i sagen som"), max_length=60, help_text=_("Fx »Mor« eller »Ung, 17 år«."))
    name = forms.CharField(label=_("Navn"), max_length=200, required=False)
    cpr = forms.CharField(
        label=_("CPR-nummer"),
        max_length=11,
        required=False,
        help_text=_(
            "Ti cifre, fx 010199-1234. Har personen intet CPR-nummer, så lad feltet stå tomt, eller skriv et erstatningsnummer, fx 610199-1234."
        ),
    )
    born_on = Day(_("Fødselsdato"), required=False)
    stated_age = choice(_("Alder, når fødselsdatoen ikke kendes"), StatedAge.choices)
    municipality = forms.CharField(label=_("Bopælskommune"), max_length=60, required=False)
    roles = choices(_("Rolle i sagen"))
    involved_because = long_text(_("Hvorfor er personen involveret?"), required=False, rows=2)
    cooperation = choice(
        _("Samarbejde"),
        [
            ("", _("Ikke angivet")),
            ("cooperates", _("Samarbejder")),
            ("partly", _("Samarbejder delvist")),
            ("refuses", _("Vil ikke samarbejde")),
        ],
        required=False,
    )
    custody_status = choice(
        _("Fængsling og løsladelse"),
        [("", _("Ikke kendt")), *CUSTODY_STATUS],
        required=False,
        help_text=_("Afgør sammen med andet, om et forum må dele oplysninger om personen."),
    )
    exposed = choice(
        _("Socialt udsat"),
        [("", _("Ikke kendt")), ("yes", _("Ja")), ("no", _("Nej"))],
        required=False,
        help_text=_("Spørges der om i PSP. Det er en faglig vurdering."),
    )
    interpreter = forms.CharField(
        label=_("Tolk: hvilket sprog?"),
        max_length=60,
        required=False,
        help_text=_("Lad feltet stå tomt, når der ikke er brug for tolk."),
    )
    protected_address = forms.BooleanField(
        label=_("Navne- og adressebeskyttet"),
        required=False,
        help_text=_("Forebyg gemmer ingen adresser. Skriv heller ikke i teksterne, hvor personen opholder sig."),
    )
    meets_apart = forms.BooleanField(label=_("Mødes uden barnet, fordi det er påvirkningen, der bekymrer"), required=False)

    def prepare(self) -> None:
        self.choose("roles", Participant.Role.choices)

    def content(self) -> dict[str, object]:
        """What was filled in, as the model's fields."""
        data = self.cleaned_data
        return {
            "label": self.words("label"),
            "name": self.words("name"),
            "cpr": self.words("cpr"),
            "born_on": data["born_on"].isoformat() if data["born_on"] else "",
            "stated_age": data["stated_age"],
            "municipality": self.words("municipality"),
            "is_subject": "subject" in data["roles"],
            "is_involved": "involved" in data["roles"],
            "is_guardian": "guardian" in data["roles"],
            "involved_because": self.words("involved_because"),
            "cooperation": data["cooperation"],
            "custody_status": data["custody_status"],
            "exposed": {"yes": True, "no": False}.get(data["exposed"]),
            "interpreter": self.words("interpreter"),
            "protected_address": data["protected_address"],
            "meets_apart": data["meets_apart"],
        }


class AddPerson(_PersonForm):
    """R-011, R-012."""

    heading = _("Tilføj en person")
    lead = _("En forælder kan både være den, bekymringen gælder, og forælder til en anden i sagen.")
    done = _("Personen er tilføjet.")

    def carry_out(self) -> None:
        noting.add_participant(**self.common, person=Participant(**self.content()))


class ChangePerson(_PersonForm):
    """A new version; the earlier one stays."""

    heading = _("Ret en person")
    lead = _(
        "De myndigheder, der har fået oplysningerne om personen, får besked. Er der rejst juridisk tvivl i sagen, ser de dem først igen, når I videregiver dem på ny."
    )
    done = _("Personen er rettet.")

    def prepare(self) -> None:
        super().prepare()
        if self.scene.target is None or self.is_bound:
            return
        person = next((one for one in self.scene.people if one.root == self.scene.target), None)
        if person is not None:
            held = [("subject", person.is_subject), ("involved", person.is_involved), ("guardian", person.is_guardian)]
            same = (
                "label",
                "name",
                "cpr",
                "born_on",
                "stated_age",
                "municipality",
                "involved_because",
                "cooperation",
                "custody_status",
                "interpreter",
                "protected_address",
                "meets_apart",
            )
            exposed = "" if person.exposed is None else "yes" if person.exposed else "no"
            self.begin_with(exposed=exposed)
            self.begin_with(roles=[role for role, is_held in held if is_held], **{name: getattr(person, name) for name in same})

    def carry_out(self) -> None:
        noting.change_participant(**self.common, root=self.one("target"), changes=self.content())


class Relate(ActForm):
    """R-011, R-105."""

    heading = _("Tilføj en relation")
    done = _("Relationen er gemt.")

    from_participant = choice(_("Person"))
    kind = choice(_("Relation"), Relation.Kind.choices)
    to_participant = choice(_("Anden person"))
    has_custody = choice(
        _("Forældremyndighed, når den ene er forælder"),
        [("", _("Ikke relevant eller ikke kendt")), ("yes", _("Ja")), ("no", _("Nej"))],
        required=False,
    )

    def prepare(self) -> None:
        people = self.scene.person_choices()
        self.choose("from_participant", [NOTHING, *people])
        self.choose("to_participant", [NOTHING, *people])

    def carry_out(self) -> None:
        noting.relate(
            **self.common,
            from_participant=self.one("from_participant"),
            to_participant=self.one("to_participant"),
            kind=self.cleaned_data["kind"],
            has_custody={"yes": True, "no": False}.get(self.cleaned_data["has_custody"]),
        )


class AddTask(ActForm):
    """A task for one's own agency, or a fixed word to another."""

    heading = _("Ny opgave")
    lead = _("En opgave til en anden myndighed har ingen tekst. Det, den skal vide, videregiver du som oplysning.")
    done = _("Opgaven er oprettet.")

    assigned_to = choice(_("Hvem skal gøre det?"))
    text = long_text(_("Hvad skal gøres?"), required=False, rows=3)
    due_at = Moment(_("Frist"), required=False, initial=None)

    def prepare(self) -> None:
        self.choose("assigned_to", self.scene.agency_choices())
        self.initial.setdefault("assigned_to", str(self.scene.worker.agency_id))

    def carry_out(self) -> None:
        agency = Agency.objects.get(id=self.one("assigned_to"))
        noting.add_task(**self.common, assigned_to=agency, text=self.words(), due_at=self.cleaned_data["due_at"])


class CompleteTask(ActForm):
    """Done."""

    heading = _("Markér opgaven som udført")
    submit_label = _("Udført")
    done = _("Opgaven er udført.")

    def carry_out(self) -> None:
        noting.complete_task(**self.common, root=self.one("target"))


class ConfirmRead(CompleteTask):
    """B-023: a notice reached somebody."""

    heading = _("Bekræft, at I har læst det")
    lead = _("Den myndighed, der har sendt beskeden, kan se, hvem der har bekræftet den og hvornår.")
    submit_label = _("Vi har læst det")
    done = _("Det er bekræftet, at I har læst det.")


class TickPoint(ActForm):
    """R-028."""

    heading = _("Sæt hak i arbejdsgangen")
    submit_label = _("Sæt hak")
    done = _("Punktet er markeret som gjort.")

    procedure = forms.CharField(widget=forms.HiddenInput, max_length=60)
    point = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=200)

    def carry_out(self) -> None:
        noting.tick_point(**self.common, procedure=self.words("procedure"), point=self.cleaned_data["point"])


class LinkJournal(ActForm):
    """R-057."""

    heading = _("Sagens nummer i journalsystemet")
    done = _("Journalnummeret er gemt.")

    number = forms.CharField(label=_("Nummer"), max_length=60)
    closed_there_on = Day(_("Afsluttet i journalsystemet den"), required=False)

    def carry_out(self) -> None:
        ending.record_journal(**self.common, number=self.words("number"), closed_there_on=self.cleaned_data["closed_there_on"])


class TakeResponsibility(ActForm):
    """R-058, R-067: stops the triage clock."""

    heading = _("Påtag dig ansvaret")
    lead = _("Du påtager dig ansvaret på din myndigheds vegne og bliver borgerens kontakt. Det stopper fristen for visitation.")
    submit_label = _("Påtag ansvaret")
    done = _("Ansvaret er påtaget, og fristen er stoppet.")

    text = long_text(_("Hvad tager myndigheden ansvar for?"))
    happened_at = Moment(_("Fra hvornår?"))

    def carry_out(self) -> None:
        triage.take_responsibility(**self.common, text=self.words(), happened_at=self.at())


class PauseClock(ActForm):
    """B-010."""

    heading = _("Sæt fristen i bero")
    submit_label = _("Sæt i bero")
    done = _("Fristen er sat i bero.")

    reason = long_text(_("Begrundelse"), rows=3)

    def carry_out(self) -> None:
        triage.pause_clock(**self.common, clock=self.one("target"), reason=self.words("reason"))


class ResumeClock(ActForm):
    """B-010."""

    heading = _("Lad fristen løbe igen")
    lead = _("Fristen flyttes med den tid, den har stået i bero.")
    submit_label = _("Lad fristen løbe")
    done = _("Fristen løber igen.")

    def carry_out(self) -> None:
        triage.resume_clock(**self.common, clock=self.one("target"))


class ExplainBreach(ActForm):
    """R-071."""

    heading = _("Begrund, at fristen er overskredet")
    lead = _("Fristen løber videre, indtil der er handlet.")
    submit_label = _("Gem begrundelsen")
    done = _("Begrundelsen er gemt.")

    cause = choice(
        _("Hvad var den vigtigste årsag?"),
        Clock.Cause.choices,
        radios=True,
        help_text=_("Årsagen tælles med i enhedens oversigt over overskredne frister. Begrundelsen kan kun læses i sagen."),
    )
    reason = long_text(_("Begrundelse"))

    def carry_out(self) -> None:
        triage.explain_breach(
            **self.common,
            clock=self.one("target"),
            cause=self.cleaned_data["cause"],
            reason=self.words("reason"),
        )


class StopClock(ActForm):
    """A follow-up was done."""

    heading = _("Opfølgningen er gjort")
    submit_label = _("Markér som gjort")
    done = _("Opfølgningen er gjort.")

    def carry_out(self) -> None:
        triage.stop_clock(**self.common, clock=self.one("target"))
