"""A party as one word, and lists of kinds and groups as sets of such words."""

from __future__ import annotations

from collections.abc import Iterable

from forebyg.law import words

_IN_GROUP = {word: frozenset(kinds) for word, kinds in words.GROUPS.items()}
EVERY_TOKEN = frozenset((*words.KINDS, *words.GROUPS["outside"])) - {words.PET}


def token(kind: str, *, public_task: bool) -> str:
    """The kind; one that needs a public task to count as an authority and has none is marked so."""
    return kind if public_task or kind not in words.ON_PUBLIC_TASK else kind + words.PRIVATE


def tokens(who: Iterable[str] | None) -> frozenset[str]:
    """What a list of kinds and groups covers; no list covers everybody."""
    if who is None:
        return EVERY_TOKEN
    return frozenset().union(*(_IN_GROUP.get(word, frozenset({word})) for word in who)) - {words.PET}
