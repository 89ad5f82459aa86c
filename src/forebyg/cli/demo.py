"""The demo: the whole system on one machine with invented data, in one folder that can be thrown away."""

from __future__ import annotations

import dataclasses
import http.client
import json
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from forebyg.audit.clock import refuse_clock_set_back
from forebyg.cli import fingerprint
from forebyg.cli.beginning import FILLED, Beginning
from forebyg.cli.environment import DATABASE_FOLDER, Role, demo_environment
from forebyg.cli.supervisor import Child, GaveUp, Supervisor
from forebyg.core.errors import ForebygError
from forebyg.store.embedded import Embedded
from forebyg.store.roles import DATABASE, OWNER, ensure_roles_and_database
from forebyg.store.unavailable import DiskFull

HOST = "127.0.0.1"
STATE = "forebyg-demo.json"
_PORTS_TO_TRY = 50
_TO_ANSWER = 30.0  # seconds
_FOR_ROOM = 3.0  # seconds
_MADE_BY_THE_DEMO = (*FILLED, "logs", "outbox")


class DemoFailed(ForebygError):
    """The demo cannot be started; the sentence says what to do."""

    code = "demo-failed"


@dataclasses.dataclass
class State:
    """What the demo remembers between runs."""

    secret_key: str
    migrations: str = ""
    static_files: str = ""
    is_filled: bool = False


