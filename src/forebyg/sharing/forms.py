"""Forms of what is told: first the law's finding is shown, then the necessity is written and the deed confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Admission, Worker
from forebyg.cases.actions.disclosing import NotTheOwner
from forebyg.cases.finding import PREVENTION, Terms
from forebyg.cases.forms.base import NOTHING, Label, choice, choices, long_text
from forebyg.cases.queries import unit_agencies
from forebyg.cases.shareable import shareable_records
from forebyg.cases.third_persons import spoken_of
from forebyg.core.errors import RuleBroken
from forebyg.law import Finding
from forebyg.sharing import wording
from forebyg.sharing.actions import (
    AboutOthersToo,
    KeptApart,
    admit,
    check_about,
    check_letter_to,
    check_not_apart,
    note_look,
    tell,
    write_letter,
)
from forebyg.sharing.gate import Judged, each_to_name, findings_for, findings_for_letter, own_records, versions_of
from forebyg.sharing.models import Letter
from forebyg.sharing.two_pages import TwoPages


class Gated(TwoPages):
    """What is to be told, and then, where the law allows it, why it is necessary: a confirmation stands only for the same items,
    recipient and terms, in the same case."""

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

    recipient_reads_why: ClassVar[bool] = False
    second_page: ClassVar[Mapping[str, Label]] = {"necessity": _("Skriv, hvorfor det er nødvendigt.")}

    def prepare(self) -> None:
        self.choose("categories", [(value, str(label)) for value, label in wording.CATEGORY.items()])
        if self.recipient_reads_why:
            self.fields["necessity"].help_text = gettext("Modtageren kan læse det. Skriv ikke mere om personen end nødvendigt.")
        self.begin_with(forum="none", purpose=PREVENTION, categories=["private", "sensitive"])

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

    def note_look(self, finding: Finding) -> None:
        note_look(worker=self.scene.worker, case=self.scene.case, finding=finding, now=self.scene.now)


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
    recipient_reads_why = True
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
        admitted = Admission.objects.filter(matter=self.scene.case.matter_id, ended_at=None, given_for=None)
        inside = set(admitted.values_list("agency_id", flat=True))
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
    second_page: ClassVar[Mapping[str, Label]] = {**Gated.second_page, "text": _("Skriv brevet.")}

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
        """What is also about others is not told in a letter about one."""
        given = super().clean()
        if given.get("records") and given.get("about") and given.get("to_person"):
            rows = own_records(self.scene.worker, self.scene.case, chosen_records(given["records"]))
            try:
                check_about(self.one("about"), rows)
                check_not_apart(self.one("to_person"), rows)
            except (AboutOthersToo, KeptApart) as broken:
                self.add_error("records", broken.sentence)
        if all(given.get(name) for name in ("about", "to_person", "to_kind")):
            self._check_recipient()
        return given

    def _check_recipient(self) -> None:
        try:
            check_letter_to(
                worker=self.scene.worker,
                case=self.scene.case,
                about=self.one("about"),
                to_person=self.one("to_person"),
                kind=self.words("to_kind"),
                now=self.scene.now,
            )
        except RuleBroken as broken:
            self.add_error("to_kind", broken.sentence)

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
