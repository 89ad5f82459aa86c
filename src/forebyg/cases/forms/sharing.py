"""Forms for who leads, who has access, and what is told no longer. What is told goes through the gate (the room `sharing`)."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.cases.actions import disclosing, leaving, opening
from forebyg.cases.forms.base import NOTHING, ActForm, Day, choice, long_text
from forebyg.cases.lists import STEP_WORK
from forebyg.cases.models import Task
from forebyg.cases.queries import colleagues_who_give, own_open_tasks
from forebyg.store.sealed import open_sealed


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
    task = choice(
        _("Gælder adgangen kun en opgave?"),
        required=False,
        help_text=_("Så slutter den, når opgaven er udført, også hvis dagen ikke er nået."),
    )

    def prepare(self) -> None:
        worker = self.scene.worker
        people = Worker.objects.filter(agency=worker.agency_id, unit=worker.unit_id, is_active=True).exclude(id=worker.id)
        chosen = [(str(one.id), one.name) for one in people.order_by("name")]
        if not colleagues_who_give(worker, self.scene.case):
            chosen.append((str(worker.id), _("%(name)s (dig selv, højst 30 dage)") % {"name": worker.name}))
        self.choose("colleague", [NOTHING, *chosen])
        tasks = list(own_open_tasks(worker, self.scene.case))
        open_sealed(tasks)
        self.choose("task", [("", _("Nej")), *((str(one.root), _named(one)) for one in tasks)])
        self.initial.setdefault("ends_on", (timezone.localdate(self.scene.now) + datetime.timedelta(days=90)).isoformat())

    def carry_out(self) -> None:
        ends_at = timezone.make_aware(datetime.datetime.combine(self.cleaned_data["ends_on"], datetime.time(23, 59)))
        task = self.one("task") if self.cleaned_data["task"] else None
        opening.give_access(**self.common, colleague_id=self.one("colleague"), ends_at=ends_at, task=task)


def _named(task: Task) -> str:
    return str(task.text or (STEP_WORK[task.step] if task.step in STEP_WORK else task.get_kind_display()))


class EndAccess(ActForm):
    """Before its time."""

    heading = _("Luk en adgang")
    submit_label = _("Luk adgangen")
    done = _("Adgangen er lukket.")

    def carry_out(self) -> None:
        opening.end_access(**self.common, grant_id=self.one("target"))


class EndAdmission(ActForm):
    """An agency has no more to do in the case."""

    heading = _("Afslut en myndigheds deltagelse")
    lead = _(
        "Ingen i myndigheden kan derefter se sagen. Det, den har fået, er fortsat givet; træk videregivelsen tilbage, hvis det ikke skal bruges mere. Den beholder det, den selv har skrevet, og kan optages igen."
    )
    submit_label = _("Afslut deltagelsen")
    done = _("Myndigheden deltager ikke længere i sagen.")

    agency = choice(_("Hvilken myndighed?"))
    reason = long_text(_("Begrundelse"), help_text=_("Gemmes forseglet i loggen."), rows=3)

    def prepare(self) -> None:
        self.choose("agency", [NOTHING, *self.scene.agency_choices(others_only=True)])

    def carry_out(self) -> None:
        leaving.end_admission(**self.common, agency_id=self.one("agency"), reason=self.words("reason"))


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
