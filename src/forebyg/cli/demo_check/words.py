"""Role labels only: whether what was written could name a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from forebyg.strategy.personal_data import looks_personal
from forebyg.strategy.schema.pack import Pack

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.:?!»]\s*)$")
OPENING_WORDS = frozenset(
    [
        "aftalen",
        "begge",
        "bekymringen",
        "måske",
        "sekretariatet",
        "datter",
        "eleven",
        "familien",
        "forløbets",
        "far",
        "faren",
        "frygten",
        "han",
        "hun",
        "jobcentret",
        "læreren",
        "mentor",
        "modtageren",
        "mor",
        "moren",
        "praktikken",
        "referat",
        "sagen",
        "skolen",
        "støtte",
        "sønnen",
        "udtaler",
        "udtalt",
        "ung",
        "den",
    ]
)
"""Words that open a sentence of the plays, or are a role label, and that their packs happen not to use."""


def vocabulary(pack: Pack) -> frozenset[str]:
    """The words of a pack as they stand there, and all of them in small letters. A pack names no person (R-222)."""
    words = {word for text in _texts(pack.model_dump(mode="json")) for word in _WORD.findall(text)}
    return frozenset(words | {word.lower() for word in words} | OPENING_WORDS)


def may_name_someone(text: str, known: Collection[str]) -> bool:
    """Whether a text holds a capitalised word beyond the known ones, or what looks like a number or an address.

    Where a sentence begins the word may be any known one; within it only one that is known with its capital.
    """
    return looks_personal(text) is not None or any(_is_strange(match, text, known) for match in _WORD.finditer(text))


def _is_strange(match: re.Match[str], text: str, known: Collection[str]) -> bool:
    word = match.group()
    if not word[0].isupper() or word in known:
        return False
    return _SENTENCE_BEGINS.search(text[: match.start()]) is None or word.lower() not in known


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
