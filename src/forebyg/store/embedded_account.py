"""The account that the embedded server runs as, and what that account can reach.

PostgreSQL refuses to run as root, so a root launcher hands the server to an account that already exists. No account is ever
made, and no mode of a folder that we did not make is ever changed.
"""

from __future__ import annotations

import dataclasses
import os
import pwd
import stat
from pathlib import Path

from forebyg.store.unavailable import ServerAccountUnusable

ACCOUNTS_TO_TRY = ("forebyg", "nobody")
ACCOUNT_VARIABLE = "FOREBYG_SERVER_ACCOUNT"


@dataclasses.dataclass(frozen=True)
class Account:
    """An account of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether this process already runs as the account."""
        return self.uid == os.geteuid()

    def can(self, path: Path, permission: int) -> bool:
        """Whether the mode bits let the account use `path`: `permission` is any of os.R_OK, os.W_OK and os.X_OK together."""
        try:
            status = path.stat()
        except OSError:
            return False
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return (status.st_mode >> shift) & permission == permission

    def can_reach(self, path: Path) -> bool:
        """Whether the account can go through every folder down to `path`."""
        return all(self.can(folder, os.X_OK) for folder in path.resolve().parents)


def own_account() -> Account:
    """The account of this process. Raises `ServerAccountUnusable` when the system does not know it by a name."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ServerAccountUnusable(
            f"Processen kører som bruger-id {uid}, der ikke har noget navn her, og det kræver PostgreSQL. "
            "Kør Forebyg som en konto, der står i /etc/passwd.",
            "PostgreSQL needs the user id to have a name. Run Forebyg as an account that stands in /etc/passwd.",
        ) from None
    return Account(entry.pw_name, uid, os.getegid())


def server_account(wanted: str | None, *, owner_of: Path) -> Account:
    """The account that the server shall run as: our own, or for root an unprivileged one.

    For root the owner of an existing data folder (`owner_of`) comes first, then `wanted`, then the environment variable
    FOREBYG_SERVER_ACCOUNT, then those of `ACCOUNTS_TO_TRY`. Raises `ServerAccountUnusable`.
    """
    if os.geteuid() != 0:
        account = own_account()
        if owner_of.exists() and owner_of.stat().st_uid != account.uid:
            raise ServerAccountUnusable(
                f"{owner_of} tilhører bruger-id {owner_of.stat().st_uid}. "
                "Start Forebyg som den konto (eller som root), eller vælg en anden mappe.",
                "The folder belongs to another account. Start Forebyg as that account (or as root), or choose another folder.",
            )
        return account
    name = wanted or os.environ.get(ACCOUNT_VARIABLE)
    if owner_of.exists():
        status = owner_of.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid == 0:
            raise ServerAccountUnusable(
                f"{owner_of} tilhører root, og PostgreSQL kører ikke som root. Giv mappen til den konto, der skal køre den.",
                "The folder belongs to root, and PostgreSQL does not run as root. Give it to the account that shall run it.",
            )
        return Account(_name_of(status.st_uid), status.st_uid, status.st_gid)
    for candidate in (name,) if name else ACCOUNTS_TO_TRY:
        try:
            entry = pwd.getpwnam(candidate)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ServerAccountUnusable(
        f"Der er ingen almindelig konto ved navn {name or ' eller '.join(ACCOUNTS_TO_TRY)}. "
        f"Sæt {ACCOUNT_VARIABLE} til en konto, der findes og ikke er root, eller start Forebyg som en sådan.",
        f"There is no such unprivileged account. Set {ACCOUNT_VARIABLE} to one that exists, or start Forebyg as one.",
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServerAccountUnusable(
            f"Datamappen tilhører bruger-id {uid}, der ikke har noget navn her. Giv mappen til en konto, der har et.",
            f"The data folder belongs to user id {uid}, which has no name. Give it to an account that has one.",
        ) from None
