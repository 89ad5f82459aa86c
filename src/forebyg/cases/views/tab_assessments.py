"""Choices over time, the unit's discussion, the assessments, decisions and the procedure's checklist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse

from forebyg.cases import wording
from forebyg.cases.models import Assessment, Decision, NoticeAnswer, ProcedureTick, Qualification
from forebyg.cases.page import CasePage
from forebyg.cases.queries import records_of
from forebyg.people.models import Participant
from forebyg.strategy.schema import Text
from forebyg.strategy.schema.concepts import Definition
from forebyg.strategy.schema.procedures import Procedure
from forebyg.strategy.wording import say

LAWFUL_VIEWS = "princip-lovlige-holdninger"
"""The principle that stands beside assessments (R-030), where the pack has it."""
_OF_THE_CASE = (
    Qualification.Kind.SEVERITY,
    Qualification.Kind.LOCAL_ACTION,
    Qualification.Kind.CASE_TYPE,
    Qualification.Kind.LEVEL,
)


@dataclass(frozen=True)
class Choice:
    """A human choice: the value in words, and the row with reason, owner and date."""

    value: str
    row: Qualification


@dataclass(frozen=True)
class Choices:
    """All choices of one kind, or about one person, newest first; the first one stands."""

    label: str
    made: list[Choice]


@dataclass(frozen=True)
class Gate:
    """One assessment of several persons by one agency at one moment: its first row, and the result for each."""

    row: Assessment
    results: list[tuple[str, Assessment]]


@dataclass(frozen=True)
class Point:
    """A point of the checklist, and who ticked it."""

    number: int
    text: str
    tick: ProcedureTick | None


def assessments(page: CasePage) -> HttpResponse:
    """Everything by its own kind, newest first."""
    chosen = records_of(page.worker, page.case, Qualification)[::-1]
    made = records_of(page.worker, page.case, Assessment)[::-1]
    decisions = records_of(page.worker, page.case, Decision)[::-1]
    ticks = records_of(page.worker, page.case, ProcedureTick)
    answers = records_of(page.worker, page.case, NoticeAnswer)
    page.know(chosen, made, decisions, ticks, answers, workers=[one.responsible_id for one in decisions])
    procedure = _procedure(page, chosen)
    classified = [_of_person(page, person, chosen) for person in page.subjects]
    return page.answer(
        "cases/case/assessments.html",
        records=[row.root for row in [*chosen, *made, *decisions, *ticks, *answers]],
        principle=next((one for one in page.pack.principles if one.id == LAWFUL_VIEWS), None),
        choices=[_of_kind(page, kind, chosen) for kind in _OF_THE_CASE],
        classified=classified,
        discussions=[one for one in decisions if one.kind == Decision.Kind.DISCUSSION],
        gates=_gates(page, made),
        decisions=[
            (one, [answer for answer in answers if answer.notice == one.root])
            for one in decisions
            if one.kind != Decision.Kind.DISCUSSION
        ],
        procedure=procedure,
        points=_points(procedure, ticks) if procedure else [],
        definitions=_definitions(page, [*classified, _of_kind(page, Qualification.Kind.LEVEL, chosen)]),
    )


def _of_kind(page: CasePage, kind: str, chosen: Iterable[Qualification]) -> Choices:
    return Choices(wording.label(Qualification.Kind, kind), _choices(page, [one for one in chosen if one.kind == kind]))


def _of_person(page: CasePage, person: Participant, chosen: Iterable[Qualification]) -> Choices:
    rows = [one for one in chosen if one.kind == Qualification.Kind.CLASSIFICATION and person.root in one.about]
    return Choices(page.labels([person.root]), _choices(page, rows))


def _choices(page: CasePage, rows: Iterable[Qualification]) -> list[Choice]:
    return [Choice(wording.qualification_value(one.kind, one.value, page.pack), one) for one in rows]


def _gates(page: CasePage, made: Iterable[Assessment]) -> list[Gate]:
    """An assessment is one record for each person; those that were made together are shown together."""
    together: dict[tuple[object, ...], list[Assessment]] = {}
    for row in made:
        key = (row.gate, row.owner_id, row.happened_at, row.recorded_at, row.ground, row.reason, tuple(row.readers))
        together.setdefault(key, []).insert(0, row)
    return [Gate(rows[0], [(page.labels(row.about), row) for row in rows]) for rows in together.values()]


def _procedure(page: CasePage, chosen: Iterable[Qualification]) -> Procedure | None:
    """The procedure of the case type that stands (R-028)."""
    case_type = next((one.value for one in chosen if one.kind == Qualification.Kind.CASE_TYPE), None)
    return page.pack.procedure_for(case_type) if case_type else None


def _points(procedure: Procedure, ticks: Iterable[ProcedureTick]) -> list[Point]:
    ticked = {tick.point: tick for tick in ticks if tick.procedure == procedure.id}
    return [Point(number, say(point.text), ticked.get(number)) for number, point in enumerate(procedure.checklist)]


def _definitions(page: CasePage, shown: Iterable[Choices]) -> list[Definition]:
    """The strategy's definitions of the terms that the choices use (R-176)."""
    used = [choice.value for choices in shown for choice in choices.made]
    return page.glossary.terms_in(*(Text(da=value, en=value) for value in used))
