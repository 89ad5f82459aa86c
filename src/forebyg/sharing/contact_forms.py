"""The form of a contact to a parent: what the law says first, then what was said."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forebyg.cases.forms.base import NOTHING, Label, Moment, choice, long_text
from forebyg.law.words import NO_FORUM
from forebyg.sharing.contacting import NotAParent, finding_on_contact, kind_of_parent, record_contact
from forebyg.sharing.forms import Gated
from forebyg.sharing.gate import Judged


class ContactParent(Gated):
    """R-109."""

    heading = _("Kontakt en forælder")
    lead = _(
        "Brug den, når der er tegn på, at en ung færdes i et ekstremistisk eller kriminelt miljø. Fortæl kun det, I selv har set. Er den unge fyldt 18 år, må kun politiet fortælle forældrene det uden samtykke (retsplejelovens § 115 a)."
    )
    confirm_label = _("Gem kontakten")
    done = _("Kontakten er registreret.")
    second_page: ClassVar[Mapping[str, Label]] = {"text": _("Skriv, hvad der blev sagt.")}

    about = choice(_("Hvilken ung drejer det sig om?"))
    parent = choice(_("Hvilken forælder?"))
    ground = long_text(
        _("Hvilke tegn er der set?"),
        rows=4,
        help_text=_("Skriv det, der er iagttaget. En holdning eller en tro er ikke et tegn."),
    )
    happened_at = Moment(_("Hvornår talte I sammen?"))
    text = long_text(_("Hvad blev der sagt og aftalt?"), required=False)
    field_order = (
        *("token", "seen", "target", "shown", "about", "parent", "ground", "happened_at"),
        *("forum", "purpose", "categories", "trigger", "is_weighed", "text"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["necessity"]  # the signs are the reason

    def prepare(self) -> None:
        super().prepare()
        people = [NOTHING, *self.scene.person_choices()]
        self.choose("about", people)
        self.choose("parent", people)

    def clean_happened_at(self) -> datetime.datetime:
        """They have spoken."""
        return self.check_past("happened_at")

    def clean(self) -> dict[str, Any]:
        """Only a parent of the young person."""
        given = super().clean()
        if given.get("about") and given.get("parent"):
            try:
                kind_of_parent(self.scene.worker, self.scene.case, about=self.one("about"), parent=self.one("parent"))
            except NotAParent as broken:
                self.add_error("parent", ValidationError(broken.sentence))
        return given

    def judge(self) -> list[Judged]:
        finding = finding_on_contact(
            worker=self.scene.worker,
            case=self.scene.case,
            about=self.one("about"),
            parent=self.one("parent"),
            terms=self.terms,
            at=self.at(),
        )
        return [Judged(self.one("about"), NO_FORUM, finding)]

    def told(self) -> dict[str, object]:
        named = {name: self.cleaned_data[name] for name in ("about", "parent", "ground")}
        return {**named, "at": self.at().isoformat(), "terms": self.terms.__dict__}

    def do(self) -> None:
        record_contact(
            **self.common,
            about=self.one("about"),
            parent=self.one("parent"),
            ground=self.words("ground"),
            terms=self.terms,
            text=self.words(),
            happened_at=self.at(),
        )
