"""Forms of what is told: first the law's finding is shown, then the necessity is written and the deed confirmed."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.cases.actions.disclosing import NotTheOwner
from forebyg.cases.finding import PREVENTION, Terms
from forebyg.cases.forms.base import NOTHING, ActForm, Choices, Label, choice, choices, long_text
from forebyg.cases.queries import unit_agencies
from forebyg.cases.shareable import shareable_records
from forebyg.cases.third_persons import spoken_of
from forebyg.core.errors import RuleBroken
from forebyg.law import Finding
from forebyg.sharing import wording
from forebyg.sharing.actions import AboutOthersToo, admit, check_about, note_look, tell, write_letter
from forebyg.sharing.gate import Judged, decisive, each_to_name, findings_for, findings_for_letter, own_records, versions_of
from forebyg.sharing.models import Letter


class ShownHasChanged(RuleBroken):
    """A confirmation stands for exactly what was shown."""

    code = "shown-has-changed"

    def __init__(self) -> None:
        super().__init__(
            _("Noget er ændret, siden du så, hvad loven siger. Læs det igen, og bekræft, hvis det stadig er rigtigt.")
        )


class Gated(ActForm):
    """A form in two pages: what is to be told, and then, where the law allows it, why it is necessary. Nothing is done before
    that, and a confirmation stands only for what was shown: the same items, recipient and terms, in the same case."""

    template: ClassVar[str] = "sharing/gated.html"
    words_of = wording
    submit_label: Label = _("Se, hvad loven siger")

    forum = choice(_("Samarbejde"), wording.FORUM.items(), help_text=_("Det samarbejde, som oplysningerne gives i."))
    purpose = choice(_("Formål"), wording.PURPOSE.items())
    categories = choices(_("Hvad handler oplysningerne om?"))
    trigger = choice(
        _("Er der fare for liv eller sikkerhed, som vejer tungere end tavshedspligten?"),
        wording.TRIGGER.items(),
        required=False,
    )
    is_weighed = forms.BooleanField(label=_("Afvejningen er skrevet i begrundelsen"), required=False)
    necessity = long_text(_("Hvorfor er det nødvendigt?"), rows=4, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    confirm_label: ClassVar[Label] = _("Bekræft")
    on_the_second_page: ClassVar[frozenset[str]] = frozenset({"necessity"})

    def prepare(self) -> None:
        self.choose("categories", [(value, str(label)) for value, label in wording.CATEGORY.items()])
        self.begin_with(forum="none", purpose=PREVENTION, categories=["private", "sensitive"])

    def judge(self) -> list[Judged]:
        """The law's answer to what was chosen, person by person."""
        raise NotImplementedError

    def told(self) -> dict[str, object]:
        """What was chosen, as plain values: a confirmation stands for this."""
        raise NotImplementedError

    @property
    def terms(self) -> Terms:
        """On which terms."""
        given = self.cleaned_data
        return Terms(
            forum=given["forum"],
            purpose=given["purpose"],
            categories=tuple(given["categories"]),
            trigger=given["trigger"],
            is_weighed=given["is_weighed"],
        )

    @cached_property
    def judged(self) -> list[Judged]:
        """The same, asked once; empty while something has not been chosen."""
        if not self.is_bound or set(self.errors) - self.on_the_second_page - {"__all__"}:
            return []
        return self.judge()

    @cached_property
    def finding(self) -> Finding | None:
        """The finding that decides."""
        return decisive(self.judged) if self.judged else None

    @property
    def mark_of_shown(self) -> str:
        """A digest of everything that is shown before the confirmation."""
        shown = [str(self.scene.case.id), self.scene.case.version, self.told(), [one.finding.as_json() for one in self.judged]]
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        """The second page wants its reason; the first is not asked for it yet."""
        given = super().clean() or {}
        if given.get("shown") and "tilbage" not in self.data and not (given.get("necessity") or "").strip():
            self.add_error("necessity", _("Skriv, hvorfor det er nødvendigt."))
        return given

    def is_only_looked_at(self) -> bool:
        """The first page, or back to it."""
        if self.cleaned_data["shown"] and "tilbage" not in self.data:
            return False
        if self.finding is not None:
            note_look(worker=self.scene.worker, case=self.scene.case, finding=self.finding, now=self.scene.now)
        return True

    @property
    def is_second_page(self) -> bool:
        """Whether what was chosen stands fast and the reason is asked for."""
        return self.finding is not None and self.finding.is_allowed and "tilbage" not in self.data

    def before_page(self) -> None:
        """What belongs to the other page is sent along unseen."""
        second = self.is_second_page
        for name, field in self.fields.items():
            if (name in self.on_the_second_page) != second and not isinstance(field.widget, forms.HiddenInput):
                field.widget = field.hidden_widget()
        if second:
            self.submit_label, self.cannot_be_undone = self.confirm_label, True
            self.more_buttons = ({"label": gettext("Tilbage"), "name": "tilbage", "value": "ja"},)
            for name in self.on_the_second_page:
                self.fields[name].required = True
        if self.is_bound:
            assert isinstance(self.data, QueryDict)
            data = self.data.copy()
            data["shown"] = self.mark_of_shown if second else ""
            self.data = data

    def carry_out(self) -> None:
        """Only what was shown. Raises `ShownHasChanged`."""
        if self.cleaned_data["shown"] != self.mark_of_shown:
            raise ShownHasChanged
        self.do()

    def do(self) -> None:
        """What was confirmed."""
        raise NotImplementedError

    def person(self, root: uuid.UUID | None) -> str:
        """Whom a finding is about."""
        return next((str(one.label) for one in self.scene.people if one.root == root), gettext("Ikke en bestemt person"))

    @cached_property
    def about_others(self) -> list[str]:
        """What of that which is to be told seems to speak of third persons, for the worker to look at (R-221)."""
        return []

    @property
    def chosen(self) -> list[tuple[str, list[str]]]:
        """What was chosen, as labels, for the second page."""
        return [
            (str(field.label), self._labels_of(name, field))
            for name, field in self.fields.items()
            if isinstance(field, forms.ChoiceField) and self.cleaned_data.get(name)
        ]

    def _labels_of(self, name: str, field: forms.ChoiceField) -> list[str]:
        given = self.cleaned_data[name]
        values = given if isinstance(given, list) else [given]
        labels = {str(value): str(label) for value, label in _flat(field.choices)}
        return [labels.get(value) or value for value in values]


