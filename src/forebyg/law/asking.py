"""Facts that may be missing: a rule asks for them, and what no rule asks for is not missed."""

from __future__ import annotations

from forebyg.law.facts import Facts


class Missing(Exception):
    """A rule asked for a fact that is missing. `can_be_assumed` is false when no value that it may have settles anything."""

    def __init__(self, path: str, *, can_be_assumed: bool = True) -> None:
        super().__init__(path)
        self.path = path
        self.can_be_assumed = can_be_assumed


def text(facts: Facts, path: str) -> str:
    """A fact that is a word. Raises `Missing`."""
    value = facts[path]
    if value is None:
        raise Missing(path)
    return str(value)


def number(facts: Facts, path: str) -> int:
    """A fact that is a number. Raises `Missing`."""
    value = facts[path]
    if value is None:
        raise Missing(path)
    return int(value)


def yes(facts: Facts, path: str) -> bool:
    """A fact that is true or false. Raises `Missing`."""
    value = facts[path]
    if value is None:
        raise Missing(path)
    return bool(value)


def several(facts: Facts, path: str) -> tuple[str, ...]:
    """A fact that is a list. Raises `Missing`."""
    value: tuple[str, ...] | None = facts[path]
    if value is None:
        raise Missing(path)
    return value
