"""Forms that correct an item: its words, its persons, its case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import noting, wrong_case
from forebyg.cases.forms.base import ActForm, choices, long_text
from forebyg.cases.models import Item
from forebyg.cases.queries import fetch_case, fetch_record


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
