"""The embedded PostgreSQL: one cluster in one folder, started and stopped by Forebyg, reachable by a local socket only.

The folder holds `forebyg-cluster.json` (whose it is), `data/` (the cluster, of the server's account), `conf/` (written anew at
every start), `run/` (the socket), `lock` (held by every process of the server, so it tells truly whether one lives) and
`server.log`.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

import psycopg
from psycopg.conninfo import make_conninfo

from forebyg.store import embedded_launch
from forebyg.store.embedded_account import Account, own_account, server_account
from forebyg.store.embedded_binaries import programs_for
from forebyg.store.embedded_configuration import write_configuration
from forebyg.store.embedded_failure import failure_of_folder, failure_of_making, failure_of_start
from forebyg.store.embedded_folder import (
    check_folder,
    forget_dead_server,
    make_folder,
    mark_folder,
    nearest_existing,
    take_lock,
)
from forebyg.store.unavailable import (
    ServerAccountUnusable,
    ServerFailed,
    SocketPathTooLong,
    StoreUnavailable,
)

FALLBACK = Path("/var/lib/forebyg")
PORT = 5432
SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103  # bytes; sun_path less its closing zero
LARGEST_LOG = 10_000_000  # bytes; an older log than this is set aside at the next start

_POLL = 0.005  # seconds
_TO_START = 60.0  # seconds; recovery after a crash counts in
_TO_STOP_FAST = 20.0  # seconds
_TO_STOP_AT_ONCE = 10.0  # seconds


class ConnectionParameters(TypedDict):
    """What `psycopg.connect` takes to sign in by the socket."""

    host: str
    port: int
    user: str
    dbname: str


class Embedded:
    """One PostgreSQL cluster in `folder`, made at the first start.

    Run by root, the server runs as an unprivileged account that exists already (`account`, see `server_account`). When that
    account cannot go to `folder`, the cluster lies in /var/lib/forebyg/ instead, and `notice` says so. `fast` gives up safety
    at a crash for speed: for tests only. Start it from the main thread: the server ends when the thread that started it ends.
    """

    def __init__(
        self, folder: Path, *, fast: bool = False, account: str | None = None, socket_folder: Path | None = None
    ) -> None:
        self.asked_folder = folder.absolute()
        self.notice = ""
        self.folder, self._account = self._place(account)
        self._fast = fast
        self._socket_folder = socket_folder.absolute() if socket_folder else None
        self._server: subprocess.Popen[bytes] | None = None
        self._starter = 0
        self._log_began = 0

    @classmethod
    def temporary(cls) -> Self:
        """A fast cluster in a new folder that both we and the server's account can reach. Removed at the end of the process."""
        base = Path(tempfile.gettempdir()).resolve()
        name = Path(tempfile.mktemp(prefix="forebyg-", dir=base))  # noqa: S306 - made below with mkdir, which refuses a taken name
        make_folder(name, 0o711)
        embedded = cls(name, fast=True)
        embedded._starter = os.getpid()
        atexit.register(embedded._remove_at_exit)
        return embedded

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def data(self) -> Path:
        """The PostgreSQL data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log, which holds no statements and no personal data."""
        return self.folder / "server.log"

    @property
    def running(self) -> bool:
        """Whether the server that this object started still runs."""
        return self._server is not None and self._server.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id of the server that this object started."""
        return self._server.pid if self._server is not None and self.running else None

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: `run/` in the folder, or a short path in the temporary folder when that would be too long."""
        if self._socket_folder is not None:
            return self._socket_folder
        own = self.folder / "run"
        if _socket_path_fits(own):
            return own
        key = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"forebyg-{self._account.uid}-{key}"

    def connection_parameters(self, role: str, database: str) -> ConnectionParameters:
        """How to sign in as `role` (one of `roles.ROLES` or postgres); the operating system vouches for our account."""
        return {"host": str(self.socket_folder), "port": PORT, "user": role, "dbname": database}

    def dsn(self, role: str, database: str) -> str:
        """The same as a connection string of libpq."""
        return make_conninfo("", **self.connection_parameters(role, database))

    def start(self) -> None:
        """Make the cluster if it is not there, start the server and return when it answers. Does nothing when it runs already.

        Raises `StoreUnavailable`, or a subclass of it: `AlreadyRunning`, `FolderNotOurs`, `OtherMajorVersion`,
        `SocketPathTooLong`, `ServerAccountUnusable`, `DiskFull`, `NoRights`, `ServerFailed`.
        """
        if self.running:
            return
        try:
            self._start()
        except OSError as error:
            raise failure_of_folder(self.folder, error) from error

    def _start(self) -> None:
        if not _socket_path_fits(self.socket_folder):
            raise SocketPathTooLong(
                f"Stien til databasens socket i {self.socket_folder} er længere end {SOCKET_PATH_LIMIT} byte. "
                "Vælg en kortere mappe.",
                f"The path of the socket is longer than {SOCKET_PATH_LIMIT} bytes. Choose a shorter folder.",
            )
        check_folder(self.folder)
        programs = programs_for(self._account)
        mark_folder(self.folder)
        lock = take_lock(self.folder)
        try:
            self._initialise(programs)
            forget_dead_server(self.data)
            self._prepare_socket_folder()
            configuration = write_configuration(
                self.folder / "conf",
                data=self.data,
                socket_folder=self.socket_folder,
                accounts=(own_account(), self._account),
                fast=self._fast,
            )
            self._launch([str(programs / "postgres"), "-D", str(self.data), "-c", f"config_file={configuration}"], lock)
        finally:
            os.close(lock)
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server that this object started: connections are ended and all is written; waits for it. May be repeated."""
        atexit.unregister(self._stop_at_exit)
        server, self._server = self._server, None
        if server is None:
            return
        for signal_number, patience in (
            (signal.SIGINT, _TO_STOP_FAST),
            (signal.SIGQUIT, _TO_STOP_AT_ONCE),
            (signal.SIGKILL, None),
        ):
            if server.poll() is None:
                server.send_signal(signal_number)
                try:
                    server.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
            return

    def remove(self) -> None:
        """Stop the server and delete the cluster with all that is in it. Refuses a folder that is not ours or is in use."""
        self.stop()
        atexit.unregister(self._remove_at_exit)
        if not self.folder.exists():
            return
        check_folder(self.folder)
        os.close(take_lock(self.folder))
        if not self.socket_folder.is_relative_to(self.folder) and self._socket_folder is None:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        shutil.rmtree(self.folder)

    def _place(self, wanted: str | None) -> tuple[Path, Account]:
        """The folder to use and the account that the server runs as there."""
        account = server_account(wanted, owner_of=self.asked_folder / "data")
        if account.is_us or account.can_reach(nearest_existing(self.asked_folder) / "data"):
            return self.asked_folder, account
        key = hashlib.sha256(os.fsencode(self.asked_folder)).hexdigest()[:8]
        folder = FALLBACK / f"{self.asked_folder.name}-{key}"
        account = server_account(wanted, owner_of=folder / "data")
        if not account.can_reach(nearest_existing(folder) / "data"):
            raise ServerAccountUnusable(
                f"Kontoen {account.name}, som databasen kører som, kan hverken nå {self.asked_folder} eller {folder}. "
                "Vælg en mappe, hvis overmapper den må gå igennem.",
                f"The account {account.name} can reach neither folder. Choose one whose parent folders it may pass through.",
            )
        self.notice = (
            f"Kontoen {account.name} kan ikke nå {self.asked_folder}; databasen ligger i {folder}. / "
            f"The account {account.name} cannot reach the folder; the database lies in {folder}."
        )
        return folder, account

    def _initialise(self, programs: Path) -> None:
        """Make the cluster beside its place and rename it there, so that no half cluster is ever used."""
        if self.data.exists():
            return
        half = self.folder / "data.new"
        if half.exists():
            shutil.rmtree(half)
        half.mkdir(mode=0o700)
        self._give_to_server(half)
        command = [str(programs / "initdb"), "-D", str(half), "-U", "postgres", "--encoding=UTF8", "--locale=C"]
        command += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--auth-local=peer",
            "--auth-host=reject",
        ]
        if self._fast:
            command.append("--no-sync")
        made = subprocess.run(  # noqa: S603
            self._as_server(command, end_with_us=False),
            cwd=self.folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            raise failure_of_making(self.folder, made.stderr)
        half.rename(self.data)

    def _prepare_socket_folder(self) -> None:
        folder = self.socket_folder
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self._give_to_server(folder)
            folder.chmod(0o770 if not self._account.is_us else 0o700)
        if self._socket_folder is None and folder.lstat().st_uid != self._account.uid:
            raise StoreUnavailable(
                f"{folder} tilhører en anden end {self._account.name}. Fjern mappen, eller vælg en anden.",
                f"The folder belongs to somebody else than {self._account.name}. Remove it, or choose another.",
            )

    def _give_to_server(self, folder: Path) -> None:
        if not self._account.is_us:
            os.chown(folder, self._account.uid, os.getegid(), follow_symlinks=False)

    def _as_server(self, command: list[str], *, end_with_us: bool) -> list[str]:
        drop = [str(self._account.uid), str(self._account.gid), str(os.getpid() if end_with_us else 0)]
        return [sys.executable, "-I", "-S", embedded_launch.__file__, *drop, *command]

    def _launch(self, command: list[str], lock: int) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            self._log_began = os.fstat(log).st_size
            self._server = subprocess.Popen(  # noqa: S603
                self._as_server(command, end_with_us=True),
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
            )
        finally:
            os.close(log)
        self._starter = os.getpid()
        atexit.register(self._stop_at_exit)

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + _TO_START
        while self.running:
            try:
                psycopg.connect(self.dsn("postgres", "postgres"), connect_timeout=10).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise ServerFailed(
                        f"Databasen svarede ikke inden for {_TO_START:.0f} sekunder. Se {self.log}.",
                        "The database did not answer in time. See its log.",
                    ) from None
                time.sleep(_POLL)
        with self.log.open("rb") as log:
            log.seek(self._log_began)
            said = log.read().decode(errors="replace")
        raise failure_of_start(self.folder, self.log, said)

    def _stop_at_exit(self) -> None:
        if os.getpid() == self._starter:  # a forked child shares the object but not the server
            self.stop()

    def _remove_at_exit(self) -> None:
        if os.getpid() == self._starter:
            self.remove()


def _socket_path_fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT


def _environment() -> dict[str, str]:
    """Nothing of ours (no secret of Forebyg) goes to the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
