"""The nine steps of a case and the legal moves between them, as one table. docs/states.md is generated from it.

A case stands at the step whose work is going on. Moves are append-only rows; the current step is derived from the last
one by a trigger. Source: the strategy's case pathway (R-050), with the readings A-04 (step 4: dismissed or proceed) and
A-21.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forebyg.access.permissions import Permission


class Step(models.IntegerChoices):
    """Where the work stands. ENDED comes after the ninth step, or after a dismissal."""

    ARISEN = 1, _("Bekymring opstår")
    RECEIVED = 2, _("Modtagelse")
    DISCUSSION = 3, _("Drøftelse i enheden")
    FIRST_ASSESSMENT = 4, _("Første vurdering")
    MEETING = 5, _("Møde med borgeren")
    SECOND_ASSESSMENT = 6, _("Anden vurdering")
    MEASURES = 7, _("Indsats aftales")
    FOLLOW_UP = 8, _("Opfølgning")
    CLOSING = 9, _("Afslutning")
    ENDED = 10, _("Afsluttet")


class Outcome(models.TextChoices):
    """How a case ended; the terminal outcomes of the pack."""

    DISMISSED_IN_UNIT = "dismissed-in-unit", _("Afkræftet i enheden")
    DISMISSED_AFTER_MEETING = "dismissed-after-meeting", _("Afkræftet efter møde")
    DEALT_WITH = "dealt-with", _("Håndteret")
    HANDED_TO_ORDINARY_SYSTEM = "handed-to-ordinary-system", _("Overdraget til normalsystemet")
    HANDED_TO_PET = "handed-to-pet", _("Overleveret til PET af politiet")


class Turn(enum.Enum):
    """Whose turn it is at a step: told by role in the matter, never by name of agency."""

    ENTRY_POINT = "entry-point"
    SECRETARIAT = "secretariat"
    LEAD = "lead"
    POLICE_PREVENTION = "police-prevention"
    NOBODY = "nobody"


TURN_AT: dict[Step, Turn] = {
    Step.ARISEN: Turn.ENTRY_POINT,
    Step.RECEIVED: Turn.ENTRY_POINT,
    Step.DISCUSSION: Turn.SECRETARIAT,
    Step.FIRST_ASSESSMENT: Turn.LEAD,
    Step.MEETING: Turn.POLICE_PREVENTION,
    Step.SECOND_ASSESSMENT: Turn.LEAD,
    Step.MEASURES: Turn.LEAD,
    Step.FOLLOW_UP: Turn.LEAD,
    Step.CLOSING: Turn.SECRETARIAT,
    Step.ENDED: Turn.NOBODY,
}


@dataclass(frozen=True)
class Move:
    """A legal move: from which steps, to which, who may, and what it is called on a button."""

    name: str
    sources: frozenset[Step]
    target: Step
    permission: Permission
    label: str | Promise
    outcome: Outcome | None = None


def _move(
    name: str, source: Step, target: Step, permission: Permission, label: str | Promise, outcome: Outcome | None = None
) -> Move:
    return Move(name, frozenset({source}), target, permission, label, outcome)


_UNDER_WAY = frozenset(step for step in Step if Step.RECEIVED <= step <= Step.CLOSING)

MOVES: dict[str, Move] = {
    move.name: move
    for move in [
        _move("receive", Step.ARISEN, Step.RECEIVED, Permission.TAKE_IN_CONCERN, _("Tag imod bekymringen")),
        _move("bring-to-unit", Step.RECEIVED, Step.DISCUSSION, Permission.BRING_TO_UNIT, _("Bring sagen til enheden")),
        _move("discussed", Step.DISCUSSION, Step.FIRST_ASSESSMENT, Permission.RECORD_DISCUSSION, _("Registrér drøftelsen")),
        _move(
            "dismiss-in-unit",
            Step.FIRST_ASSESSMENT,
            Step.ENDED,
            Permission.ASSESS,
            _("Afkræft bekymringen"),
            Outcome.DISMISSED_IN_UNIT,
        ),
        _move(
            "proceed-to-meeting", Step.FIRST_ASSESSMENT, Step.MEETING, Permission.ASSESS, _("Gå videre til møde med borgeren")
        ),
        _move("met", Step.MEETING, Step.SECOND_ASSESSMENT, Permission.MEET_CITIZEN, _("Gå videre til anden vurdering")),
        _move(
            "dismiss-after-meeting",
            Step.SECOND_ASSESSMENT,
            Step.ENDED,
            Permission.ASSESS,
            _("Afkræft bekymringen"),
            Outcome.DISMISSED_AFTER_MEETING,
        ),
        _move("confirm", Step.SECOND_ASSESSMENT, Step.MEASURES, Permission.ASSESS, _("Bekræft bekymringen")),
        _move("measures-agreed", Step.MEASURES, Step.FOLLOW_UP, Permission.AGREE_MEASURES, _("Gå videre til opfølgning")),
        _move("new-measures", Step.FOLLOW_UP, Step.MEASURES, Permission.FOLLOW_UP, _("Aftal ny eller ændret indsats")),
        _move("dealt-with", Step.FOLLOW_UP, Step.CLOSING, Permission.ASSESS, _("Vurdér bekymringen som håndteret")),
        _move("close", Step.CLOSING, Step.ENDED, Permission.CLOSE_CASE, _("Afslut sagen"), Outcome.DEALT_WITH),
        _move(
            "hand-over",
            Step.CLOSING,
            Step.ENDED,
            Permission.CLOSE_CASE,
            _("Overdrag til normalsystemet"),
            Outcome.HANDED_TO_ORDINARY_SYSTEM,
        ),
        Move(
            "hand-to-pet",
            _UNDER_WAY,
            Step.ENDED,
            Permission.HAND_TO_PET,
            _("Registrér overlevering til PET"),
            Outcome.HANDED_TO_PET,
        ),
    ]
}


def legal_moves(step: Step) -> list[Move]:
    """The moves that are legal from this step, in the order of the table."""
    return [move for move in MOVES.values() if step in move.sources]
