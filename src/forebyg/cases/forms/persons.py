"""Forms for the persons of a case and how they are related."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import noting
from forebyg.cases.forms.base import NOTHING, ActForm, Day, choice, choices, long_text
from forebyg.people.age import StatedAge
from forebyg.people.models import CUSTODY_STATUS, Participant, Relation


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