def _flat(options: Any) -> Choices:
    return [(value, label) for value, label in options if not isinstance(label, list | tuple)]


def chosen_records(values: Iterable[str]) -> list[tuple[str, uuid.UUID]]:
    """Table and root of each record that was ticked."""
    parts = [value.split(":") for value in values]
    return [(table, uuid.UUID(root)) for table, root in parts]


class Disclose(Gated):
    """The only door across an agency border."""

    heading = _("Videregiv oplysninger")
    lead = _(
        "Kun din egen myndigheds oplysninger kan videregives. Du kan trække en videregivelse tilbage, men ikke det, der er læst."
    )
    confirm_label = _("Videregiv")
    done = _("Oplysningerne er videregivet.")

    recipient = choice(_("Modtager"))
    records = choices(_("Hvad videregives?"))
    field_order = (
        *(
            "token",
            "seen",
            "target",
            "shown",
            "recipient",
            "records",
            "forum",
            "purpose",
            "categories",
            "trigger",
            "is_weighed",
        ),
        "necessity",
    )

    def prepare(self) -> None:
        super().prepare()
        self.choose("recipient", [NOTHING, *self.scene.agency_choices(others_only=True)])
        own = shareable_records(self.scene.worker, self.scene.case)
        self.choose("records", [(f"{table}:{root}", label) for table, root, label in own])
        if self.scene.target is not None and self.scene.target not in {root for _table, root, _label in own}:
            raise NotTheOwner
        self.begin_with(records=[f"{table}:{root}" for table, root, _label in own if root == self.scene.target])

    def judge(self) -> list[Judged]:
        return findings_for(
            worker=self.scene.worker,
            case=self.scene.case,
            records=chosen_records(self.cleaned_data["records"]),
            to_agency=self.one("recipient"),
            terms=self.terms,
            now=self.scene.now,
        )

    @cached_property
    def about_others(self) -> list[str]:
        case, chosen = self.scene.case, chosen_records(self.cleaned_data["records"])
        rows = own_records(self.scene.worker, case, chosen)
        return spoken_of(self.scene.worker, case, rows, to_agency=self.one("recipient"))

    def told(self) -> dict[str, object]:
        versions = versions_of(
            worker=self.scene.worker, case=self.scene.case, records=chosen_records(self.cleaned_data["records"])
        )
        return {"to": self.cleaned_data["recipient"], "versions": versions, "terms": self.terms.__dict__}

    def do(self) -> None:
        tell(
            **self.common,
            records=chosen_records(self.cleaned_data["records"]),
            to_agency=self.one("recipient"),
            terms=self.terms,
            necessity=self.words("necessity"),
        )


