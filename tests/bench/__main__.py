"""Fill, serve, measure, print: `python -m tests.bench [--sizes 1000 10000 100000] [--seconds 5]`."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import psycopg
from django.utils import timezone
from tests.bench.law import microseconds_of_findings

if TYPE_CHECKING:
    from tests.bench.data import KnownCase

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "build" / "bench.json"
SECRET_KEY = secrets.token_urlsafe(40)
HOST = "127.0.0.1"
PROCESSES = 2
CSRF = "c" * 32
PAGES = {"inbox": "/indbakke/", "list": "/sager/", "filter": "/sager/?frist=72", "case": "/sager/{reference}/"}
GROWING = ("", "tidslinje/")
"""Tabs of a case that show as much of a large case as of a small one."""


@dataclasses.dataclass
class Measured:
    """A line of the table; `ratio` is our requests a second by the bare handler's. `rows` are those that scans read."""

    name: str
    size: int
    connections: int
    rps: float
    p50_ms: float
    p99_ms: float
    ratio: float
    queries: int
    rows: int
    bare_rps: float
    bare_p50_ms: float


def main() -> int:
    """Run the whole bench; 0 when it was measured. What the figures should be stands in docs/performance.md."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--only", nargs="+", default=[*PAGES, "add_item"])
    chosen = parser.parse_args()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "forebyg.config.settings",
        "FOREBYG_DEMO": "true",
        "FOREBYG_DATA_FOLDER": tempfile.mkdtemp(prefix="forebyg-bench-data-"),
        "FOREBYG_SECRET_KEY": SECRET_KEY,
        "FOREBYG_DATABASE_NAME": "forebyg",
        "FOREBYG_DATABASE_ROLE": "web",
        "FOREBYG_SECOND_FACTOR": "skipped",
    }
    subprocess.run([sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"], check=True, cwd=ROOT)
    measured: list[Measured] = []
    for size in chosen.sizes:
        measured += _measure_size(size, seconds=chosen.seconds, only=chosen.only)
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps([dataclasses.asdict(line) for line in measured], indent=1))
    _print(measured)
    findings = microseconds_of_findings(rounds=10)
    print(f"finding of the law: median {statistics.median(findings):.0f} µs of {len(findings)} scenarios")
    return 0


def _measure_size(size: int, *, seconds: float, only: list[str]) -> list[Measured]:
    """In a server of its own, so that no size inherits the other's bloat; forked, because Django keeps its settings."""
    result = Path(tempfile.mkstemp(prefix="forebyg-bench-")[1])
    child = os.fork()
    if child == 0:
        status = 1
        try:
            found = _in_new_server(size, seconds=seconds, only=only)
            result.write_text(json.dumps([dataclasses.asdict(line) for line in found]))
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit("the bench of this size failed")
    lines = [Measured(**line) for line in json.loads(result.read_text())]
    result.unlink()
    return lines


def _in_new_server(size: int, *, seconds: float, only: list[str]) -> list[Measured]:
    from forebyg.store.embedded import Embedded
    from forebyg.store.roles import ensure_roles_and_database

    folder = Path(tempfile.mkdtemp(prefix="forebyg-bench-"))
    folder.chmod(0o711)
    server = Embedded(folder / "postgres")
    server.start()
    os.environ["FOREBYG_DATABASE_HOST"] = str(server.socket_folder)
    try:
        with psycopg.connect(server.dsn("postgres", "postgres")) as connection:
            ensure_roles_and_database(connection)
        prepare = (
            "import django; django.setup(); from forebyg.cli.demo_prepare import load_packs, migrate; migrate(); load_packs()"
        )
        subprocess.run(
            [sys.executable, "-c", prepare], check=True, cwd=ROOT, env=os.environ | {"FOREBYG_DATABASE_ROLE": "owner"}
        )
        return _Bench(server.dsn, size, seconds).run(only)
    finally:
        server.remove()


