"""Whether migrations or static files changed since last time, told from the files alone: no Django, no database, 5 ms."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
_WITH_MIGRATIONS = ("django", "django-allauth", "procrastinate")
_WITH_STATIC_FILES = ("django", "django-allauth", "whitenoise")


def of_migrations() -> str:
    """Changes when a migration of ours or the version of a package that brings migrations does."""
    files = ((str(file.relative_to(SOURCE)), file.read_bytes()) for file in sorted(SOURCE.glob("*/migrations/*.py")))
    return _digest(_WITH_MIGRATIONS, files)


def of_static_files() -> str:
    """Changes when a static file does, by size and time of change."""
    files = (file for file in sorted(SOURCE.glob("*/static/**/*")) if file.is_file())
    return _digest(
        _WITH_STATIC_FILES,
        ((str(file.relative_to(SOURCE)), f"{(status := file.stat()).st_size} {status.st_mtime_ns}".encode()) for file in files),
    )


def _digest(packages: Iterable[str], files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for package in packages:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for name, content in files:
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()
