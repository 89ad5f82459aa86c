"""Forms for who takes part, who has access, and what is disclosed."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.cases.actions import disclosing, opening
from forebyg.cases.finding import Finding
from forebyg.cases.forms.base import NOTHING, ActForm, Day, choice, choices, long_text
from forebyg.cases.models.record import Forum
from forebyg.cases.queries import colleagues_who_give, unit_agencies
from forebyg.cases.shareable import shareable_records
from forebyg.strategy.wording import say

UNSIGNED = _("Hjemlen er mærket »demo, ikke godkendt«: En jurist har endnu ikke godkendt den.")


class _WithFinding(ActForm):
    basis = choice(_("Hjemmel"), help_text=UNSIGNED)
    forum = choice(_("Forum"), Forum.choices)
    necessity = long_text(_("Hvorfor er det nødvendigt?"), rows=3)

    def prepare(self) -> None:
        own = ("same-controller", _("Samme dataansvarlige: sagligt behov"))
        self.choose("basis", [NOTHING, own, *((rule.id, say(rule.name)) for rule in self.scene.pack.legal_basis)])

    def finding(self) -> Finding:
        """What the worker points to."""
        return Finding(basis=self.cleaned_data["basis"], forum=self.cleaned_data["forum"])


class Disclose(_WithFinding):
    """The only door across an agency border."""

    heading = _("Videregiv oplysninger")
    lead = _(
        "Kun din egen myndigheds oplysninger kan videregives. Du kan trække en videregivelse tilbage, men ikke det, der er læst."
    )
    submit_label = _("Videregiv")
    cannot_be_undone = True
    done = _("Oplysningerne er videregivet.")

    recipient = choice(_("Modtager"))
    records = choices(_("Hvad videregives?"))
    field_order = ["token", "seen", "target", "recipient", "records", "basis", "forum", "necessity"]

    def prepare(self) -> None:
        super().prepare()
        self.choose("recipient", [NOTHING, *self.scene.agency_choices(others_only=True)])
        own = shareable_records(self.scene.worker, self.scene.case)
        self.choose("records", [(f"{table}:{root}", label) for table, root, label in own])
        self.begin_with(records=[f"{table}:{root}" for table, root, _label in own if root == self.scene.target])

    def carry_out(self) -> None:
        chosen = [value.split(":") for value in self.cleaned_data["records"]]
        disclosing.disclose(
            **self.common,
            records=[(table, uuid.UUID(root)) for table, root in chosen],
            to_agency=self.one("recipient"),
            finding=self.finding(),
            necessity=self.words("necessity"),
        )


class Withdraw(ActForm):
    """B-023."""

    heading = _("Træk en videregivelse tilbage")
    lead = _("Modtageren kan ikke længere se oplysningen. At den har været videregivet, bliver stående.")
    submit_label = _("Træk tilbage")
    cannot_be_undone = True
    done = _("Videregivelsen er trukket tilbage.")

    reason = long_text(_("Begrundelse"), rows=3)

    def carry_out(self) -> None:
        disclosing.withdraw(**self.common, disclosure=self.one("target"), reason=self.words("reason"))


class AdmitAgency(_WithFinding):
    """Itself a disclosure."""

    heading = _("Optag en myndighed i sagen")
    lead = _(
        "Myndigheden ser kun sagens ramme: nummer, trin, hvem der har turen, og egne opgaver. Alt andet videregives for sig."
    )
    submit_label = _("Optag myndigheden")
    done = _("Myndigheden er optaget og har fået en opgave.")

    contact = choice(_("Kontaktperson i myndigheden"))
    field_order = ["token", "seen", "target", "contact", "basis", "forum", "necessity"]

    def prepare(self) -> None:
        super().prepare()
        inside = {agency.id for agency in self.scene.agencies}
        names = {agency.id: agency.name for agency in unit_agencies(self.scene.worker) if agency.id not in inside}
        people = Worker.objects.filter(agency__in=names, unit=self.scene.worker.unit_id, is_active=True, is_system=False)
        contacts = [(str(one.id), f"{names[one.agency_id]}: {one.name}") for one in people.order_by("agency__name", "name")]
        self.choose("contact", [NOTHING, *contacts])

    def carry_out(self) -> None:
        contact = Worker.objects.get(id=self.one("contact"))
        opening.admit_agency(
            **self.common,
            agency_id=contact.agency_id,
            contact_id=contact.id,
            finding=self.finding(),
            necessity=self.words("necessity"),
        )


class GiveAccess(ActForm):
    """R-208."""

    heading = _("Giv en kollega adgang")
    lead = _(
        "Adgangen gælder hele sagen, så langt din myndighed kan se, og den slutter af sig selv. Er du alene om sagen i din myndighed, kan du forlænge din egen adgang; det ses ved gennemgangen af adgange."
    )
    submit_label = _("Giv adgang")
    done = _("Kollegaen har fået adgang.")

    colleague = choice(_("Kollega"))
    ends_on = Day(_("Adgangen slutter den"))

    def prepare(self) -> None:
        worker = self.scene.worker
        people = Worker.objects.filter(agency=worker.agency_id, unit=worker.unit_id, is_active=True).exclude(id=worker.id)
        chosen = [(str(one.id), one.name) for one in people.order_by("name")]
        if not colleagues_who_give(worker, self.scene.case):
            chosen.append((str(worker.id), _("%(name)s (dig selv, højst 30 dage)") % {"name": worker.name}))
        self.choose("colleague", [NOTHING, *chosen])
        self.initial.setdefault("ends_on", (timezone.localdate(self.scene.now) + datetime.timedelta(days=90)).isoformat())

    def carry_out(self) -> None:
        ends_at = timezone.make_aware(datetime.datetime.combine(self.cleaned_data["ends_on"], datetime.time(23, 59)))
        opening.give_access(**self.common, colleague_id=self.one("colleague"), ends_at=ends_at)


class EndAccess(ActForm):
    """Before its time."""

    heading = _("Luk en adgang")
    submit_label = _("Luk adgangen")
    done = _("Adgangen er lukket.")

    def carry_out(self) -> None:
        opening.end_access(**self.common, grant_id=self.one("target"))


class ChangeLead(ActForm):
    """Who leads."""

    heading = _("Skift, hvem der leder sagen")
    submit_label = _("Skift")
    done = _("Sagen ledes nu af en anden myndighed.")

    agency = choice(_("Hvem skal lede sagen?"))
    reason = long_text(_("Begrundelse"), rows=3)

    def prepare(self) -> None:
        self.choose("agency", [NOTHING, *self.scene.agency_choices()])

    def carry_out(self) -> None:
        opening.change_lead(**self.common, agency_id=self.one("agency"), reason=self.words("reason"))
