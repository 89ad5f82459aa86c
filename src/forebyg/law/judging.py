"""How an answer is found when facts are missing: it is the answer all the same if it is the same whatever the facts are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forebyg.law.asking import Missing
from forebyg.law.facts import Facts
from forebyg.law.gates import Gate

Values = Mapping[str, Sequence[Any]]
"""For each path the values that a missing fact may have, one for each difference that a rule makes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finding before it is put into words."""

    outcome: str
    gates: tuple[Gate, ...] = ()
    because: str | None = None
    missing: frozenset[str] = frozenset()
    unsigned: tuple[str, ...] = ()

    @property
    def by(self) -> tuple[str, ...]:
        """The provisions that carry it, each once."""
        return tuple(dict.fromkeys(gate.provision.id for gate in self.gates))

    def is_like(self, other: Answer) -> bool:
        """Whether both say the same."""
        return (self.outcome, self.by, self.because, self.missing) == (other.outcome, other.by, other.because, other.missing)


def undecided(missing: Iterable[str]) -> Answer:
    """The answer that these facts are needed for."""
    return Answer("undecided", missing=frozenset(missing))


def whatever_is_missing(judge: Callable[[Facts], Answer], facts: Facts, values: Values) -> Answer:
    """The answer of `judge`, which may raise `Missing`; with each value that the missing fact can have, should it do so."""
    try:
        return judge(facts)
    except Missing as missing:
        path = missing.path
        possible = values[path] if missing.can_be_assumed else ()
    answers = [whatever_is_missing(judge, {**facts, path: value}, values) for value in possible]
    return _together(path, answers)


_CONSENT_FAULTS = {"consent-missing", "consent-refused"}


def _together(path: str, answers: list[Answer]) -> Answer:
    first = answers[0] if answers else None
    if first is None:
        return undecided({path})
    if all(answer.is_like(first) for answer in answers):
        return first
    if shared := _carriers_of_all(answers):
        return Answer("allowed", shared)
    if {answer.because for answer in answers} == _CONSENT_FAULTS:
        return next(answer for answer in answers if answer.because == "consent-refused")
    return undecided({path}.union(*(answer.missing for answer in answers)))


def _carriers_of_all(answers: list[Answer]) -> tuple[Gate, ...]:
    """The gates that carry it whatever the fact is."""
    return tuple(gate for gate in answers[0].gates if all(gate in answer.gates for answer in answers))
