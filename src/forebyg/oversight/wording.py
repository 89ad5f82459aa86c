"""Events in words: their record kinds and their codes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.access.legal_standing import FORUMS
from forebyg.access.models import Emergency
from forebyg.access.permissions import Role
from forebyg.cases.acts import ACTS
from forebyg.cases.models import Clock
from forebyg.cases.models.record import Severity
from forebyg.cases.states import Outcome, Step
from forebyg.cases.tabs import TABS
from forebyg.cases.wording import GRANT_REASON, RECORD, listed
from forebyg.intake.models import Concern
from forebyg.oversight.events import LoggedEvent
from forebyg.oversight.models import BreakGlassReview, GrantReview
from forebyg.oversight.names import Names

__all__ = ["GRANT_REASON", "codes_in_words", "kinds_in_words", "named_in"]

_MORE_KINDS: dict[str, str | Promise] = {
    "cases_disclosure": _("Videregivelse"),
    "cases_timelineentry": _("Linje på tidslinjen"),
    "intake_reporteridentity": _("Hvem der henvendte sig"),
}

_CODE: dict[str, Promise] = {
    "tab": _("Fane"),
    "act": _("Formular"),
    "worker": _("Medarbejder"),
    "agency": _("Myndighed"),
    "recipient": _("Modtager"),
    "rule": _("Frist"),
    "severity": _("Alvorlighed"),
    "step": _("Trin"),
    "outcome": _("Udfald"),
    "status": _("Svar"),
    "route": _("Side"),
    "own": _("Har selv forlænget adgangen"),
    "roles": _("Roller"),
    "forums": _("Samarbejder"),
    "public_task": _("Offentlig opgave"),
    "reporter": _("Hvem henvendte sig"),
    "new_browser": _("Ny browser"),
    "slowed_down": _("Bremset efter mange forsøg"),
    "events": _("Hændelser i filen"),
    "as": _("Fortsætter som en ny sag"),
    "emergency": _("Nødsituation"),
    "glass": _("Under nødadgang"),
}
"""What a code is called. Codes without a word here tell an officer nothing: keys of other rows, and keyed hashes."""

_NOT_OPENED: dict[str, Promise] = {
    "nothing": _("ingen sag blev åbnet"),
    "nobody-reviews": _("ingen kan gennemgå den"),
    "too-many": _("for mange åbne på én gang"),
    "too-many-attempts": _("for mange forsøg"),
    "has-access": _("havde allerede adgang"),
}

_PUBLIC_TASK: dict[str, Promise] = {"yes": _("ja"), "no": _("nej"), "unknown": _("ikke oplyst")}

_STATUS: dict[str, Promise] = {"403": _("ikke tilladt"), "404": _("kan ikke ses"), "409": _("kan ikke lade sig gøre nu")}


def kinds_in_words(event: LoggedEvent) -> str:
    """`Oplysning (2), person`: what sort of records the event names, and how many."""
    words = {**RECORD, **_MORE_KINDS}
    counted = [(str(words.get(kind, kind)), number) for kind, number in event.kinds.items()]
    return ", ".join(f"{word} ({number})" if number > 1 else word for word, number in sorted(counted))


def codes_in_words(event: LoggedEvent, names: Names) -> list[str]:
    """`Fane: Oplysninger`, for each code that says something to a person."""
    said = []
    for code, value in event.codes.items():
        if code not in _CODE or value in ("", False, []):
            continue
        words = listed(filter(None, (_value(code, str(one), names) for one in (value if isinstance(value, list) else [value]))))
        said.append(f"{_CODE[code]}: {words}" if words else str(_CODE[code]))
    return said


def named_in(events: Iterable[LoggedEvent]) -> Iterator[uuid.UUID | None]:
    """Every worker that these events name: who did it, and to whom access was given."""
    for event in events:
        yield event.worker_id
        yield _worker_in(event)


def _worker_in(event: LoggedEvent) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(event.codes.get("worker", "")))
    except ValueError:
        return None


def _value(code: str, value: str, names: Names) -> str:
    if code == "public_task":
        return str(_PUBLIC_TASK.get(value, value))
    if value in ("True", "yes"):
        return ""
    if code == "act":
        return str(ACTS[value].label) if value in ACTS else value
    return str(_values().get(code, {}).get(value) or names.any(value) or value) if code not in ("as", "glass") else ""


def _values() -> dict[str, dict[str, str | Promise]]:
    return {
        "tab": {tab.code: tab.label for tab in TABS},
        "rule": dict(Clock.Rule.choices),
        "severity": dict(Severity.choices),
        "outcome": {
            **dict(Outcome.choices),
            **dict(GrantReview.Outcome.choices),
            **dict(BreakGlassReview.Outcome.choices),
            **_NOT_OPENED,
        },
        "emergency": dict(Emergency.choices),
        "step": {str(step.value): f"{step.value} · {step.label}" for step in Step},
        "roles": {role.value: role.label for role in Role},
        "forums": dict(FORUMS),
        "reporter": dict(Concern.Reporter.choices),
        "status": dict(_STATUS),
        "route": {"": gettext("ukendt side")},
    }
