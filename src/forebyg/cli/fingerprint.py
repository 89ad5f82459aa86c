"""Whether migrations, static files or the program changed since last time, told from the files alone: no Django, no database, 5 ms."""

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
    return _digest(_WITH_STATIC_FILES, _by_size_and_time(SOURCE.glob("*/static/**/*")))


def of_program() -> str:
    """Changes when any file of the program does, by size and time of change, or the version of a package that brings migrations."""
    return _digest(_WITH_MIGRATIONS, _by_size_and_time(file for kind in ("py", "yaml") for file in SOURCE.rglob(f"*.{kind}")))


def _by_size_and_time(files: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    for file in sorted(files):
        if file.is_file():
            status = file.stat()
            yield str(file.relative_to(SOURCE)), f"{status.st_size} {status.st_mtime_ns}".encode()


def _digest(packages: Iterable[str], files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for package in packages:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for name, content in files:
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()
