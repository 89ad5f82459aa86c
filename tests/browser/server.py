"""The real web process, as `forebyg serve` runs it, on a database of the test server and on a free port."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HOST = "127.0.0.1"
_SECONDS_TO_START = 30.0
_SECONDS_TO_STOP = 15.0


class WebDidNotStartError(Exception):
    """The web process ended or did not answer in time; holds the end of its log."""


@contextlib.contextmanager
def serving(database: str, *, second_factor: str = "skipped") -> Iterator[str]:
    """Serve a database as the role forebyg_web; yields the address of the site. Raises `WebDidNotStartError`."""
    collect_static_files()
    port = _free_port()
    log = _data_folder() / f"web-{port}.log"
    with log.open("wb") as sink:
        web = subprocess.Popen(
            [sys.executable, "-m", "forebyg.cli", "serve", "--host", HOST, "--port", str(port)],
            env=_environment(database, port) | {"FOREBYG_SECOND_FACTOR": second_factor},
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(web, port, log)
        yield f"http://{HOST}:{port}"
    finally:
        _stop(web)


def collect_static_files() -> None:
    """Collect the built styles and scripts once for the run, whichever process comes first."""
    lock = _data_folder() / "static.lock"
    done = _data_folder() / "static.done"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if done.exists():
            return
        collect = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, env=_environment("nothing-is-asked", 8000), check=True)
        done.touch()


def _data_folder() -> Path:
    return Path(os.environ["FOREBYG_DATA_FOLDER"])


def _environment(database: str, port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FOREBYG_", "PYTEST_", "DJANGO_"))}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "forebyg.config.settings",
        "FOREBYG_DEMO": "true",
        "FOREBYG_DATABASE_ROLE": "web",
        "FOREBYG_DATABASE_HOST": os.environ["FOREBYG_DATABASE_HOST"],
        "FOREBYG_DATABASE_NAME": database,
        "FOREBYG_DATA_FOLDER": os.environ["FOREBYG_DATA_FOLDER"],
        "FOREBYG_PORT": str(port),
        "FOREBYG_SECRET_KEY": secrets.token_urlsafe(40),
        "PYTHONPATH": "src",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(web: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if web.poll() is not None:
            break
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/konto/log-paa/")
            if connection.getresponse().status == 200:
                connection.close()
                return
        time.sleep(0.1)
    raise WebDidNotStartError(log.read_text(errors="replace")[-4000:])


def _stop(web: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(web.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            web.wait(_SECONDS_TO_STOP)
            return
