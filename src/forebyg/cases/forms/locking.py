"""Forms for the special lock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import locking
from forebyg.cases.forms.base import ActForm, choices, long_text
from forebyg.cases.queries import live_grants, of_those_present


class LockSpecially(ActForm):
    """B-026."""

    heading = _("Lås sagen særligt")
    lead = _(
        "Til sager om nogen, der skal beskyttes særligt, fx en medarbejders familie eller en med beskyttet adresse. Kun du og dem, du vælger, kan derefter se sagen. Alle andre mister den, også i andre myndigheder, og den forsvinder fra tavlen. Databeskyttelsesrådgiveren kan se, at den er låst, og hvem der har adgang."
    )
    submit_label = _("Lås sagen")
    done = _("Sagen er særligt låst.")

    keep = choices(_("Hvem skal stadig kunne se sagen?"), required=False)
    reason = long_text(_("Begrundelse"), help_text=_("Gemmes forseglet i loggen."), rows=3)

    def prepare(self) -> None:
        others = {
            grant.worker_id: f"{grant.worker.name}, {grant.worker.agency.name}"
            for grant in of_those_present(self.scene.worker, self.scene.case, live_grants(self.scene.case))
            if grant.worker_id != self.scene.worker.id
        }
        self.choose("keep", [(str(id), name) for id, name in others.items()])

    def carry_out(self) -> None:
        locking.lock_specially(**self.common, keep=self.many("keep"), reason=self.words("reason"))


class LiftLock(ActForm):
    """B-026: an end of it."""

    heading = _("Ophæv den særlige lås")
    lead = _("Alle, der har adgang til sagen, kan derefter se den igen, og den kommer tilbage på tavlen.")
    submit_label = _("Ophæv låsen")
    done = _("Den særlige lås er ophævet.")

    reason = long_text(_("Begrundelse"), help_text=_("Gemmes forseglet i loggen."), rows=3)

    def carry_out(self) -> None:
        locking.lift_lock(**self.common, reason=self.words("reason"))
