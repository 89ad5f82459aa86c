"""The folder of an embedded cluster: whose it is, who holds it, and what a crash left in it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path

from forebyg.store.embedded_binaries import major_version
from forebyg.store.unavailable import AlreadyRunning, FolderNotOurs, OtherMajorVersion

FORMAT = 1
MARKER = "forebyg-cluster.json"

_HALF_MARKER = f".{MARKER}"
_POLL = 0.005  # seconds
_FOR_A_DYING_SERVER = 10.0  # seconds
_FOR_A_SIGNAL_TO_ARRIVE = 0.3  # seconds


def make_folder(folder: Path, mode: int) -> None:
    """Make `folder` with `mode`, whatever the umask is, and its missing parents so that others may pass.

    Changes no folder that exists.
    """
    if not folder.parent.exists():
        make_folder(folder.parent, 0o755)
    folder.mkdir(mode=0o700)
    folder.chmod(mode)


def nearest_existing(folder: Path) -> Path:
    """The folder itself or the nearest of its parents that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder


def check_folder(folder: Path) -> None:
    """Refuse what is not ours or was made by another version. Raises `FolderNotOurs` or `OtherMajorVersion`."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderNotOurs(f"{folder} er ikke en mappe. Vælg en anden.", "It is not a folder. Choose another.")
    marker = folder / MARKER
    if not marker.exists():
        if any(path.name != _HALF_MARKER for path in folder.iterdir()):
            raise FolderNotOurs(
                f"{folder} indeholder andet end en database til Forebyg. Vælg en tom eller ny mappe.",
                "It holds something that is not a database of Forebyg. Choose an empty or a new folder.",
            )
        return
    try:
        format_there = json.loads(marker.read_text())["format"]
    except (ValueError, KeyError, TypeError):
        raise FolderNotOurs(
            f"{marker} kan ikke læses. Hent den fra en sikkerhedskopi, eller vælg en anden mappe.",
            "It cannot be read. Restore it from a backup, or choose another folder.",
        ) from None
    if format_there != FORMAT:
        raise FolderNotOurs(
            f"{folder} har format {format_there}, og denne version af Forebyg kender {FORMAT}. "
            "Brug den version, der lavede mappen.",
            "This version of Forebyg does not know the folder's format. Use the version that made it.",
        )
    version = folder / "data" / "PG_VERSION"
    if version.exists() and (there := version.read_text().strip()) != str(major_version()):
        raise OtherMajorVersion(
            f"{folder} er lavet af PostgreSQL {there}, og dette er {major_version()}. "
            "Dump databasen med den gamle version, og genskab den i en ny mappe.",
            f"It was made by PostgreSQL {there}. Dump it with that version and restore it into a new folder.",
        )


def mark_folder(folder: Path) -> None:
    """Make the folder if it is missing, and mark it as ours."""
    if not folder.exists():
        make_folder(folder, 0o711)
    if not (folder / MARKER).exists():
        half = folder / _HALF_MARKER
        half.write_text(json.dumps({"format": FORMAT, "postgresql": major_version()}) + "\n")
        half.rename(folder / MARKER)


def take_lock(folder: Path) -> int:
    """Take the lock that every process of a live server holds; a file descriptor. Waits for a server on its way out.

    Raises `AlreadyRunning`.
    """
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            pid, ending = _server_of_record(folder / "data")
            if time.monotonic() - began > (_FOR_A_DYING_SERVER if ending else _FOR_A_SIGNAL_TO_ARRIVE):
                os.close(lock)
                raise AlreadyRunning(
                    f"Et andet Forebyg bruger {folder}{f' (dets server er proces {pid})' if pid else ''}. "
                    "Stop det først, eller vælg en anden mappe.",
                    "Another Forebyg uses the folder. Stop it first, or choose another folder.",
                ) from None
            time.sleep(_POLL)


def forget_dead_server(data: Path) -> None:
    """Remove a `postmaster.pid` whose number now belongs to another program, as happens in a container after a crash.

    Raises `AlreadyRunning` for a PostgreSQL that somebody else started on `data`.
    """
    pid, ended = _server_of_record(data)
    if pid is None or ended:
        return
    try:
        working_folder = Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return  # not Linux, or not ours to see: PostgreSQL itself decides
    if working_folder == data.resolve():
        raise AlreadyRunning(
            f"En PostgreSQL, som Forebyg ikke startede (proces {pid}), bruger {data}. Stop den først.",
            "A PostgreSQL that Forebyg did not start uses the folder. Stop it first.",
        )
    (data / "postmaster.pid").unlink()


def _server_of_record(data: Path) -> tuple[int | None, bool]:
    """The server's process id by `postmaster.pid`, and whether it has ended or is ending."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None, False
    return pid, not _alive(pid) or (len(lines) > 7 and lines[7].strip() == "stopping")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