class Demo:
    """The demo in `folder`, on `port` or the next free one.

    `tell` gets lines for the operator. `glance` is called often and may raise, to stop whatever is on its way.
    """

    def __init__(
        self, folder: Path, *, port: int = 8000, tell: Callable[[str], None] = print, glance: Callable[[], None] = lambda: None
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._tell = tell
        self._glance = glance
        self._database = Embedded(self.folder / DATABASE_FOLDER)
        self._beginning = Beginning(self.folder)
        self._goes_back = False
        self._state = State(secret_key=secrets.token_urlsafe(50))
        self._database_may_start_at = 0.0
        self._children: list[Child] = []
        self._preparing: Child | None = None
        self._supervisor = Supervisor(self._children, tell=tell)

    @property
    def address(self) -> str:
        """Where the first page is."""
        return f"http://{HOST}:{self.port}/"

    def sign_ins(self) -> dict[str, Any]:
        """`password` of all, and `people` with `name` and `address` of each."""
        loaded: dict[str, Any] = json.loads((self.folder / "sign-ins.json").read_text())
        return loaded

    def log_of(self, name: str) -> Path:
        """The log of a child: web, worker, sealer, prepare or static."""
        return self.folder / "logs" / f"{name}.log"

    def start(self, *, fresh: bool = False) -> None:
        """Start everything and return when the first page answers. Raises `DemoFailed` or `StoreUnavailable`; stop it then."""
        self._open_folder(fresh=fresh)
        collecting = self._start_collecting_static_files()
        self._start_preparing()  # both set themselves up while the database starts
        self._database.start()
        if self._database.notice:
            self._tell(self._database.notice)
        with psycopg.connect(self._database.dsn("postgres", "postgres"), autocommit=True) as server:
            ensure_roles_and_database(server)
            if self._goes_back:
                self._beginning.go_back(server)
                self._remember_that_it_is_filled()
        self.port = _free_port(self.port)
        self._finish_collecting_static_files(collecting)
        place = ["--host", HOST, "--port", str(self.port), "--processes", "1"]
        self._start_child("web", "web", ["-m", "forebyg.cli", "serve", *place])
        self._finish_preparing()
        with psycopg.connect(self._database.dsn(OWNER, DATABASE)) as connection:
            refuse_clock_set_back(connection)
        self._wait_for_the_first_page()
        self._start_child("worker", "worker", ["-m", "forebyg.cli", "work"])
        self._start_child("sealer", "sealer", ["-m", "forebyg.cli", "seal"])

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep everything running until `until()` is true. Raises `DemoFailed` when something dies again and again."""

        def done() -> bool:
            self._glance()
            self._keep_database()
            return until()

        try:
            self._supervisor.watch(until=done)
        except GaveUp as error:
            raise DemoFailed(f"Et program stopper igen og igen / a program stops again and again.\n{error}") from None

    def stop(self) -> None:
        """Stop web, worker and sealer, then the database. May be repeated."""
        self._supervisor.stop()
        if self._preparing is not None:
            self._preparing.ask_to_stop()
            self._preparing.stop()
        self._database.stop()

    def _open_folder(self, *, fresh: bool) -> None:
        """Read what the last run left, or begin anew; refuses a folder that is not a demo's."""
        state = self.folder / STATE
        if not state.exists() and self.folder.exists() and any(self.folder.iterdir()):
            raise DemoFailed(
                f"{self.folder} er ikke en demomappe; vælg en tom eller ny mappe med --folder. / "
                "It is not a folder of the demo: choose an empty or new one with --folder."
            )
        if state.exists():
            self._state = State(**json.loads(state.read_text()))
        if fresh or not self._state.is_filled:  # a half filled demo holds nothing that anybody made
            self._goes_back = self._state.is_filled and self._beginning.is_good()
            self._begin_anew()
        _make_reachable(self.folder)
        self._remember()

    def _begin_anew(self) -> None:
        """Remove what the demo made; its server stays when the beginning is kept there."""
        for name in _MADE_BY_THE_DEMO:
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        self._state = dataclasses.replace(self._state, is_filled=False, migrations="")
        if not self._goes_back:
            self._beginning.forget()
            self._database.remove()
            self._database = Embedded(self.folder / DATABASE_FOLDER)

    def _remember(self, **changes: str | bool) -> None:
        self._state = dataclasses.replace(self._state, **changes)  # type: ignore[arg-type]
        half = self.folder / f".{STATE}"
        half.touch(mode=0o600)
        half.write_text(json.dumps(dataclasses.asdict(self._state)))
        half.rename(self.folder / STATE)

    def _child(self, name: str, role: Role, arguments: list[str]) -> Child:
        environment = demo_environment(
            role=role, database=self._database, folder=self.folder, port=self.port, secret_key=self._state.secret_key
        )
        return Child(name, [sys.executable, *arguments], environment=environment, log=self.log_of(name))

    def _start_child(self, name: str, role: Role, arguments: list[str]) -> None:
        child = self._child(name, role, arguments)
        child.start()
        self._children.append(child)

    def _start_preparing(self) -> None:
        """Migrate when a migration changed, and fill the database when it is new, as soon as the database answers."""
        if self._goes_back or (self._state.is_filled and self._state.migrations == fingerprint.of_migrations()):
            return
        fill = [] if self._state.is_filled else [str(self.folder / "sign-ins.json")]
        self._preparing = self._child("prepare", "owner", ["-m", "forebyg.cli.demo_prepare", *fill])
        self._preparing.start()

    def _finish_preparing(self) -> None:
        child = self._preparing
        if child is None:
            return
        if child.wait(glance=self._glance) != 0:
            raise DemoFailed(
                "Databasen kunne ikke gøres klar; begynd forfra med forebyg demo --fresh. / "
                f"The database could not be prepared; begin anew with forebyg demo --fresh.\n{child.end_of_log()}"
            )
        if not self._state.is_filled:
            with psycopg.connect(self._database.dsn("postgres", "postgres"), autocommit=True) as server:
                self._beginning.keep(server)
        self._remember_that_it_is_filled()

    def _remember_that_it_is_filled(self) -> None:
        self._remember(is_filled=True, migrations=fingerprint.of_migrations())

    def _start_collecting_static_files(self) -> Child | None:
        """Collect the pages' style and scripts when one of them changed."""
        if self._state.static_files == fingerprint.of_static_files() and (self.folder / "static").exists():
            return None
        child = self._child("static", "web", ["-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity=0"])
        child.start()
        return child

    def _finish_collecting_static_files(self, child: Child | None) -> None:
        if child is None:
            return
        if child.wait(glance=self._glance) != 0:
            raise DemoFailed(
                "Sidernes stilark kunne ikke samles; kør make setup. / "
                f"The static files could not be collected; run make setup.\n{child.end_of_log()}"
            )
        self._remember(static_files=fingerprint.of_static_files())

    def _wait_for_the_first_page(self) -> None:
        began = time.monotonic()
        web = self._children[0]
        problem = "no answer"

        def answers() -> bool:
            nonlocal problem
            if time.monotonic() - began > _TO_ANSWER:
                raise DemoFailed(
                    f"Første side svarer ikke ({problem}). / The first page does not answer ({problem}).\n{web.end_of_log()}"
                )
            problem = _problem_with_first_page(self.port)
            return not problem

        self.watch(until=answers)

    def _keep_database(self) -> None:
        if not self._database.running:
            self._start_database_again()

    def _start_database_again(self) -> None:
        """Start what stopped by itself. While the disk is full it is tried again every `_FOR_ROOM` seconds."""
        if time.monotonic() < self._database_may_start_at:
            return
        self._tell(f"Databasen stoppede og startes igen / the database stopped and is restarted. Log: {self._database.log}")
        try:
            self._database.start()
        except DiskFull as error:
            self._tell(str(error))
            self._database_may_start_at = time.monotonic() + _FOR_ROOM


def _make_reachable(folder: Path) -> None:
    """Make the folder and missing parents so that the server's account may pass through, but not look."""
    if folder.exists():
        return
    _make_reachable(folder.parent)
    folder.mkdir(mode=0o700)
    folder.chmod(0o711)


def _free_port(wanted: int) -> int:
    """The wanted port, or the next that nobody listens on. Raises `DemoFailed`."""
    for port in range(wanted, min(wanted + _PORTS_TO_TRY, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise DemoFailed(
        f"Ingen ledig port fra {wanted}; vælg en anden med --port. / No free port from {wanted}: choose one with --port."
    )


def _problem_with_first_page(port: int) -> str:
    """What is wrong with the first page (after sign-in's redirect), or nothing."""
    path = "/"
    for _ in range(3):
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()
        if answer.status not in (301, 302, 303, 307, 308):
            return "" if answer.status == http.client.OK else f"status {answer.status}"
        path = answer.headers["Location"].removeprefix(f"http://{HOST}:{port}")
    return "redirects for ever"
