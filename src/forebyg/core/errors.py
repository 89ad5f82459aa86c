"""The three parents of every error that a person can meet.

A subclass stands beside the rule that raises it and carries a stable code. Its sentence is safe to show: it names no
person and says what to do next.
"""

from __future__ import annotations

from typing import TypeAlias

from django.utils.functional import Promise

Sentence: TypeAlias = "str | Promise"


class ForebygError(Exception):
    """An error with a stable `code` and a `sentence` that is safe to show and says what to do."""

    code = "forebyg"

    def __init__(self, sentence: Sentence = "") -> None:
        super().__init__(self.code)
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        """The sentence in the active language."""
        return str(self._sentence)

    def __str__(self) -> str:
        return self.sentence or self.code


class NotVisible(ForebygError):
    """404: missing and forbidden look the same (R-216)."""

    code = "not-visible"


class NotPermitted(ForebygError):
    """403: the worker sees the thing but may not do this to it."""

    code = "not-permitted"


class RuleBroken(ForebygError):
    """409, or a message on the form: not possible now, or not with this input."""

    code = "rule-broken"
