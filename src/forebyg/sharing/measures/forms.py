"""The form of an authority's decision: the law's finding is shown first, then what was decided is written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.cases.forms.base import NOTHING, Label, Moment, choice, choices, long_text
from forebyg.law import Finding, words
from forebyg.law.words import NO_FORUM
from forebyg.sharing.gate import Judged
from forebyg.sharing.measures import actions, wording
from forebyg.sharing.measures.judging import Wanted, finding_on, grounds_asked, tools_on
from forebyg.sharing.two_pages import TwoPages
from forebyg.strategy.wording import say


class DecideMeasure(TwoPages):
    """R-092 to R-096."""

    template: ClassVar[str] = "sharing/measures/decide.html"
    words_of = wording
    heading = _("Registrér en afgørelse")
    lead = _(
        "Afgørelsen er jeres egen myndigheds; ingen afgør noget for en anden. Først ser I, hvad loven siger om netop denne sag. Intet bliver gemt før det."
    )
    confirm_label = _("Gem afgørelsen")
    done = _("Afgørelsen er gemt.")
    second_page: ClassVar[Mapping[str, Label]] = {"text": _("Skriv, hvad der er besluttet og hvorfor.")}

    about = choice(_("Hvem gælder afgørelsen?"), radios=True)
    tool = choice(_("Hvad er der truffet afgørelse om?"))
    grounds = choices(
        _("Hvilke grunde er der?"),
        required=False,
        help_text=_("Vælg kun det, der er iagttaget. Bekymring for radikalisering er aldrig en grund i sig selv."),
    )
    cooperation = choice(_("Samarbejder forældrene?"), wording.COOPERATION.items(), required=False)
    weighing = long_text(
        _("Afvejningen"),
        required=False,
        rows=4,
        help_text=_("Skal skrives ved et pålæg: hvorfor det er nødvendigt her, og hvorfor mindre ikke er nok."),
    )
    purpose = choice(_("Formål"), wording.PURPOSE.items())
    intervention = choice(
        _("Hvilken indsats er der givet samtykke til?"),
        required=False,
        help_text=_("Vælges, når loven kræver samtykke til at deltage. Det skal være registreret på personens side."),
    )
    decided_at = Moment(_("Hvornår er det besluttet?"))
    text = long_text(_("Hvad er besluttet og hvorfor?"), required=False)

    def prepare(self) -> None:
        self.choose("about", self.scene.person_choices())
        tools = tools_on(timezone.localdate(self.scene.now))
        self.choose("tool", [NOTHING, *((f"{one.measure}:{one.provision.id}", wording.tool(one)) for one in tools)])
        self.choose("grounds", [(ground, wording.ground(ground)) for ground in words.GROUNDS])
        offered = [(one.id, say(one.name)) for one in self.scene.pack.interventions if one.individual_data]
        self.choose("intervention", [("", _("Ingen")), *offered])
        self.begin_with(purpose="support")

    def clean_decided_at(self) -> datetime.datetime:
        """It has been decided."""
        return self.check_past("decided_at")

    @cached_property
    def wanted(self) -> Wanted:
        """What was chosen."""
        given = self.cleaned_data
        measure, provision = given["tool"].split(":")
        return Wanted(
            person=self.one("about"),
            measure=measure,
            provision=provision,
            purpose=given["purpose"],
            decided_at=self.at("decided_at"),
            grounds=tuple(given["grounds"]),
            cooperation=given["cooperation"],
            intervention=given["intervention"],
            is_weighed=bool(given["weighing"].strip()),
        )

    def judge(self) -> list[Judged]:
        finding = finding_on(worker=self.scene.worker, case=self.scene.case, wanted=self.wanted)
        return [Judged(self.wanted.person, NO_FORUM, finding)]

    def note_look(self, finding: Finding) -> None:
        actions.note_asked(worker=self.scene.worker, case=self.scene.case, finding=finding, now=self.scene.now)

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = {
            name: given[name] for name in ("about", "tool", "grounds", "cooperation", "weighing", "purpose", "intervention")
        }
        return {**chosen, "at": self.at("decided_at").isoformat()}

    @property
    def grounds_wanted(self) -> list[str]:
        """The grounds that the law lists, where none of them was there."""
        if self.finding is None or self.finding.because != "trigger-missing":
            return []
        return [wording.ground(one) for one in grounds_asked(self.wanted)]

    def do(self) -> None:
        actions.decide_measure(**self.common, wanted=self.wanted, weighing=self.words("weighing"), text=self.words())
