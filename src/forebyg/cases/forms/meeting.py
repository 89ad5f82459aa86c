"""Forms for meetings with the citizen and the parents, and for follow-up in its two tracks."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import following, meeting
from forebyg.cases.forms.base import ActForm, Choices, Moment, choice, choices, long_text
from forebyg.cases.models import Meeting
from forebyg.cases.queries import records_of


class RecordMeeting(ActForm):
    """R-051, R-052, R-065."""

    heading = _("Registrér et møde")
    lead = _("Registrér også møder, der ikke blev til noget. Ved et fælles besøg skriver hver myndighed sin egen registrering.")
    done = _("Mødet er registreret.")

    kind = choice(_("Hvad slags møde?"), Meeting.Kind.choices, radios=True)
    result = choice(_("Blev mødet holdt?"), Meeting.Result.choices, radios=True)
    about = choices(_("Hvem var mødet med?"))
    guardians_present = choices(_("Hvilke forældre eller værger deltog?"), required=False)
    no_guardian_reason = long_text(
        _("Hvis ingen forælder eller værge deltog: hvorfor?"),
        help_text=_("Skal udfyldes, når borgeren er under 18 år på mødedagen."),
        required=False,
        rows=2,
    )
    apart_from = choices(
        _("Hvem blev mødet med vilje holdt uden?"),
        required=False,
        help_text=_(
            "Fx en forælder, hvis påvirkning er bekymringen, eller barnet. Den, du vælger, får ikke mødet at vide i breve fra jer."
        ),
    )
    taking_part = choices(_("Hvilke myndigheder deltog?"), required=False)
    joint = choice(_("Fælles besøg med"), required=False, help_text=_("Vælg den anden myndigheds registrering af samme besøg."))
    text = long_text(_("Hvad skete der?"))
    happened_at = Moment(_("Hvornår var mødet?"))

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())
        self.choose("guardians_present", self._guardians())
        self.choose("apart_from", self.scene.person_choices())
        self.choose("taking_part", self.scene.agency_choices())
        names = {agency.id: agency.name for agency in self.scene.agencies}
        others = [
            one
            for one in records_of(self.scene.worker, self.scene.case, Meeting)
            if one.owner_id != self.scene.worker.agency_id
        ]
        shown = [(str(one.root), f"{names.get(one.owner_id, '')} {one.happened_at:%d.%m.%Y}") for one in others]
        self.choose("joint", [("", _("Ikke et fælles besøg")), *shown])

    def _guardians(self) -> Choices:
        """Those of someone under 18, each with a word when met apart from the child (R-104, R-106)."""
        left_out = self.scene.parents_left_out
        apart = gettext("%(who)s (mødes uden barnet)")
        return [
            (str(one.root), apart % {"who": one.label} if one.meets_apart else str(one.label))
            for one in self.scene.people
            if one.is_guardian and one.root not in left_out
        ]

    def carry_out(self) -> None:
        data = self.cleaned_data
        held = Meeting(
            kind=data.get("kind", Meeting.Kind.FOLLOW_UP),
            result=data["result"],
            joint=self.one("joint") if data["joint"] else None,
            taking_part=self.many("taking_part"),
            guardians_present=self.many("guardians_present"),
            apart_from=self.many("apart_from"),
            no_guardian_reason=self.words("no_guardian_reason"),
            text=self.words(),
        )
        meeting.record_meeting(**self.common, meeting=held, about=self.many("about"), happened_at=self.at())


class FollowUpWithCitizen(RecordMeeting):
    """R-055, the first track: a meeting whose kind is given."""

    heading = _("Registrér opfølgning med borgeren")
    lead = _("Det ene af de to spor på trin 8. Registrér også et møde, der ikke blev til noget.")
    done = _("Opfølgningen med borgeren er registreret.")

    kind = None  # type: ignore[assignment]  # so Django takes a field away


class FollowUpInUnit(ActForm):
    """R-055, the second track."""

    heading = _("Registrér opfølgning i enheden")
    lead = _(
        "Det andet af de to spor på trin 8: hvordan går det, og skal noget ændres? Teksten tilhører din myndighed og deles først, når du videregiver den."
    )
    done = _("Opfølgningen i enheden er registreret.")

    taking_part = choices(_("Hvilke myndigheder var med?"))
    text = long_text(_("Hvordan går det, og hvad gør I nu?"))
    happened_at = Moment(_("Hvornår fulgte I op?"))

    def prepare(self) -> None:
        self.choose("taking_part", self.scene.agency_choices())

    def carry_out(self) -> None:
        following.record_unit_follow_up(
            **self.common, text=self.words(), taking_part=self.many("taking_part"), happened_at=self.at()
        )
