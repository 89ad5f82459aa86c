"""The web process: granian serves Django by WSGI."""

from __future__ import annotations

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

THREADS = 8  # a process; each may hold one database connection
SECONDS_TO_FINISH = 10
LOGGING = {
    "formatters": {"line": {"()": "forebyg.config.log_lines.LineWithoutContent"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
}
"""The server's own lines are written like ours: of an exception that gets past Django it would print the text."""


def serve(*, host: str, port: int, processes: int) -> None:
    """Serve until SIGTERM or SIGINT. There is no access log: addresses may name a matter (UI rule 12)."""
    Server(
        "forebyg.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        log_access=False,
    ).serve()