class AdmitAgency(Gated):
    """Itself a disclosure: that these persons are the subjects of a matter."""

    heading = _("Optag en myndighed i sagen")
    lead = _(
        "Myndigheden ser kun sagens ramme: nummer, trin, hvem der har turen, og egne opgaver. Alt andet videregives for sig."
    )
    confirm_label = _("Optag myndigheden")
    done = _("Myndigheden er optaget og har fået en opgave.")

    contact = choice(_("Kontaktperson i myndigheden"))
    field_order = (
        *("token", "seen", "target", "shown", "contact", "forum", "purpose", "categories", "trigger", "is_weighed"),
        "necessity",
    )

    def prepare(self) -> None:
        super().prepare()
        inside = {agency.id for agency in self.scene.agencies}
        names = {agency.id: agency.name for agency in unit_agencies(self.scene.worker) if agency.id not in inside}
        people = Worker.objects.filter(agency__in=names, unit=self.scene.worker.unit_id, is_active=True, is_system=False)
        contacts = [(str(one.id), f"{names[one.agency_id]}: {one.name}") for one in people.order_by("agency__name", "name")]
        self.choose("contact", [NOTHING, *contacts])

    @cached_property
    def agency_id(self) -> uuid.UUID:
        """The agency of the chosen contact."""
        found: uuid.UUID = Worker.objects.values_list("agency_id", flat=True).get(id=self.one("contact"))
        return found

    def judge(self) -> list[Judged]:
        return each_to_name(
            worker=self.scene.worker,
            case=self.scene.case,
            persons=(),
            to_agency=self.agency_id,
            terms=self.terms,
            now=self.scene.now,
        )

    def told(self) -> dict[str, object]:
        return {"contact": self.cleaned_data["contact"], "agency": str(self.agency_id), "terms": self.terms.__dict__}

    def do(self) -> None:
        admit(
            **self.common,
            agency_id=self.agency_id,
            contact_id=self.one("contact"),
            terms=self.terms,
            necessity=self.words("necessity"),
        )


class WriteLetter(Gated):
    """To the citizen, a parent or another close person: told on paper, nobody gets access."""

    heading = _("Skriv et brev om det, I ved")
    lead = _("Til borgeren selv, en forælder eller en anden nærtstående. Andre personer skal ikke kunne kendes i brevet.")
    confirm_label = _("Gem brevet")
    done = _("Brevet er gemt som en videregivelse. Åbn det, og skriv det ud.")
    on_the_second_page = frozenset({"necessity", "text"})

    about = choice(_("Hvem drejer det sig om?"))
    to_person = choice(_("Hvem skrives der til?"))
    to_kind = choice(_("Modtageren er"), Letter.To.choices)
    records = choices(_("Hvad fortælles?"))
    text = long_text(
        _("Brevet"), rows=8, required=False, help_text=_("Skriv ikke om andre personer, heller ikke om den, der henvendte sig.")
    )
    field_order = (
        *("token", "seen", "target", "shown", "about", "to_person", "to_kind", "records", "forum", "purpose", "categories"),
        *("trigger", "is_weighed", "text", "necessity"),
    )

    def prepare(self) -> None:
        super().prepare()
        people = [NOTHING, *self.scene.person_choices()]
        self.choose("about", people)
        self.choose("to_person", people)
        own = shareable_records(self.scene.worker, self.scene.case)
        self.choose("records", [(f"{table}:{root}", label) for table, root, label in own])
        self.begin_with(forum="none")

    def clean(self) -> dict[str, Any]:
        """The letter is wanted with the reason; what is also about others is not told in it."""
        given = super().clean()
        if given.get("shown") and "tilbage" not in self.data and not (given.get("text") or "").strip():
            self.add_error("text", _("Skriv brevet."))
        if given.get("records") and given.get("about"):
            try:
                check_about(
                    self.one("about"), own_records(self.scene.worker, self.scene.case, chosen_records(given["records"]))
                )
            except AboutOthersToo as broken:
                self.add_error("records", broken.sentence)
        return given

    def judge(self) -> list[Judged]:
        return findings_for_letter(
            worker=self.scene.worker,
            case=self.scene.case,
            records=chosen_records(self.cleaned_data["records"]),
            to_person=self.one("to_person"),
            kind=self.cleaned_data["to_kind"],
            terms=self.terms,
            now=self.scene.now,
        )

    def told(self) -> dict[str, object]:
        records = chosen_records(self.cleaned_data["records"])
        versions = versions_of(worker=self.scene.worker, case=self.scene.case, records=records)
        named = {name: self.cleaned_data[name] for name in ("about", "to_person", "to_kind")}
        return {**named, "versions": versions, "terms": self.terms.__dict__}

    def do(self) -> None:
        write_letter(
            **self.common,
            about=self.one("about"),
            to_person=self.one("to_person"),
            to_kind=self.cleaned_data["to_kind"],
            records=chosen_records(self.cleaned_data["records"]),
            terms=self.terms,
            text=self.words(),
            necessity=self.words("necessity"),
        )
