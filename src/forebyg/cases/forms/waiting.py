"""Forms for what waits: tasks, the points of a procedure, and clocks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency
from forebyg.cases.actions import noting, triage
from forebyg.cases.forms.base import ActForm, Moment, choice, long_text
from forebyg.cases.models import Clock


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
