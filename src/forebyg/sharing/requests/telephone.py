"""What was said on the telephone and is recorded afterwards: the law is asked as it was at that moment."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext_lazy as _

from forebyg.cases.forms.base import Moment
from forebyg.sharing.actions import tell
from forebyg.sharing.forms import Disclose, chosen_records
from forebyg.sharing.gate import Judged, findings_for


class RecordTold(Disclose):
    """Marked as said first and recorded afterwards, wherever it is shown."""

    heading = _("Registrér noget, I har sagt mundtligt")
    lead = _(
        "Brug den, når noget allerede er sagt, fx i telefonen. Loven bliver spurgt, som den var, da det blev sagt. Modtageren kan derefter læse det her, og det bliver mærket »givet mundtligt, registreret bagefter«."
    )
    confirm_label = _("Registrér")
    done = _("Det er registreret, at oplysningerne blev givet mundtligt.")

    told_at = Moment(_("Hvornår blev det sagt?"))
    field_order = [*Disclose.field_order[:6], "told_at", *Disclose.field_order[6:]]  # type: ignore[assignment]  # a list, where the form it extends has a tuple

    def clean_told_at(self) -> datetime.datetime:
        """It has been said."""
        return self.check_past("told_at")

    def judge(self) -> list[Judged]:
        return findings_for(
            worker=self.scene.worker,
            case=self.scene.case,
            records=chosen_records(self.cleaned_data["records"]),
            to_agency=self.one("recipient"),
            terms=self.terms,
            now=self.at("told_at"),
        )

    def told(self) -> dict[str, object]:
        return {**super().told(), "at": self.at("told_at").isoformat()}

    def do(self) -> None:
        tell(
            **self.common,
            records=chosen_records(self.cleaned_data["records"]),
            to_agency=self.one("recipient"),
            terms=self.terms,
            necessity=self.words("necessity"),
            told_at=self.at("told_at"),
        )
