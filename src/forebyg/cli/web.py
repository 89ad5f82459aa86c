"""The web process: granian serves Django by WSGI."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

THREADS = 8  # a process; each may hold one database connection
SECONDS_TO_FINISH = 10
_ASK_AGAIN = 1.0  # seconds
_LISTEN = "0A"  # linux/tcp_states.h
LOGGING = {
    "formatters": {"line": {"()": "forebyg.config.log_lines.LineWithoutContent"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
}
"""The server's own lines are written like ours: of an exception that gets past Django it would print the text."""


class StoppingServer(MPServer):
    """A worker process that is answering now and then misses the one SIGTERM that granian 2.8 sends it: it goes on taking requests
    until it is killed in the middle of some. So one that still listens is asked again. To ask one that is already finishing
    would cut its requests off."""

    def signal_handler_interrupt(self, *arguments: Any, **named: Any) -> None:
        """Begin to stop."""
        super().signal_handler_interrupt(*arguments, **named)  # type: ignore[no-untyped-call]
        threading.Thread(target=self._ask_again, daemon=True).start()

    def _ask_again(self) -> None:
        while self.wrks:
            time.sleep(_ASK_AGAIN)
            for worker in list(self.wrks):
                if _listens(worker.inner.pid):
                    worker.terminate()  # type: ignore[no-untyped-call]


def _listens(pid: int) -> bool:
    """Whether a process has a listening TCP socket, by Linux's /proc; elsewhere it is taken to have none."""
    try:
        tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
        listening = {f"socket:[{row.split()[9]}]" for table in tables for row in table if row.split()[3] == _LISTEN}
        return any(str(descriptor.readlink()) in listening for descriptor in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def serve(*, host: str, port: int, processes: int) -> None:
    """Serve until SIGTERM or SIGINT. There is no access log: addresses may name a matter (UI rule 12)."""
    StoppingServer(
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
