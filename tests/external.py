"""A PostgreSQL that Forebyg did not bring: programs of the operating system, a cluster in a temporary folder, as a server of
one's own would be. No service is started and nothing outside the folder is touched."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from forebyg.store import embedded_launch
from forebyg.store.embedded_account import server_account
from forebyg.store.embedded_binaries import programs_for

PROGRAMS_VARIABLE = "FOREBYG_TEST_POSTGRESQL"
SUPERUSER_PASSWORD = "kun-til-proever"
_TO_START = 30.0  # seconds
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}


class External:
    """One fast cluster made by `programs` (the folder with initdb and postgres). It ends with this process.

    By socket whoever can reach the folder is let in, which is the server's account and root. `by_network` lets it also
    listen on a free port of 127.0.0.1, where each role needs its password (scram-sha-256).
    """

    def __init__(self, programs: Path, *, by_network: bool = False) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="forebyg-external-"))
        self._account = server_account(None, owner_of=self._folder / "data")
        os.chown(self._folder, self._account.uid, self._account.gid)
        self.port = _free_port() if by_network else 5432
        self._by_network = by_network
        self._server: subprocess.Popen[bytes] | None = None
        atexit.register(self.remove)

    @classmethod
    def of_the_wheel(cls) -> External:
        """A server by network with the programs that Forebyg brings."""
        account = server_account(None, owner_of=Path("/nonexistent"))
        return cls(programs_for(account), by_network=True)

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies."""
        return self._folder

    def start(self, **settings: str) -> None:
        """Make the cluster and start it with `settings` besides; returns when it answers."""
        data, password = self._folder / "data", self._folder / "password"
        password.write_text(SUPERUSER_PASSWORD + "\n")
        os.chown(password, self._account.uid, self._account.gid)
        made = [f"--pgdata={data}", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        made += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}"]
        subprocess.run(self._as_server("initdb", *made), check=True, capture_output=True, cwd=self._folder)
        given = _FAST | settings | {"port": str(self.port), "unix_socket_directories": str(self._folder)}
        given["listen_addresses"] = "127.0.0.1" if self._by_network else ""
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "server.log").open("wb") as log:
            command = self._as_server("postgres", "-D", str(data), *options)
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, start_new_session=True)
        self._wait_until_it_answers()

    def remove(self) -> None:
        """Stop the server and delete its folder. May be repeated."""
        atexit.unregister(self.remove)
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(_TO_START)
            self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _as_server(self, program: str, *arguments: str) -> list[str]:
        drop = [str(self._account.uid), str(self._account.gid), str(os.getpid())]
        return [sys.executable, "-I", "-S", embedded_launch.__file__, *drop, str(self._programs / program), *arguments]

    def _wait_until_it_answers(self) -> None:
        assert self._server is not None
        until = time.monotonic() + _TO_START
        while self._server.poll() is None and time.monotonic() < until:
            try:
                psycopg.connect(host=str(self._folder), port=self.port, user="postgres", dbname="postgres").close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise SystemExit(f"{self._programs}: the server did not start.\n{(self._folder / 'server.log').read_text()[-2000:]}")


def programs_of_this_run() -> Path | None:
    """The folder of programs that the run was told to use, or None for the embedded ones."""
    named = os.environ.get(PROGRAMS_VARIABLE)
    return Path(named) if named else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
