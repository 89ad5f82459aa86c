"""Sealed files that no row knows of: an upload that was cut off by a crash, or a row that was never committed. They are removed.

A file gets its place in the transaction of its row, and no transaction lasts as long as a file must be old to be looked at.
"""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Iterable
from typing import Any

import psycopg

from forebyg.store.chunks import SealedFolder
from forebyg.store.key_sweep import SHORTEST_AGE, USUAL_AGE, SweepRefused

_AT_ONCE = 1000


@dataclasses.dataclass(frozen=True)
class SweptFiles:
    """Files old enough to be looked at, and how many were removed."""

    looked_at: int
    removed: int


def sweep_files(folder: SealedFolder, owner: psycopg.Connection[Any], *, older_than: float = USUAL_AGE) -> SweptFiles:
    """Remove the files written more than `older_than` seconds ago that no row knows of. `owner` is the database owner's connection.

    Raises `SweepRefused`, also when the database knows none of the files: another one, or an empty one, has no say.
    """
    if older_than < SHORTEST_AGE:
        raise SweepRefused(
            f"Filer skal være mindst {SHORTEST_AGE / 3600:.0f} timer gamle.",
            f"Files must be at least {SHORTEST_AGE / 3600:.0f} hours old.",
        )
    until = time.time() - older_than
    every = dict(folder.contents())
    if every and not _known(owner, every):
        raise SweepRefused("Databasen kender ingen af filerne.", "The database knows none of the files.")
    old = {content: path for content, path in every.items() if path.stat().st_mtime < until}
    unknown = old.keys() - _known(owner, old)
    left = [path for path in folder.incoming.glob("*") if path.stat().st_mtime < until]
    for path in [*(old[content] for content in unknown), *left]:
        path.unlink()
    return SweptFiles(len(old) + len(left), len(unknown) + len(left))


def known_contents(owner: psycopg.Connection[Any]) -> set[uuid.UUID]:
    """Every content that a row names; none in a database from before there were any."""
    if owner.execute("SELECT to_regclass('public.cases_document')").fetchone() == (None,):
        return set()
    return {content for (content,) in owner.execute("SELECT DISTINCT content FROM public.cases_document")}


def _known(owner: psycopg.Connection[Any], contents: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    asked, found = list(contents), set()
    for start in range(0, len(asked), _AT_ONCE):
        rows = owner.execute(
            "SELECT DISTINCT content FROM public.cases_document WHERE content = ANY (%s)", [asked[start : start + _AT_ONCE]]
        )
        found |= {content for (content,) in rows}
    return found
