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
    """The answer of `judge`, which may raise `Missing`; with each value that the missing fact can have, should it do so.

    Values are tried until they can't agree any more, so a question with little stated costs no more than one with much.
    """
    try:
        return judge(facts)
    except Missing as missing:
        path = missing.path
        possible = values[path] if missing.can_be_assumed else ()
    together: Answer | None = None
    for value in possible:
        answer = whatever_is_missing(judge, {**facts, path: value}, values)
        together = answer if together is None else _both(together, answer)
        if together is None or together.outcome == "undecided":
            return undecided({path} | answer.missing)
    return together or undecided({path})


_CONSENT_FAULTS = {"consent-missing", "consent-refused"}


def _both(one: Answer, other: Answer) -> Answer | None:
    """The answer that holds in both cases: what carries both, or the same refusal. None when there is none."""
    if one.is_like(other):
        return one
    if shared := tuple(gate for gate in one.gates if gate in other.gates):
        return Answer("allowed", shared)
    if {one.because, other.because} == _CONSENT_FAULTS:
        return one if one.because == "consent-refused" else other
    return None
