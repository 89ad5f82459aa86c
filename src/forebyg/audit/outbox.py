"""Heads for the agencies: each gets them in a folder of its own, to keep where we can't reach (docs/ledger.md)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path

from forebyg.audit.proof_files import HeadFile
from forebyg.store.whole_files import make_once, replace

NEWEST = "newest.json"


def heads_folder(data_folder: Path, agency_id: uuid.UUID) -> Path:
    """Where an agency's heads lie."""
    return data_folder / "outbox" / str(agency_id) / "heads"


def put_head(head: HeadFile, *, data_folder: Path, agency_ids: Iterable[uuid.UUID]) -> None:
    """Put a head into each agency's folder as the newest, and keep the first of each hour under the hour's name."""
    content = (head.model_dump_json(indent=2) + "\n").encode()
    for agency_id in agency_ids:
        folder = heads_folder(data_folder, agency_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        of_the_hour = folder / f"{head.at[:13]}Z.json"  # 2026-11-23T10Z.json
        if not of_the_hour.exists():
            make_once(of_the_hour, content, mode=0o644)
        replace(folder / NEWEST, content, mode=0o644)
