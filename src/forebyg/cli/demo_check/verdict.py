"""Acceptance checks: prose in the data, a check in the code, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from forebyg.core.errors import ForebygError

Check = Callable[[], None]


class Unmet(Exception):
    """A check is not met; the text says what was found instead, without anything personal."""


@dataclass(frozen=True)
class Verdict:
    """One acceptance check and what is wrong with it; nothing is wrong when `problem` is empty."""

    text: str
    problem: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the check holds."""
        return not self.problem


def expect(condition: bool, problem: str) -> None:
    """Raise `Unmet` with the problem unless the condition holds."""
    if not condition:
        raise Unmet(problem)


def expect_equal(found: object, expected: object, what: str) -> None:
    """Raise `Unmet` with both sides unless they are equal. For numbers, fixed words and dates only."""
    if found != expected:
        raise Unmet(f"{what}: forventet {expected}, fundet {found}")


def judge(texts: Iterable[str], checks: Mapping[str, Check]) -> list[Verdict]:
    """A verdict for each text; a text without a check, and a check without a text, are not met."""
    verdicts = [_verdict(text, checks.get(text)) for text in texts]
    known = {verdict.text for verdict in verdicts}
    return verdicts + [Verdict(text, "står ikke i casen") for text in checks if text not in known]


def _verdict(text: str, check: Check | None) -> Verdict:
    if check is None:
        return Verdict(text, "der er ikke skrevet noget tjek")
    try:
        check()
    except Unmet as unmet:
        return Verdict(text, str(unmet))
    except ForebygError as error:
        return Verdict(text, f"{error.code}: {error}")
    return Verdict(text)
