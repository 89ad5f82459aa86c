"""The law as this installation may use it: the pack in force, with what is signed off and what is clarified."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable

from forebyg.law import Law, load_law, pack_ids
from forebyg.store.together import Question

Key = tuple[str, str, str]
"""Pack, provision and version."""

_NEWEST_SIGN_OFFS = """
SELECT pack, provision, version, name FROM (
    SELECT DISTINCT ON (pack, provision, version) pack, provision, version, name, is_signed
      FROM sharing_signoff ORDER BY pack, provision, version, at DESC, id DESC) AS newest
 WHERE is_signed ORDER BY pack, provision, version
"""
_NEWEST_CLARIFICATIONS = """
SELECT DISTINCT ON (doubt) doubt, is_in_favour FROM sharing_clarification ORDER BY doubt, at DESC, id DESC
"""


def asked_sign_offs() -> Question[tuple[tuple[Key, str], ...]]:
    """What is signed off, and by whom."""
    return Question(_NEWEST_SIGN_OFFS, [], lambda rows: tuple(((pack, id, version), name) for pack, id, version, name in rows))


def asked_clarifications() -> Question[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The doubts that are clarified in favour, and against."""

    def read(rows: list[tuple[str, bool]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(doubt for doubt, good in rows if good), tuple(doubt for doubt, good in rows if not good)

    return Question(_NEWEST_CLARIFICATIONS, [], read)


def law_in_force(signed: Iterable[tuple[Key, str]], day: datetime.date) -> Law:
    """The law of the day with what is signed off. Where no pack is in force, one that says so."""
    return _law(pack_in_force(day), tuple(signed))


def pack_in_force(day: datetime.date) -> str:
    """The id of the law pack that is in force on a day; else of the one that was last, or comes first."""
    packs = sorted((load_law(id).pack.meta for id in pack_ids()), key=lambda meta: meta.valid_from)
    begun = [meta for meta in packs if meta.valid_from <= day] or packs[:1]
    return begun[-1].id


@functools.lru_cache(maxsize=8)
def _law(pack: str, signed: tuple[tuple[Key, str], ...]) -> Law:
    return load_law(pack, signed={(id, version): name for (of, id, version), name in signed if of == pack})
