"""Forms of the legal reviewer, of a doubt in a case, and of an exchange that is only tried."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.cases.forms.base import ActForm, Choices, Day, Label, choice, choices, long_text
from forebyg.cases.rules import LONGEST_TEXT
from forebyg.law import Consent, Exchange, Party, Subject, Trigger, words
from forebyg.sharing import reviewing, wording
from forebyg.ui.form_fields import LongText

_AGAINST_OR_FOR = [("yes", _("Ja, det er lovligt at dele")), ("no", _("Nej, det er ikke lovligt at dele"))]


class SignForm(forms.Form):
    """To sign, or to take back; the version is the content that was read."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.CharField(widget=forms.HiddenInput)
    note = LongText(
        label=_("Bemærkning"), required=False, max_length=LONGEST_TEXT, help_text=_("Skriv intet om personer i en sag.")
    )


class ClarifyForm(forms.Form):
    """How a doubt of the pack was clarified."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    is_in_favour = choice(_("Hvad blev svaret?"), _AGAINST_OR_FOR, radios=True)
    clarified_by = forms.CharField(label=_("Hvem har afklaret det?"), max_length=200, help_text=_("Navn og myndighed."))
    clarified_on = Day(_("Hvornår?"))
    text = LongText(label=_("Hvad siger afklaringen?"), max_length=LONGEST_TEXT)

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        given = self.cleaned_data
        return {
            "is_in_favour": given["is_in_favour"] == "yes",
            "clarified_by": given["clarified_by"],
            "clarified_on": given["clarified_on"],
            "text": given["text"],
        }


class RaiseDoubt(ActForm):
    """R-087."""

    heading = _("Rejs en juridisk tvivl")
    lead = _(
        "Så længe tvivlen ikke er afklaret, kan ingen myndighed videregive noget i sagen. Det, der allerede er delt, kan stadig læses."
    )
    submit_label = _("Stop videregivelse, til det er afklaret")
    done = _("Tvivlen er registreret. Intet kan videregives i sagen, før den er afklaret.")

    text = long_text(
        _("Hvad er I i tvivl om?"),
        rows=4,
        help_text=_("Alle myndigheder med adgang til hele sagen kan læse det. Skriv om jura, ikke om personen."),
    )

    def carry_out(self) -> None:
        reviewing.raise_doubt(**self.common, text=self.words())


class ClarifyDoubt(ActForm):
    """R-087: by whom, and when."""

    heading = _("Registrér, at tvivlen er afklaret")
    lead = _("Skriv, hvem der har afklaret den og hvornår. Er svaret nej, kan der stadig ikke videregives i sagen.")
    done = _("Afklaringen er registreret.")

    is_in_favour = choice(_("Hvad blev svaret?"), _AGAINST_OR_FOR, radios=True)
    clarified_by = forms.CharField(label=_("Hvem har afklaret det?"), max_length=200, help_text=_("Navn og myndighed."))
    clarified_on = Day(_("Hvornår?"))
    text = long_text(_("Hvad siger afklaringen?"), rows=4)

    def prepare(self) -> None:
        self.initial.setdefault("clarified_on", timezone.localdate(self.scene.now).isoformat())

    def carry_out(self) -> None:
        reviewing.clarify_doubt(
            **self.common,
            doubt=self.one("target"),
            is_in_favour=self.cleaned_data["is_in_favour"] == "yes",
            clarified_by=self.cleaned_data["clarified_by"],
            clarified_on=self.cleaned_data["clarified_on"],
            text=self.words(),
        )


NOT_STATED: tuple[str, Label] = ("", _("Ikke oplyst"))
_YES_NO: Choices = [("yes", _("Ja")), ("no", _("Nej"))]  # type: ignore[list-item]


def _stated(label: Label, options: Any, *, help_text: Label = "") -> forms.ChoiceField:
    return choice(label, [NOT_STATED, *options], required=False, help_text=help_text)


class TryExchange(forms.Form):
    """An exchange without a case: facts in, finding out, nothing kept. What is not stated is missing, as in a case."""

    from_kind = _stated(_("Hvem fortæller?"), wording.KIND.items())
    from_controller = _stated(_("Samme dataansvarlige som modtageren?"), _YES_NO)
    from_task = _stated(
        _("Løser afsenderen en opgave for det offentlige?"),
        _YES_NO,
        help_text=_("Spørges om mentorer, coaches og selvejende institutioner."),
    )
    from_forums = choices(_("Samarbejder, som afsenderen deltager i"), required=False)
    to_kind = _stated(_("Hvem får det at vide?"), wording.KIND.items())
    to_task = _stated(_("Løser modtageren en opgave for det offentlige?"), _YES_NO)
    to_forums = choices(_("Samarbejder, som modtageren deltager i"), required=False)
    forum = _stated(_("Samarbejde, det sker i"), wording.FORUM.items())
    received_under = _stated(_("Samarbejde, som afsenderen selv fik det i"), wording.FORUM.items())
    purpose = _stated(_("Formål"), wording.PURPOSE.items())
    categories = choices(_("Hvad handler oplysningerne om?"), required=False)
    age = forms.IntegerField(label=_("Personens alder"), required=False, min_value=0, max_value=words.MAX_AGE)
    guardians = _stated(_("Hvor mange har forældremyndigheden?"), [("1", "1"), ("2", "2")])
    custody = _stated(_("Fængsel og arrest"), wording.CUSTODY.items())
    standing = _stated(_("Vurdering af personen"), wording.STANDING.items())
    exposed = _stated(_("Er personen socialt udsat?"), _YES_NO)
    consents = choices(_("Hvem har sagt ja til at dele?"), required=False)
    refusals = choices(_("Hvem har sagt nej til at dele?"), required=False)
    trigger = choice(_("Fare, der vejer tungere end tavshedspligten?"), wording.TRIGGER.items(), required=False)
    is_weighed = forms.BooleanField(label=_("Afvejningen er skrevet"), required=False)
    moment = Day(_("Dato"), required=False)

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.initial = {
            "moment": today.isoformat(),
            "received_under": "none",
            "categories": ["private", "sensitive"],
            **self.initial,
        }
        forums = {one: wording.FORUM[one] for one in words.COOPERATIONS}.items()
        givers = wording.GIVER.items()
        options = {"from_forums": forums, "to_forums": forums, "categories": wording.CATEGORY.items()}
        options |= {"consents": givers, "refusals": givers}
        for name, pairs in options.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(value, str(label)) for value, label in pairs]

    def exchange(self, *, clarified: tuple[str, ...], refused: tuple[str, ...]) -> Exchange:
        """The question that was filled in."""
        given = self.cleaned_data
        same = _yes(given["from_controller"])
        return Exchange(
            from_=self._party("from", controller=None if same is None else "a"),
            to=self._party("to", controller=None if same is None else "a" if same else "b"),
            forum=given["forum"] or None,
            received_under=given["received_under"] or None,
            subject=Subject(
                age=given["age"],
                custody=given["custody"] or None,
                standing=given["standing"] or None,
                exposed=_yes(given["exposed"]),
                guardians=int(given["guardians"]) if given["guardians"] else None,
            ),
            purpose=given["purpose"] or None,
            categories=tuple(given["categories"]) or None,
            consents=tuple(
                Consent(kind="share", by=by, answer=answer)
                for name, answer in (("consents", "given"), ("refusals", "refused"))
                for by in given[name]
            ),
            trigger=self._trigger(),
            clarified=clarified,
            refused_clarifications=refused,
            moment=given["moment"] or self._today,
        )

    def _party(self, side: str, *, controller: str | None) -> Party:
        given = self.cleaned_data
        return Party(
            kind=given[f"{side}_kind"] or None,
            controller=controller,
            forums=tuple(given[f"{side}_forums"]),
            public_task=_yes(given[f"{side}_task"]),
        )

    def _trigger(self) -> Trigger | None:
        given = self.cleaned_data
        if not given["trigger"]:
            return None
        return Trigger(kind=given["trigger"], weighing="written" if given["is_weighed"] else "missing")


def _yes(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)
