"""Finds the definitions that belong beside a text, so that terms are explained where they are used (R-176)."""

from __future__ import annotations

import re

from forebyg.strategy.schema import Pack, Text
from forebyg.strategy.schema.concepts import Definition


class Glossary:
    """The definitions of a pack for one page in one language; remembers which of them the page has used."""

    def __init__(self, pack: Pack, language: str) -> None:
        self._language = language
        self._definitions = pack.definitions
        self._used: set[str] = set()
        self._by_term = {term.lower(): one.id for one in pack.definitions for term in one.terms.in_language(language)}
        longest_first = sorted(self._by_term, key=len, reverse=True)
        self._term = re.compile(r"\b(?:" + "|".join(re.escape(term) for term in longest_first) + ")", re.IGNORECASE)

    def terms_in(self, *texts: Text | None) -> list[Definition]:
        """The definitions whose term begins a word in one of the texts, in the order of the pack.

        Where several terms fit, the longest one counts: `radikaliseringstruede` is not also `radikalisering`.
        """
        written = "\n".join(text.in_language(self._language) for text in texts if text is not None)
        found = {self._by_term[term.lower()] for term in self._term.findall(written)}
        self._used |= found
        return [definition for definition in self._definitions if definition.id in found]

    def term(self, definition: Definition) -> Definition:
        """Remember a definition that the page points to by id."""
        self._used.add(definition.id)
        return definition

    @property
    def used(self) -> list[Definition]:
        """The definitions used so far, in the order of the pack."""
        return [definition for definition in self._definitions if definition.id in self._used]
