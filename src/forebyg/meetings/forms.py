"""Forms of unit meetings: taking a case up, telling at an item, and the minutes."""

from __future__ import annotations

import uuid
from functools import cached_property

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency
from forebyg.cases.forms.base import NOTHING, ActForm, Choices, Label, Moment, choice, choices, long_text
from forebyg.cases.queries import fetch_record
from forebyg.cases.shareable import shareable_records
from forebyg.core.errors import NotVisible
from forebyg.meetings import actions
from forebyg.meetings.models import AgendaItem, Minutes
from forebyg.meetings.queries import of_other_forums
from forebyg.sharing.forms import Disclose, Gated
from forebyg.sharing.wording import FORUM


class SetOnAgenda(ActForm):
    """R-043."""

    heading = _("Sæt sagen på et enhedsmøde")
    lead = _(
        "Vælg det samarbejde, punktet drøftes i. Kun myndigheder, der deltager i det, kan være med, og det, der fortælles ved punktet, hører til det samarbejde."
    )
    done: Label = _("Sagen er sat på mødet. De myndigheder, der er med ved punktet, kan se det.")

    meets_at = Moment(_("Hvornår holdes mødet?"), initial=None)
    forum = choice(_("Hvilket samarbejde drøftes punktet i?"), FORUM.items(), radios=True)
    attending = choices(_("Hvem er med ved punktet ud over jer selv?"), required=False)

    def prepare(self) -> None:
        others = [one for one in self.scene.agencies if one.id != self.scene.worker.agency_id]
        self.choose("attending", [(str(one.id), _with_forums(one)) for one in others])

    def carry_out(self) -> None:
        actions.set_on_agenda(
            **self.common,
            meets_at=self.at("meets_at"),
            forum=self.cleaned_data["forum"],
            attending=self.many("attending"),
        )


def _with_forums(agency: Agency) -> str:
    return f"{agency.name} ({', '.join(one.upper() for one in agency.forums)})" if agency.forums else agency.name


def _fetch_item(form: ActForm) -> AgendaItem:
    if form.scene.target is None:
        raise NotVisible
    return fetch_record(worker=form.scene.worker, model=AgendaItem, case=form.scene.case, root=form.scene.target)


def _attending(form: ActForm, item: AgendaItem, *, others_only: bool) -> Choices:
    own = form.scene.worker.agency_id
    present = set(map(str, item.attending))
    return [
        (key, name) for key, name in form.scene.agency_choices(others_only=others_only) if key in present or key == str(own)
    ]


class TellAtItem(Disclose):
    """A disclosure to an agency that attends the item, in the item's forum; what came under another one is not offered."""

    heading = _("Fortæl ved punktet")
    lead = _(
        "Det, I fortæller, hører til punktets samarbejde. Det, der er kommet frem i et andet samarbejde, kan ikke bruges her."
    )

    def prepare(self) -> None:
        Gated.prepare(self)  # not that of `Disclose`: recipients and records are the item's
        item = _fetch_item(self)
        worker, case = self.scene.worker, self.scene.case
        self.choose("recipient", [NOTHING, *_attending(self, item, others_only=True)])
        self.choose("forum", [(item.forum, str(FORUM[item.forum]))])
        self.begin_with(forum=item.forum)
        barred = of_other_forums(worker, case, item.forum)
        own = [one for one in shareable_records(worker, case) if one[1] not in barred]
        self.choose("records", [(f"{table}:{root}", label) for table, root, label in own])


class WriteMinutes(ActForm):
    """R-048."""

    heading = _("Skriv referat af punktet")
    lead = _("Referatet tilhører jeres myndighed og gives til dem, der deltog i punktet, så langt loven tillader det.")
    submit_label = _("Gem og giv til deltagerne")
    cannot_be_undone = True
    done: Label = _("Referatet er gemt.")

    taking_part = choices(_("Hvem deltog i punktet?"))
    about = choices(_("Hvem handler referatet om?"), required=False)
    text = long_text(_("Hvad førte drøftelsen til?"), rows=8)
    necessity = long_text(_("Hvorfor er det nødvendigt, at deltagerne får referatet?"), rows=3)

    @cached_property
    def item(self) -> AgendaItem:
        """The item. Raises `NotVisible` to whoever does not attend it."""
        return _fetch_item(self)

    def prepare(self) -> None:
        attending = _attending(self, self.item, others_only=False)
        people = self.scene.person_choices()
        subjects = [str(one.root) for one in self.scene.people if one.is_subject]
        self.choose("taking_part", attending)
        self.choose("about", people)
        self.begin_with(taking_part=[key for key, _name in attending], about=subjects)

    def carry_out(self) -> None:
        written = actions.write_minutes(
            **self.common,
            item=self.item.root,
            text=self.words(),
            about=self.many("about"),
            taking_part=self.many("taking_part"),
            necessity=self.words("necessity"),
        )
        if written.held_back:
            self.done = _said_of(written)


def _said_of(written: actions.Written) -> str:
    held_back = " ".join(f"{name}: {sentence}" for name, sentence in written.held_back)
    return gettext("Referatet er gemt. Nogle af deltagerne har ikke fået det, fordi loven ikke tillader det. %(why)s") % {
        "why": held_back
    }


class CorrectMinutes(ActForm):
    """A new version with the reason; whoever got the minutes is told."""

    heading = _("Ret referatet")
    lead = _(
        "Den gamle tekst bliver stående i historikken. De myndigheder, der har fået referatet, får besked om at læse det igen."
    )
    submit_label = _("Gem rettelsen")
    done: Label = _("Rettelsen er gemt, og modtagerne har fået besked.")

    text = long_text(_("Rettet referat"), rows=8)
    reason = long_text(_("Hvorfor rettes det?"), rows=3)

    def prepare(self) -> None:
        if self.scene.target is None:
            raise NotVisible
        row = fetch_record(worker=self.scene.worker, model=Minutes, case=self.scene.case, root=self.scene.target)
        self.begin_with(text=row.text)

    def carry_out(self) -> None:
        target: uuid.UUID = self.one("target")
        actions.correct_minutes(**self.common, root=target, text=self.words(), reason=self.words("reason"))
