"""Finds the definitions that belong beside a text, so that terms are explained where they are used (R-176)."""

from __future__ import annotations

import re

from forebyg.strategy.schema import Pack, Text
from forebyg.strategy.schema.concepts import Definition


class Glossary:
    """The definitions of a pack for one page in one language; remembers which of them the page has used."""

    def __init__(self, pack: Pack, language: str) -> None:
        self._language = language
        self._used: set[str] = set()
        self._definitions = [
            (definition, _beginning_with(definition.terms.in_language(language))) for definition in pack.definitions
        ]

    def terms_in(self, *texts: Text | None) -> list[Definition]:
        """The definitions whose term begins a word in one of the texts, in the order of the pack."""
        written = "\n".join(text.in_language(self._language) for text in texts if text is not None)
        found = [definition for definition, pattern in self._definitions if pattern.search(written)]
        self._used |= {definition.id for definition in found}
        return found

    def term(self, definition: Definition) -> Definition:
        """Remember a definition that the page points to by id."""
        self._used.add(definition.id)
        return definition

    @property
    def used(self) -> list[Definition]:
        """The definitions used so far, in the order of the pack."""
        return [definition for definition, _ in self._definitions if definition.id in self._used]


def _beginning_with(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(term) for term in terms) + ")", re.IGNORECASE)
