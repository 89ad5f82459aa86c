"""Makes `docs/states.md` from the table of steps and moves: `python -m forebyg.cases.states_page`, with `--check` to compare."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from forebyg.access.permissions import PERMISSIONS_OF, Permission, Role
from forebyg.cases.states import MOVES, TURN_AT, Move, Outcome, Step, Turn

PAGE = Path(__file__).resolve().parents[3] / "docs/states.md"

_PREFACE = """# The nine steps

A case stands at the step whose work is going on. Moves are append-only rows; the step is derived from the last one. The names
on screen are Danish.

Made from `src/forebyg/cases/states.py` by `python -m forebyg.cases.states_page`; the checks compare the two.
"""

_TURNS = {
    Turn.ENTRY_POINT: "the agency that leads: who noted the concern, then the entry point that received it",
    Turn.SECRETARIAT: "the secretariat, if it takes part, else the agency that leads",
    Turn.LEAD: "the agency that leads the case",
    Turn.POLICE_PREVENTION: "the police's prevention unit, if it takes part, else the agency that leads",
    Turn.NOBODY: "nobody",
}


def render() -> str:
    """The page as Markdown: the steps, the moves from each, who may make them, and how a case ends."""
    parts = [_PREFACE, _steps(), _diagram(), _moves(), _permissions(), _outcomes()]
    return "\n".join(parts)


def _steps() -> str:
    rows = [
        (step.value if step is not Step.ENDED else "", _english(step), step.label, _TURNS[TURN_AT[step]], _names(_from(step)))
        for step in Step
    ]
    return "## Steps\n\n" + _table(("", "Step", "On screen", "Whose turn", "Moves"), rows)


def _diagram() -> str:
    """The moves but the police's, which leads from every step under way to the end."""
    edges = [
        f"    {source.name} --> {move.target.name}: {move.name}"
        for move in MOVES.values()
        if len(move.sources) == 1
        for source in move.sources
    ]
    return "```mermaid\nstateDiagram-v2\n    [*] --> ARISEN\n" + "\n".join(edges) + "\n    ENDED --> [*]\n```\n"


def _moves() -> str:
    rows = [
        (
            f"`{move.name}`",
            move.label,
            ", ".join(_english(step) for step in sorted(move.sources)),
            _english(move.target),
            f"`{move.permission.value}`",
            f"`{move.outcome.value}`" if move.outcome else "",
        )
        for move in MOVES.values()
    ]
    return "## Moves\n\n" + _table(("Move", "On screen", "From", "To", "Permission", "Outcome"), rows)


def _permissions() -> str:
    used = dict.fromkeys(move.permission for move in MOVES.values())
    rows = [(f"`{permission.value}`", permission.sentence, _holders(permission)) for permission in used]
    return (
        "## Who may\n\nThe worker also needs a grant for the whole matter; `receive` asks for an entry point, `hand-to-pet` for the police.\n\n"
        + _table(("Permission", "On screen", "Roles"), rows)
    )


def _outcomes() -> str:
    rows = [
        (f"`{outcome.value}`", outcome.label, _names([move for move in MOVES.values() if move.outcome is outcome]))
        for outcome in Outcome
    ]
    return "## Outcomes\n\n" + _table(("Outcome", "On screen", "By the move"), rows)


def _from(step: Step) -> list[Move]:
    return [move for move in MOVES.values() if step in move.sources]


def _names(moves: list[Move]) -> str:
    return ", ".join(f"`{move.name}`" for move in moves)


def _holders(permission: Permission) -> str:
    return ", ".join(f"`{role.value}`" for role in Role if permission in PERMISSIONS_OF[role])


def _english(step: Step) -> str:
    return step.name.replace("_", " ").capitalize()


def _table(heading: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` print how it differs and return 1 when it does."""
    page = render()
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    found = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    difference = list(difflib.unified_diff(found.splitlines(), page.splitlines(), "docs/states.md", "states.py", lineterm=""))
    sys.stdout.writelines(line + "\n" for line in difference)
    return int(bool(difference))


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    sys.exit(main(sys.argv[1:]))
