"""Forms for asking another agency, answering, declining and withdrawing. What tells something shows the law's finding first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, Grant, Worker
from forebyg.cases.forms.base import NOTHING, ActForm, Choices, Day, Label, choice, choices, long_text
from forebyg.cases.queries import fetch_record, unit_agencies
from forebyg.cases.shareable import shareable_records
from forebyg.core.errors import NotVisible
from forebyg.core.working_time import working_days_after
from forebyg.sharing.forms import Gated, chosen_records
from forebyg.sharing.gate import Judged, each_to_name, findings_for, versions_of
from forebyg.sharing.requests import actions, rules
from forebyg.sharing.requests.models import InformationRequest

_TERMS = ("forum", "purpose", "categories", "trigger", "is_weighed")
_HIDDEN = ("token", "seen", "target", "shown")


class AskAgency(Gated):
    """B-020. To name a person in a request is itself a disclosure."""

    heading = _("Spørg en anden myndighed")
    lead = _(
        "Anmodningen nævner, hvem den handler om, og det er i sig selv en videregivelse. Myndigheden ser sagens ramme og anmodningen, ikke andet. Den afgør selv, om den vil svare."
    )
    confirm_label = _("Send anmodningen")
    recipient_reads_why = True
    done = _("Anmodningen er sendt.")

    recipient = choice(_("Hvem spørger I?"))
    persons = choices(_("Hvem handler det om?"))
    question = long_text(_("Hvad vil I vide?"), help_text=_("Spørg om det, I har brug for, og ikke om mere."), rows=4)
    due_on = Day(_("Svar senest"))
    field_order = (*_HIDDEN, "recipient", "persons", "question", "due_on", *_TERMS, "necessity")

    def prepare(self) -> None:
        super().prepare()
        self.choose("recipient", [NOTHING, *self._recipients()])
        people = self.scene.person_choices()
        self.choose("persons", people)
        due = working_days_after(timezone.localdate(self.scene.now), settings.FOREBYG.request_answer_days)
        self.begin_with(due_on=due.isoformat(), persons=[people[0][0]] if len(people) == 1 else [])

    def _recipients(self) -> Choices:
        """The agencies with somebody who has access now; of the others, each worker who could get it."""
        worker, case = self.scene.worker, self.scene.case
        running = Grant.objects.filter(
            matter=case.matter_id,
            participant=None,
            ended_at=None,
            starts_at__lte=self.scene.now,
            ends_at__gt=self.scene.now,
            worker__is_active=True,
        )
        inside = {agency.id for agency in self.scene.agencies}
        present = inside & set(running.values_list("worker__agency", flat=True))
        others = [agency for agency in unit_agencies(worker) if agency.id != worker.agency_id]
        asked: Choices = [(str(agency.id), agency.name) for agency in others if agency.id in present]
        names = {agency.id: agency.name for agency in others if agency.id not in present}
        people = Worker.objects.filter(agency__in=names, unit=worker.unit_id, is_active=True, is_system=False)
        for one in people.order_by("agency__name", "name"):
            asked.append((f"{one.agency_id}/{one.id}", f"{names[one.agency_id]}: {one.name}"))
        return asked + self._chosen_before(others, dict(asked))

    def _chosen_before(self, others: Iterable[Agency], offered: Mapping[str, Label]) -> Choices:
        """What was chosen on a page that was open while the agency was let in, so that a second click is known as one."""
        chosen = str(self.data.get("recipient", ""))
        names = {str(agency.id): agency.name for agency in others}
        agency = chosen.partition("/")[0]
        return [(chosen, names[agency])] if agency in names and chosen not in offered else []

    @property
    def asked(self) -> uuid.UUID:
        """The agency."""
        return uuid.UUID(self.cleaned_data["recipient"].partition("/")[0])

    @property
    def contact(self) -> uuid.UUID | None:
        """Who there gets access, when nobody has it."""
        contact = self.cleaned_data["recipient"].partition("/")[2]
        try:
            return uuid.UUID(contact) if contact else None
        except ValueError:
            raise NotVisible from None

    def judge(self) -> list[Judged]:
        return each_to_name(
            worker=self.scene.worker,
            case=self.scene.case,
            persons=self.many("persons"),
            to_agency=self.asked,
            terms=self.terms,
            now=self.scene.now,
        )

    def told(self) -> dict[str, object]:
        given = self.cleaned_data
        return {
            "to": given["recipient"],
            "persons": given["persons"],
            "question": given["question"],
            "due": given["due_on"].isoformat(),
            "terms": self.terms.__dict__,
        }

    def do(self) -> None:
        actions.ask_agency(
            **self.common,
            asked=self.asked,
            contact=self.contact,
            persons=self.many("persons"),
            question=self.words("question"),
            necessity=self.words("necessity"),
            terms=self.terms,
            due_on=self.cleaned_data["due_on"],
            seen=self.cleaned_data["seen"],
        )


class AnswerRequest(Gated):
    """B-020: with records that the agency chooses itself."""

    heading = _("Svar på anmodningen")
    confirm_label = _("Videregiv og svar")
    recipient_reads_why = True
    done = _("I har svaret på anmodningen.")

    records = choices(
        _("Hvad svarer I med?"),
        help_text=_(
            "Vælg blandt det, jeres egen myndighed har skrevet. Mangler der noget, så skriv det først som en oplysning."
        ),
    )
    field_order = (*_HIDDEN, "records", *_TERMS, "necessity")

    def prepare(self) -> None:
        super().prepare()
        asked = self.request
        self.lead = gettext("%(agency)s spørger. Kun det, I vælger her, bliver synligt for dem.") % {"agency": self.asker.name}
        own = shareable_records(self.scene.worker, self.scene.case, not_to=asked.owner_id)
        self.choose("records", [(f"{table}:{root}", label) for table, root, label in own])
        self.begin_with(forum=asked.forum, purpose=asked.purpose)

    @cached_property
    def request(self) -> InformationRequest:
        """The request. Raises `NotVisible`, `NotAskedOfUs`, `RequestEnded`."""
        return _asked(self)

    @cached_property
    def asker(self) -> Agency:
        """Who asks."""
        return Agency.objects.get(id=self.request.owner_id)

    def judge(self) -> list[Judged]:
        return findings_for(
            worker=self.scene.worker,
            case=self.scene.case,
            records=chosen_records(self.cleaned_data["records"]),
            to_agency=self.request.owner_id,
            terms=self.terms,
            now=self.scene.now,
            asked_about=self.request.about,
        )

    def told(self) -> dict[str, object]:
        versions = versions_of(
            worker=self.scene.worker, case=self.scene.case, records=chosen_records(self.cleaned_data["records"])
        )
        return {"to": str(self.request.root), "versions": versions, "terms": self.terms.__dict__}

    def do(self) -> None:
        actions.answer_request(
            **self.common,
            request=self.one("target"),
            records=chosen_records(self.cleaned_data["records"]),
            terms=self.terms,
            necessity=self.words("necessity"),
        )


class DeclineRequest(ActForm):
    """B-020: there is no duty to disclose."""

    heading = _("Afslå anmodningen")
    lead = _(
        "I har ikke pligt til at videregive noget, heller ikke når loven tillader det. Skriv kort, hvorfor I siger nej, så den, der spørger, kan komme videre."
    )
    submit_label = _("Afslå")
    cannot_be_undone = True
    done = _("Anmodningen er afslået. Den, der spørger, har fået besked.")

    reason = long_text(
        _("Begrundelse"), help_text=_("Myndigheden, der spørger, kan læse den. Skriv ikke noget om personen."), rows=3
    )

    def prepare(self) -> None:
        _asked(self)

    def carry_out(self) -> None:
        actions.decline_request(**self.common, request=self.one("target"), reason=self.words("reason"))


class WithdrawRequest(ActForm):
    """What is no longer needed is no longer asked."""

    heading = _("Træk anmodningen tilbage")
    lead: Label = _("Myndigheden, I har spurgt, kan ikke længere se anmodningen og får besked om, at den er trukket tilbage.")
    submit_label = _("Træk tilbage")
    cannot_be_undone = True
    done = _("Anmodningen er trukket tilbage.")

    reason = long_text(_("Begrundelse"), help_text=_("Den bliver stående i loggen."), rows=3)

    def prepare(self) -> None:
        ours = fetch_record(worker=self.scene.worker, model=InformationRequest, case=self.scene.case, root=_target(self))
        if not ours.is_from(self.scene.worker.agency_id):
            raise rules.NotAskedOfUs
        rules.check_open(ours.state)

    def carry_out(self) -> None:
        actions.withdraw_request(**self.common, request=self.one("target"), reason=self.words("reason"))


def _asked(form: ActForm) -> InformationRequest:
    """The open request to us that a form is about."""
    return actions.fetch_asked(worker=form.scene.worker, matter_id=form.scene.case.matter_id, request=_target(form))


def _target(form: ActForm) -> uuid.UUID:
    if form.scene.target is None:
        raise NotVisible
    return form.scene.target
