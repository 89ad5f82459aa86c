"""The form of an answer to a notice."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from forebyg.cases.actions import noticing
from forebyg.cases.forms.base import ActForm, Moment, choice, long_text
from forebyg.cases.models import Decision
from forebyg.cases.queries import fetch_record
from forebyg.core.errors import NotVisible


class AnswerNotice(ActForm):
    """R-231."""

    heading = _("Registrér familiens svar")
    lead = _("Skriv, hvad familien svarede på indskærpelsen. Et nyt svar lægges til; det første bliver stående.")
    submit_label = _("Gem svaret")
    done = _("Svaret er registreret.")

    answered_by = choice(_("Hvem svarede?"), radios=True)
    text = long_text(_("Hvad blev der svaret?"), rows=4)
    happened_at = Moment(_("Hvornår blev der svaret?"))

    def prepare(self) -> None:
        if self.scene.target is None:
            raise NotVisible
        notice = fetch_record(worker=self.scene.worker, model=Decision, case=self.scene.case, root=self.scene.target)
        noticing.check_ours(self.scene.worker, notice)
        self.choose("answered_by", self.scene.person_choices())

    def carry_out(self) -> None:
        noticing.answer_notice(
            **self.common,
            notice=self.one("target"),
            answered_by=self.one("answered_by"),
            text=self.words(),
            happened_at=self.at(),
        )
