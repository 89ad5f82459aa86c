"""From the unit's table to an assessment: qualification, discussion, and the three assessments."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep, token_of
from forebyg.cases.actions.moving import begin_move, make_move
from forebyg.cases.actions.triage import change_severity, drop_triage, start_triage
from forebyg.cases.models import Assessment, Case, Decision, Qualification, TimelineEntry
from forebyg.cases.queries import (
    admitted_agencies,
    current_qualification,
    followed_up,
    participants_of,
    records_of,
    subjects_of,
    whole_picture,
)
from forebyg.cases.states import MOVES, Step
from forebyg.core.errors import RuleBroken
from forebyg.strategy.queries import pack_of

Kind = TimelineEntry.Kind


def qualify(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    kind: str,
    value: str,
    reason: str,
    about: uuid.UUID | None = None,
    happened_at: datetime.datetime | None = None,
    now: datetime.datetime,
) -> Qualification:
    """Choose severity, case type, level or a person's classification, with a reason; earlier choices stay (R-025 to R-027).

    A finding that local action is needed starts the triage clock (A-01) and needs a severity first (R-070).
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.QUALIFY_CONCERN, now=now)
    return keep_qualification(deed, kind=kind, value=value, reason=reason, about=about, happened_at=happened_at)


def keep_qualification(
    deed: Deed,
    *,
    kind: str,
    value: str,
    reason: str,
    about: uuid.UUID | None = None,
    happened_at: datetime.datetime | None = None,
) -> Qualification:
    """Keep a choice in a deed that has begun."""
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    if value not in _values_of(deed, kind):
        raise RuleBroken(_("Vælg en af mulighederne på listen."))
    people = participants_of(deed.worker, deed.case)
    if kind == Qualification.Kind.CLASSIFICATION and about is None:
        raise rules.SubjectMissing
    if about is not None:
        rules.check_members([about], [person.root for person in people if person.is_subject])
    earlier = current_qualification(deed.worker, deed.case, kind) if kind == Qualification.Kind.SEVERITY else None
    kept = keep(
        deed,
        Qualification(kind=kind, value=value, reason=reason),
        action="case.qualified",
        about=[about] if about else [],
        happened_at=happened_at,
        entry=Kind.QUALIFICATION,
        entry_codes={"kind": kind, "value": value},
        entry_text=reason,
        fact="qualification",
        fact_codes={"kind": kind, "value": value},
        token=token_of(people, about) if about else None,
    )
    if kind == Qualification.Kind.LOCAL_ACTION:
        if value == "yes":
            start_triage(deed, found_at=kept.happened_at)
        else:
            drop_triage(deed)
    elif earlier is not None:
        change_severity(deed, earlier=earlier.value, later=value)
    elif kind == Qualification.Kind.SEVERITY and pack_of(deed.worker).case_pathway.triage_clock.applies_if == "always":
        start_triage(deed, found_at=kept.happened_at)
    return kept


def _values_of(deed: Deed, kind: str) -> Iterable[str]:
    if kind in rules.VALUES_OF:
        return rules.VALUES_OF[kind]
    pack = pack_of(deed.worker)
    if kind == Qualification.Kind.CASE_TYPE:
        return [case_type.id for case_type in pack.case_types]
    if kind == Qualification.Kind.LEVEL:
        return [level.id for level in pack.levels]
    return []


def bring_to_unit(*, worker: Worker, case_id: uuid.UUID, now: datetime.datetime, seen: int | None = None) -> Case:
    """Put the concern before the unit (R-019)."""
    move = MOVES["bring-to-unit"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    make_move(deed, move)
    return deed.case


def record_discussion(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    text: str,
    taking_part: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
    seen: int | None = None,
) -> Decision:
    """What the unit's discussion came to, and which agencies took part (R-024). The owner answers for what is written."""
    move = MOVES["discussed"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now, seen=seen)
    rules.check_move(move, deed.case.current_step)
    rules.check_text(text, what=_("hvad drøftelsen førte til"))
    kept = keep(
        deed,
        Decision(kind=Decision.Kind.DISCUSSION, text=text, taking_part=_agencies(deed, taking_part)),
        action="case.discussed-in-unit",
        about=[person.root for person in subjects_of(worker, deed.case)],
        happened_at=happened_at,
        entry=Kind.DECISION,
        entry_codes={"kind": Decision.Kind.DISCUSSION.value},
        entry_text=text,
    )
    make_move(deed, move, at=happened_at)
    return kept


def assess(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    gate: str,
    results: Mapping[uuid.UUID, str],
    ground: str,
    reason: str,
    taking_part: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
    dissent: str = "",
    seen: int | None = None,
) -> Case:
    """Record the first, second or final assessment: one per subject, by the deciding agency, with those who took part.
    A subject whose concern was dismissed at an earlier gate need not be assessed again.

    The case ends at once when the concern is dismissed for everyone (R-023); else it moves on. Raises `SubjectMissing`,
    `GroundMissing`, `FollowUpMissing`, `TextMissing`, `MoveNotLegal`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ASSESS, now=now, seen=seen, also_ended=True)
    subjects = subjects_of(worker, deed.case)
    dismissed = dismissed_in(records_of(worker, deed.case, Assessment))
    rules.check_all_subjects_known(known=len(subjects), in_all=whole_picture(deed.case).subjects)
    move = rules.move_after_assessment(gate, results, [person.root for person in subjects], dismissed)
    rules.check_move(move, deed.case.current_step)
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    rules.check_ground(results.values(), ground)
    rules.check_length(dissent)
    agencies = _agencies(deed, taking_part)
    if gate == Assessment.Gate.FINAL:
        tracks = followed_up(deed.case)
        rules.check_followed_up(subjects=results.keys(), met=tracks.persons, in_unit=tracks.in_unit)
    for person in subjects:
        if person.root not in results:
            continue
        result = results[person.root]
        keep(
            deed,
            Assessment(gate=gate, result=result, ground=ground, reason=reason, dissent=dissent, taking_part=agencies),
            action="case.assessed",
            about=[person.root],
            happened_at=happened_at,
            entry=Kind.ASSESSMENT,
            entry_codes={"gate": gate, "result": result},
            entry_text=reason,
            fact="assessment",
            fact_codes={"gate": gate, "result": result},
            token=person.citizen,
        )
    if move.target == Step.ENDED:
        drop_triage(deed)
    make_move(deed, move, at=happened_at)
    return deed.case


def dismissed_in(assessments: Iterable[Assessment]) -> set[uuid.UUID]:
    """The subjects whose concern was dismissed when they were last assessed; assessments come oldest first."""
    last = {root: one.result for one in assessments for root in one.about}
    return {root for root, result in last.items() if result == Assessment.Result.DISMISSED}


def _agencies(deed: Deed, chosen: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    chosen = list(chosen)
    rules.check_members(chosen, [agency.id for agency in admitted_agencies(deed.worker, deed.case)])
    return chosen
