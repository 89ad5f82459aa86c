"""What lies in an agency's outbox: the newest head, and the first of each hour."""

from __future__ import annotations

import stat
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forebyg.audit.heads import sign
from forebyg.audit.outbox import NEWEST, heads_folder, put_head
from forebyg.audit.proof_files import HeadFile, read_head

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AGENCIES = [uuid.UUID(int=1), uuid.UUID(int=2)]


def _head(size: int, at: str) -> HeadFile:
    return HeadFile.of(sign(size, bytes(32), at=at, installation=str(uuid.UUID(int=9)), key=KEY), KEY.public_key())


def test_each_agency_gets_the_newest_head_and_the_first_of_each_hour(tmp_path: Path) -> None:
    heads = [
        _head(size, f"2026-11-23T{time}")
        for size, time in ((3, "09:59:58.5"), (5, "10:00:01"), (8, "10:30:00"), (9, "11:00:00"), (12, "11:59:59"))
    ]
    for head in heads:
        put_head(head, data_folder=tmp_path, agency_ids=AGENCIES)
    for agency in AGENCIES:
        folder = heads_folder(tmp_path, agency)
        kept = {path.name: read_head(path).size for path in folder.iterdir()}
        assert kept == {"2026-11-23T09Z.json": 3, "2026-11-23T10Z.json": 5, "2026-11-23T11Z.json": 9, NEWEST: 12}
        assert read_head(folder / NEWEST) == heads[-1]
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o644 for path in folder.iterdir())
    assert heads_folder(tmp_path, AGENCIES[0]) == tmp_path / "outbox" / str(AGENCIES[0]) / "heads"
