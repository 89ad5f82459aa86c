"""The folder of a backup: it gets its name when it is whole and on the disk, and says in `backup.json` what it holds."""

from __future__ import annotations

import contextlib
import datetime
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forebyg.core.errors import ForebygError
from forebyg.store.whole_files import sync_folder

MANIFEST = "backup.json"
_UNFINISHED = ".unfinished-"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupFailed(ForebygError):
    """No backup was made; nothing is left that looks like one."""

    code = "backup-failed"

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(f"{danish} / {english}")


class RestoreFailed(ForebygError):
    """The backup could not be brought back; the sentence says what stands now."""

    code = "restore-failed"

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(f"{danish} / {english}")


def own_version() -> str:
    """The version of this program; of a source tree that is not installed, `source`."""
    try:
        return version("forebyg")
    except PackageNotFoundError:
        return "source"


class Manifest(BaseModel):
    """What every backup says of itself. `taken_at` is the moment that it shows; `files` is name → SHA-256."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    kind: str
    taken_at: datetime.datetime
    forebyg: str = Field(default_factory=own_version)
    files: dict[str, str] = {}


AnyManifest = TypeVar("AnyManifest", bound=Manifest)


@contextlib.contextmanager
def unfinished(parent: Path) -> Iterator[Path]:
    """A folder to write a backup in, removed unless `finish` gave it its name. Only one at a time writes to `parent`.

    What an earlier, killed backup left there is removed. Raises `BackupFailed`.
    """
    with said_clearly(parent):
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed(
                f"En anden sikkerhedskopi er ved at blive skrevet til {parent}. Vent, til den er færdig.",
                "Another backup is being written there. Wait until it is done.",
            ) from None
        for left in parent.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        folder = parent / f"{_UNFINISHED}{os.getpid()}"
        try:
            with said_clearly(parent):
                folder.mkdir(mode=0o700)
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def finish(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest, make all durable, and give the folder its name. Returns it."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    whole = manifest.model_copy(update={"files": {path.name: digest(path) for path in files}})
    (folder / MANIFEST).write_text(whole.model_dump_json(indent=1) + "\n")
    for path in folder.iterdir():
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)
    name = folder.with_name(f"forebyg-{manifest.kind}-{manifest.taken_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}")
    if name.exists():
        raise BackupFailed(f"{name} findes allerede. Prøv igen om et sekund.", "It is there already. Try again in a second.")
    folder.rename(name)
    sync_folder(folder.parent)
    return name


def kind_of(folder: Path) -> str:
    """What a backup is of. Raises `RestoreFailed` when the folder is none."""
    try:
        return str(json.loads(_manifest_text(folder))["kind"])
    except (ValueError, KeyError, TypeError):
        raise _unreadable(folder, "kind") from None


def read_manifest(folder: Path, model: type[AnyManifest]) -> AnyManifest:
    """The manifest, after every file was compared to its hash. Raises `RestoreFailed`."""
    try:
        manifest = model.model_validate_json(_manifest_text(folder))
    except ValidationError as error:
        places = (".".join(map(str, problem["loc"])) or "JSON" for problem in error.errors())
        raise _unreadable(folder, ", ".join(places)) from None
    for name, expected in manifest.files.items():
        if not (folder / name).is_file() or digest(folder / name) != expected:
            raise RestoreFailed(
                f"{folder / name} mangler eller er ændret, siden kopien blev lavet. Brug en anden kopi.",
                "It is missing or was changed since the backup was made. Use another backup.",
            )
    return manifest


def _manifest_text(folder: Path) -> str:
    try:
        return (folder / MANIFEST).read_text()
    except OSError:
        raise RestoreFailed(
            f"{folder} er ikke en hel sikkerhedskopi fra Forebyg: {MANIFEST} mangler.",
            "It is not a whole backup of Forebyg: that file is missing.",
        ) from None


def _unreadable(folder: Path, places: str) -> RestoreFailed:
    return RestoreFailed(
        f"{folder / MANIFEST} kan ikke læses ({places}). Er kopien lavet af en nyere version?",
        "It cannot be read at those places. Was the backup made by a newer version?",
    )


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def said_clearly(place: Path) -> Iterator[None]:
    """Turn what the operating system refuses into `BackupFailed`."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise no_room(place) from None
        raise BackupFailed(
            f"{error.filename or place} kan ikke bruges: {error.strerror}.", "It cannot be used, for the reason before."
        ) from None


def no_room(place: Path) -> BackupFailed:
    """The refusal when the disk is full."""
    return BackupFailed(
        f"Der er ikke plads i {place}. Intet er gemt. Ryd op, eller vælg et andet sted.",
        "There is no room there. Nothing was kept. Make room, or choose another place.",
    )