class _Bench:
    def __init__(self, dsn: Callable[[str, str], str], size: int, seconds: float) -> None:
        import django

        django.setup()
        from tests.bench.data import Filling

        self._dsn, self._size, self._seconds = dsn, size, seconds
        began = time.perf_counter()
        with psycopg.connect(dsn("postgres", "forebyg"), autocommit=True) as connection:
            filling = Filling(connection)
            filling.who_is_who()
            filling.cases(size)
            self._people = filling.people()
            self._few, self._many = (filling.large_case(self._people[0], items=items, told=2) for items in (20, 200))
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        self._cookies = [_cookie(one.worker) for one in self._people]
        print(f"{size} cases made in {time.perf_counter() - began:.0f} s", flush=True)

    def run(self, only: list[str]) -> list[Measured]:
        """Measure every page at 1 and 16 connections, ours and bare."""
        lines = []
        costs = self._costs(only)
        self._policies()
        self._growth()
        ours = [sys.executable, "-m", "forebyg.cli", "serve", "--host", HOST, "--processes", str(PROCESSES)]
        bare = [sys.executable, "-m", "tests.bench.bare", "--processes", str(PROCESSES)]
        found: dict[tuple[str, int, bool], Any] = {}
        for is_bare, command in ((False, ours), (True, bare)):
            with _serving(command) as (port, web):
                for name, connections in itertools.product(only, (1, 16)):
                    found[name, connections, is_bare] = self._load(name, port, connections, is_bare=is_bare)
                print(f"  memory of {'the bare handler' if is_bare else 'the web'}: {_memory(web)}", flush=True)
        for name, connections in itertools.product(only, (1, 16)):
            mine, other = found[name, connections, False], found[name, connections, True]
            cost = costs.get(name, (0, 0))
            lines.append(
                Measured(
                    name, self._size, connections, round(mine.rps, 1), round(mine.p50_ms, 2), round(mine.p99_ms, 2),
                    round(mine.rps / other.rps, 3), *cost, round(other.rps, 1), round(other.p50_ms, 2),
                )
            )  # fmt: skip
            print("  ", lines[-1], flush=True)
        return lines

    def _load(self, name: str, port: int, connections: int, *, is_bare: bool) -> Any:
        from tests.bench.load import measure

        request = self._bare_request if is_bare else self._request
        status = 302 if name == "add_item" and not is_bare else 200
        return measure(
            HOST, port, lambda number: request(name, number), connections=connections, seconds=self._seconds, status=status
        )

    def _request(self, name: str, number: int) -> bytes:
        place = number * 7919 % len(self._people)
        one = self._people[place]
        session = "=".join(self._cookies[place])
        if name != "add_item":
            address = PAGES[name].format(reference=_case(one.cases, number).reference)
            return f"GET {address} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {session}\r\n\r\n".encode()
        case = _case(one.led, number)
        form = {"about": case.child, "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "kind": "observation", "source": "own-work", "reliability": "first-hand", "weight": "neutral", "forum": "own",
                "text": "Skrevet under målingen. " * 8, "token": _new_id(), "csrfmiddlewaretoken": CSRF}  # fmt: skip
        body = urlencode(form)
        head = (
            f"POST /sager/{case.reference}/goer/oplysning/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: {session}; csrftoken={CSRF}\r\n"
        )
        return f"{head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    def _bare_request(self, name: str, number: int) -> bytes:
        one = self._people[number * 7919 % len(self._people)]
        case = _case(one.led if name == "add_item" else one.cases, number)
        given = {
            "worker": one.worker,
            "reference": case.reference,
            "matter": case.matter,
            "text": "Skrevet under målingen. " * 8,
        }
        return f"GET /{name}?{urlencode(given)} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()

    def _costs(self, only: list[str]) -> dict[str, tuple[int, int]]:
        from tests.bench.cost import page_cost

        one = self._people[0]
        pages = {name: PAGES[name].format(reference=one.cases[0].reference) for name in only if name in PAGES}
        found = {name: page_cost(self._cookies[0], address) for name, address in pages.items()}
        return {name: (cost.queries, cost.rows) for name, cost in found.items()}

    def _policies(self) -> None:
        from tests.bench.cost import policy_cost

        with (
            psycopg.connect(self._dsn("forebyg_web", "forebyg")) as web,
            psycopg.connect(self._dsn("forebyg_owner", "forebyg")) as owner,
        ):
            cost = policy_cost(web, owner, self._people[0])
            items = owner.execute("SELECT count(*) FROM cases_item").fetchone()
        print(
            f"  {items[0] if items else 0} items: policies {cost.policies_ms:.2f} ms, WHERE {cost.where_ms:.2f} ms: "
            f"{cost.ratio:.2f} times",
            flush=True,
        )

    def _growth(self) -> None:
        from tests.bench.cost import growth

        for tab in GROWING:
            found = growth(self._cookies[0], *(f"/sager/{one.reference}/{tab}" for one in (self._few, self._many)))
            print(
                f"  case/{tab} with 20 and 200 items, 40 and 400 disclosures: {found.few.queries} and {found.many.queries} queries, "
                f"{found.few_ms:.1f} and {found.many_ms:.1f} ms: {found.ratio:.2f} times",
                flush=True,
            )


def _case(cases: list[KnownCase], number: int) -> KnownCase:
    return cases[number // 13 % len(cases)]


def _cookie(worker: Any) -> tuple[str, str]:
    """The cookie of a session in which this worker is signed in, as a sign-in by password leaves it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from forebyg.access.models import Worker

    session = SessionStore()
    session[SESSION_KEY] = str(worker)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = Worker(id=worker, password="!").get_session_auth_hash()
    session.save()
    return settings.SESSION_COOKIE_NAME, str(session.session_key)


def _new_id() -> str:
    from forebyg.core.ids import new_id

    return str(new_id())


@contextlib.contextmanager
def _serving(command: list[str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    web = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, start_new_session=True)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port)):
                break
            time.sleep(0.1)
        time.sleep(1.5)  # until each process has read its code
        yield port, web
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(30)


def _memory(web: subprocess.Popen[bytes]) -> str:
    """The proportional megabytes of each process of a server: its own pages, and its share of those that several have."""
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(web.pid)], capture_output=True, text=True, check=True)
    found = []
    for child in children.stdout.split():
        lines = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
        found.append(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("Pss:")))
    return ", ".join(f"{one} MB" for one in found)


def _print(lines: list[Measured]) -> None:
    print("\n| page | cases | connections | req/s | p50 ms | p99 ms | bare req/s | ratio | queries | rows |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for one in lines:
        print(
            f"| {one.name} | {one.size} | {one.connections} | {one.rps:.0f} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | "
            f"{one.bare_rps:.0f} | {one.ratio:.2f} | {one.queries} | {one.rows} |"
        )
    rps = {(one.name, one.connections, one.size): one.rps for one in lines}
    least, most = min(one.size for one in lines), max(one.size for one in lines)
    if least != most:
        for name, connections in dict.fromkeys((one.name, one.connections) for one in lines):
            growth = rps[name, connections, least] / rps[name, connections, most]
            print(f"growth {least} to {most}, {name} at {connections}: {growth:.2f}")


if __name__ == "__main__":
    sys.exit(main())
