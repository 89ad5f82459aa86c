"""The environment of each process: which role it signs in as, and where database and data folder are."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Literal

from forebyg.store.embedded import Embedded

Role = Literal["web", "worker", "sealer", "owner"]
SETTINGS = "forebyg.config.settings"
DATABASE_FOLDER = "postgres"
_KEPT = (
    "FOREBYG_CLAMAV",
    "FOREBYG_DOCUMENT_LIMIT",
    "FOREBYG_HOSTS",
    "FOREBYG_ORIGINS",
    "FOREBYG_HTTPS",
    "FOREBYG_MASTER_KEY_FILE",
    "FOREBYG_SEAL_KEY_FILE",
    "FOREBYG_SESSION_MINUTES",
    "FOREBYG_BREAK_GLASS_HOURS",
    "FOREBYG_REQUEST_ANSWER_DAYS",
)


def become(role: Role) -> None:
    """Let this process sign in as `role`, at the embedded database of the data folder when nothing else is set.

    Call it before Django's settings are read.
    """
    os.environ["FOREBYG_DATABASE_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if not os.environ.get("FOREBYG_DATABASE_URL") and not os.environ.get("FOREBYG_DATABASE_HOST"):
        os.environ["FOREBYG_DATABASE_HOST"] = str(own_database().socket_folder)


def own_database() -> Embedded:
    """The embedded database of the data folder."""
    return Embedded(Path(os.environ.get("FOREBYG_DATA_FOLDER") or "var/data") / DATABASE_FOLDER)


def demo_environment(*, role: Role, database: Embedded, folder: Path, port: int, secret_key: str) -> dict[str, str]:
    """The environment of a child of the demo. Of the caller's own settings only those for hosts and sessions count."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FOREBYG_") or name in _KEPT}
    inherited.pop("PYTHONPATH", None)
    return inherited | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "FOREBYG_DEMO": "true",
        "FOREBYG_SECOND_FACTOR": os.environ.get("FOREBYG_SECOND_FACTOR", "skipped"),
        "FOREBYG_DATABASE_ROLE": role,
        "FOREBYG_DATABASE_HOST": str(database.socket_folder),
        "FOREBYG_DATABASE_NAME": "forebyg",
        "FOREBYG_DATA_FOLDER": str(folder),
        "FOREBYG_PORT": str(port),
        "FOREBYG_SECRET_KEY": secret_key,
        "PYTHONUNBUFFERED": "1",
    }


def is_loopback(host: str) -> bool:
    """Whether a host name or address reaches nothing but this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
