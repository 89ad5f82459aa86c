"""What decisions add to a case."""

from __future__ import annotations

from forebyg.access.permissions import Permission
from forebyg.cases.acts import OPEN, Act, register_act
from forebyg.cases.tabs import MEASURES, Panel, register_panel
from forebyg.cases.views.tab_timeline import TOLD_ON
from forebyg.sharing.measures.forms import DecideMeasure
from forebyg.sharing.measures.models import MeasureDecision
from forebyg.sharing.measures.panel import decisions


def offer_decisions() -> None:
    """The form of a decision, and the list of them. Called once, at the start."""
    TOLD_ON[MeasureDecision._meta.db_table] = MEASURES
    register_panel(MEASURES, Panel("sharing/measures/decisions.html", decisions))
    register_act(Act("afgoerelse", DecideMeasure, Permission.TAKE_RESPONSIBILITY, "measures", OPEN, tab="measures"))
