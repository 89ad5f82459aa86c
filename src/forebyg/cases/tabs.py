"""The tabs of a case: their addresses, their names, and for whom they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tab:
    """A page of a case: its word in the ledger, its address and its name in the menu.

    `needs_whole`: not for a mentor or coach. `hidden_when_empty_in_part`: they have a line for it when there is something.
    """

    code: str
    label: str | Promise
    needs_whole: bool = False
    hidden_when_empty_in_part: bool = False
    room: str = "cases"

    @property
    def view(self) -> str:
        """The name of its address; the overview's is the case's own."""
        return "cases:case" if self.code == "overview" else f"{self.room}:{self.code}"


OVERVIEW = Tab("overview", _("Overblik"))
PEOPLE = Tab("people", _("Personer"))
TIMELINE = Tab("timeline", _("Tidslinje"))
TASKS = Tab("tasks", _("Opgaver og frister"), hidden_when_empty_in_part=True)
ASSESSMENTS = Tab("assessments", _("Vurderinger"), needs_whole=True)
ITEMS = Tab("items", _("Oplysninger"), hidden_when_empty_in_part=True)
MEASURES = Tab("measures", _("Indsatser"))
PLAN = Tab("plan", _("Aftaler og opfølgning"), needs_whole=True)
SHARING = Tab("sharing", _("Videregivelser"), needs_whole=True)
TABS = [OVERVIEW, PEOPLE, TIMELINE, TASKS, ASSESSMENTS, ITEMS, MEASURES, PLAN, SHARING]


def view_of_tab(code: str) -> str:
    """The name of the address of a tab, or of the case itself."""
    return next((tab.view for tab in TABS if tab.code == code), f"cases:{code}")


def register_tab(tab: Tab) -> None:
    """For rooms above, in `AppConfig.ready()`: one more page of a case."""
    TABS.append(tab)


@dataclass(frozen=True)
class Panel:
    """A section that a room above adds to a tab: its template, and what it shows for a `CasePage`. Under `records` stand the
    roots of the records that it shows, for the ledger."""

    template: str
    context: Callable[[Any], dict[str, Any]]


PANELS: dict[str, list[Panel]] = {}
"""By the code of the tab."""


def register_panel(tab: Tab, panel: Panel) -> None:
    """For rooms above, in `AppConfig.ready()`: one more section on a tab."""
    PANELS.setdefault(tab.code, []).append(panel)
