"""What the operator is told when the folder cannot be written or a program of PostgreSQL gave up."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from forebyg.store.unavailable import DiskFull, NoRights, ServerFailed, StoreUnavailable

_FULL = os.strerror(errno.ENOSPC)


def failure_of_folder(folder: Path, error: OSError) -> StoreUnavailable:
    """For what the operating system refused us."""
    where = error.filename or folder
    if error.errno == errno.ENOSPC:
        return _disk_full(folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NoRights(
            f"Kontoen, Forebyg kører som, må ikke skrive i {where}. Giv den ret til det, eller vælg en anden mappe.",
            "The account that Forebyg runs as may not write there. Let it, or choose another folder.",
        )
    return StoreUnavailable(
        f"{where} kan ikke bruges: {error.strerror}. Ret det, eller vælg en anden mappe.",
        "The folder cannot be used, for the reason before. Mend it, or choose another folder.",
    )


def failure_of_making(folder: Path, said: str) -> StoreUnavailable:
    """For what initdb `said`."""
    if _FULL in said:
        return _disk_full(folder)
    last_line = (said.strip().splitlines() or ["no message"])[-1]
    return ServerFailed(
        f"Databasen kan ikke oprettes i {folder}: {last_line}.", "The database cannot be made: see the reason before."
    )


def failure_of_start(folder: Path, log: Path, said: str) -> StoreUnavailable:
    """For a server that ended; `said` is what it wrote to its `log` since this start."""
    if _FULL in said:
        return _disk_full(folder)
    fatal = [line for line in said.splitlines() if "FATAL:" in line or "cannot" in line]
    reason = fatal[-1].strip() if fatal else "?"
    return ServerFailed(
        f"Databasen startede ikke: {reason} Se {log}.", "The database did not start: see the reason before, and its log."
    )


def _disk_full(folder: Path) -> DiskFull:
    return DiskFull(
        f"Disken med {folder} er fuld. Gør plads på den, og start igen; intet af det, der er gemt, er gået tabt.",
        "The disk with the folder is full. Make room on it and start again; nothing that was saved is lost.",
    )
