"""Forms for offers, answers and courses."""

from __future__ import annotations

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Role
from forebyg.cases.actions import measures
from forebyg.cases.forms.base import NOTHING, ActForm, Moment, choice, long_text
from forebyg.cases.models import Answer, CourseEvent, Offer
from forebyg.cases.queries import fetch_record, guardians_in
from forebyg.people.participants import is_minor
from forebyg.strategy.wording import say


class MakeOffer(ActForm):
    """R-102."""

    heading = _("Giv et tilbud")
    lead = _("Tilbuddet er frivilligt. Et nej har ingen følger og lukker ikke sagen.")
    submit_label = _("Gem tilbuddet")
    done = _("Tilbuddet er registreret.")

    intervention = choice(_("Indsats"))
    to = choice(_("Hvem får tilbuddet?"), radios=True)
    is_asked_for = forms.BooleanField(
        label=_("Personen har selv bedt om tilbuddet"),
        required=False,
        help_text=_("Bruges kun, når personen tidligere har bedt om ikke at blive spurgt igen."),
    )
    text = long_text(_("Hvad blev der sagt?"), required=False, rows=3)
    happened_at = Moment(_("Hvornår blev tilbuddet givet?"))

    def prepare(self) -> None:
        offered = [(one.id, say(one.name)) for one in self.scene.pack.interventions if one.individual_data]
        self.choose("intervention", [NOTHING, *offered])
        self.choose("to", self.scene.person_choices())

    def carry_out(self) -> None:
        measures.make_offer(
            **self.common,
            intervention=self.cleaned_data["intervention"],
            to=self.one("to"),
            is_asked_for=self.cleaned_data["is_asked_for"],
            text=self.words(),
            happened_at=self.at(),
        )


class AnswerOffer(ActForm):
    """R-101, A-32."""

    heading = _("Registrér svaret på tilbuddet")
    lead = _(
        "Er borgeren under 18 år, registreres både den unges og en forælders svar. En forælder kan vælges, når det under »Personer« er registreret, hvem der er forælder til hvem."
    )
    submit_label = _("Gem svaret")
    done = _("Svaret er registreret.")

    kind = choice(_("Svar"), Answer.Kind.choices, radios=True)
    answered_by = choice(_("Hvem svarede?"), radios=True)
    asks_no_more = forms.BooleanField(
        label=_("Vil ikke spørges igen"),
        required=False,
        help_text=_(
            "Så minder systemet ikke om et nyt tilbud. Det har ingen andre følger, og personen kan altid selv sige ja senere."
        ),
    )
    text = long_text(_("Bemærkning"), required=False, rows=3)
    happened_at = Moment(_("Hvornår blev der svaret?"))

    def prepare(self) -> None:
        answering: set[uuid.UUID] = set()
        if self.scene.target is not None:
            offer = fetch_record(worker=self.scene.worker, model=Offer, case=self.scene.case, root=self.scene.target)
            answering = {offer.about[0]} | self._guardians_asked(offer.about[0])
        self.choose("answered_by", self.scene.person_choices(lambda one: one.root in answering))

    def _guardians_asked(self, citizen: uuid.UUID) -> set[uuid.UUID]:
        """Those who answer too: nobody from 18 (R-104)."""
        person = next((one for one in self.scene.people if one.root == citizen), None)
        if person is None or is_minor(person, timezone.localdate(self.scene.now)) is False:
            return set()
        return guardians_in(self.scene.worker, self.scene.case, citizen)

    def carry_out(self) -> None:
        measures.answer_offer(
            **self.common,
            offer=self.one("target"),
            kind=self.cleaned_data["kind"],
            answered_by=self.one("answered_by"),
            asks_no_more=self.cleaned_data["asks_no_more"],
            text=self.words(),
            happened_at=self.at(),
        )


class StartCourse(ActForm):
    """R-092, R-209."""

    heading = _("Begynd forløbet")
    lead = _("Mentor eller coach får kun adgang til denne ene person og forløbet, og kun så længe forløbet varer.")
    submit_label = _("Begynd forløbet")
    done = _("Forløbet er begyndt.")

    holder = choice(_("Mentor eller coach"), required=False)
    happened_at = Moment(_("Hvornår begynder forløbet?"))

    def prepare(self) -> None:
        worker = self.scene.worker
        holders = (
            Worker.objects.filter(
                unit=worker.unit_id,
                is_active=True,
                agency__controller=worker.agency.controller_id,
                holdings__role__in=[Role.MENTOR.value, Role.COACH.value],
            )
            .order_by("name")
            .distinct()
        )
        self.choose("holder", [("", _("Ingen endnu")), *((str(one.id), one.name) for one in holders)])

    def carry_out(self) -> None:
        holder = self.one("holder") if self.cleaned_data["holder"] else None
        measures.start_course(**self.common, offer=self.one("target"), holder_id=holder, happened_at=self.at())


class ChangeCourse(ActForm):
    """R-062 to R-064, A-21."""

    heading = _("Ændr eller afslut forløbet")
    lead = _(
        "Et forløb i bero er ikke gennemført. Når et forløb slutter eller sættes i bero, lukkes mentorens eller coachens adgang."
    )
    done = _("Forløbet er ændret.")

    kind = choice(_("Hvad sker der?"), radios=True)
    counts_as_completed = forms.BooleanField(
        label=_("Tæller som gennemført i opfølgningen"), required=False, help_text=_("Bruges kun, når forløbet sættes i bero.")
    )
    text = long_text(_("Begrundelse"), rows=4)
    happened_at = Moment()

    def prepare(self) -> None:
        kinds = CourseEvent.Kind
        shown = (kinds.FOCUS, kinds.ON_HOLD, kinds.RESUMED, kinds.COMPLETED, kinds.INTERRUPTED, kinds.HANDED_OVER)
        self.choose("kind", [(one.value, one.label) for one in shown])

    def carry_out(self) -> None:
        measures.change_course(
            **self.common,
            course=self.one("target"),
            kind=self.cleaned_data["kind"],
            text=self.words(),
            counts_as_completed=self.cleaned_data["counts_as_completed"],
            happened_at=self.at(),
        )


class LogCourse(ActForm):
    """R-114: the mentor's or coach's own log."""

    heading = _("Skriv i forløbets log")
    lead = _("Loggen læses også af den myndighed, der driver forløbet.")
    done = _("Loggen er gemt.")

    kind = choice(_("Hvad skete der?"), radios=True)
    text = long_text(_("Kort beskrivelse"))
    happened_at = Moment()

    def prepare(self) -> None:
        kinds = CourseEvent.Kind
        self.choose("kind", [(one.value, one.label) for one in (kinds.SESSION, kinds.MISSED, kinds.FOCUS)])

    def carry_out(self) -> None:
        measures.log_course(
            **self.common, course=self.one("target"), kind=self.cleaned_data["kind"], text=self.words(), happened_at=self.at()
        )
