"""Why the database cannot be started or prepared. Each sentence is for the operator and says what to do.

An operator may meet them before Django is set up, so they are not translated but said in Danish and in English.
"""

from __future__ import annotations

import datetime

from forebyg.core.errors import ForebygError


class StoreUnavailable(ForebygError):
    """The database cannot be used as things stand; nothing was changed."""

    code = "store-unavailable"

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(f"{danish} / {english}")


class AlreadyRunning(StoreUnavailable):
    """Another live server has this folder."""

    code = "store-already-running"


class FolderNotOurs(StoreUnavailable):
    """The folder holds something else, or a cluster of a format that this version does not know."""

    code = "store-folder-not-ours"


class OtherMajorVersion(StoreUnavailable):
    """The folder was made by another major version of PostgreSQL."""

    code = "store-other-major-version"


class SocketPathTooLong(StoreUnavailable):
    """The operating system cannot bind a socket with so long a path."""

    code = "store-socket-path-too-long"


class ServerAccountUnusable(StoreUnavailable):
    """There is no unprivileged account that the server may run as, or it cannot reach what it needs."""

    code = "store-server-account"


class ServerFailed(StoreUnavailable):
    """The server was started but ended, or did not answer in time."""

    code = "store-server-failed"


class DiskFull(StoreUnavailable):
    """There is no room left where the database lies."""

    code = "store-disk-full"


class NoRights(StoreUnavailable):
    """Our account may not write where the database lies."""

    code = "store-no-rights"


class ClockSetBack(StoreUnavailable):
    """The server's clock shows an earlier time than what is written already."""

    code = "store-clock-set-back"

    def __init__(self, *, shown: datetime.datetime, written: datetime.datetime) -> None:
        super().__init__(
            f"Databaseserverens ur viser {_moment(shown)}, men hændelsesloggen er skrevet {_moment(written)}. "
            "Stil uret (timedatectl), og start igen; går det rigtigt nu, så vent til det sidste tidspunkt.",
            "The database server's clock is behind what the ledger already holds. Set the clock right and start again; "
            "if it is right now, wait until the later time.",
        )


class RolesMissing(StoreUnavailable):
    """The database login may not make the roles that Forebyg needs; the sentence holds the SQL for an administrator."""

    code = "store-roles-missing"


class RoleTooPowerful(StoreUnavailable):
    """A role of Forebyg holds a power that would bypass row-level security."""

    code = "store-role-too-powerful"


def _moment(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%d.%m.%Y kl. %H.%M.%S} UTC"
