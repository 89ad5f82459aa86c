"""Moving a case along the nine steps."""

from __future__ import annotations

import datetime
import uuid

from forebyg.access.models import Agency, AgencyKind, Worker
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep_fact, note
from forebyg.cases.models import CaseMove, Task
from forebyg.cases.queries import admitted_agencies
from forebyg.cases.states import TURN_AT, Move, Step, Turn


def begin_move(*, worker: Worker, case_id: uuid.UUID, move: Move, now: datetime.datetime, seen: int | None = None) -> Deed:
    """As `begin`, for a move: that the case has ended is told by `MoveNotLegal`, which names what is possible instead."""
    return begin(worker=worker, case_id=case_id, permission=move.permission, now=now, seen=seen, also_ended=True)


def make_move(deed: Deed, move: Move, *, at: datetime.datetime | None = None) -> None:
    """Append the move and let the case follow; the work of the new step waits for whose turn it is.

    The permission was checked when the deed began. Raises `MoveNotLegal`, or `BeforeTheLastMove`.
    """
    case, at = deed.case, at or deed.now
    rules.check_move(move, case.current_step)
    rules.check_moment(at, now=deed.now)
    at = rules.in_order(at, after=case.moved_at)
    CaseMove(
        case=case,
        matter_id=case.matter_id,
        unit_id=case.unit_id,
        name=move.name,
        from_step=case.step,
        to_step=move.target,
        outcome=move.outcome or "",
        worker=deed.worker,
        agency_id=deed.worker.agency_id,
        at=at,
        number=case.version + 1,
    ).save(force_insert=True)
    case.step, case.outcome, case.version, case.moved_at = move.target.value, move.outcome or "", case.version + 1, at
    if move.target == Step.ENDED:
        case.ended_at = at
    note(deed, f"case.{move.name}", codes={"step": case.step, "outcome": case.outcome})
    keep_fact(deed, "move", on=at, codes={"move": move.name, "outcome": case.outcome})
    if move.target != Step.ENDED:
        let_the_next_know(deed, move.target)


def let_the_next_know(deed: Deed, step: Step) -> None:
    """One task for the agency whose turn it is: a fixed word, no text. The trigger has ended the task of the step before."""
    agency = whose_turn(deed, step)
    task = Task(
        kind=Task.Kind.STEP,
        step=step.value,
        assigned_to=agency,
        matter_id=deed.case.matter_id,
        owner_id=deed.worker.agency_id,
        author_id=deed.worker.id,
        happened_at=deed.now,
        recorded_at=deed.now,
    )
    task.save(force_insert=True)


_KIND_OF_TURN = {Turn.SECRETARIAT: AgencyKind.SECRETARIAT, Turn.POLICE_PREVENTION: AgencyKind.POLICE}


def whose_turn(deed: Deed, step: Step) -> Agency:
    """The agency whose turn it is at a step: by its kind among those admitted, else the one that leads the case."""
    kind = _KIND_OF_TURN.get(TURN_AT[step])
    if kind is not None:
        for agency in admitted_agencies(deed.worker, deed.case):
            if agency.kind == kind:
                return agency
    return deed.case.lead
