"""The settings of the embedded PostgreSQL, written anew at each start.

They lie outside the data folder, in a folder of ours: root never writes where the server's account could have planted a link.
An administrator's own settings go through ALTER SYSTEM and are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from forebyg.store.embedded_account import Account
from forebyg.store.roles import ROLES

_MAP = "forebyg"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0770",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # No personal data in the log: an error's text may quote a value, its detail may quote a row, a statement holds both.
    "log_min_messages": "log",  # LOG, FATAL and PANIC, neither ERROR nor WARNING
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] ",
}
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "10min",
}


def write_configuration(folder: Path, *, data: Path, socket_folder: Path, accounts: Iterable[Account], fast: bool) -> Path:
    """Write postgresql.conf, pg_hba.conf and pg_ident.conf to `folder` and return the first.

    Each of `accounts` (of the operating system) may sign in as postgres and as each role of Forebyg; nobody else may, and
    nobody by network.
    """
    if not folder.exists():
        folder.mkdir(mode=0o700)
        folder.chmod(0o755)
    own = {
        "hba_file": str(folder / "pg_hba.conf"),
        "ident_file": str(folder / "pg_ident.conf"),
        "unix_socket_directories": f'"{socket_folder}"',
    }
    settings = _SETTINGS | (_FAST if fast else {}) | own | {"data_directory": str(data)}
    main = "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())
    identities = "".join(
        f'{_MAP} "{name}" {role}\n' for name in sorted({account.name for account in accounts}) for role in ("postgres", *ROLES)
    )
    for name, text in (
        ("pg_hba.conf", f"local all all peer map={_MAP}\n"),
        ("pg_ident.conf", identities),
        ("postgresql.conf", main),
    ):
        half = folder / f".{name}"
        half.write_text(text)
        half.chmod(0o644)
        half.rename(folder / name)
    return folder / "postgresql.conf"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
