"""pytest plugin of a process that asks the tests about mutants: breaks a guard, runs the nearest tests until one fails, mends
the guard, and goes on with the next. Loaded by `-p tests.mutants.plugin` with its work named in the environment."""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from tests import database
from tests.mutants.guarded_twice import GUARDED_TWICE
from tests.mutants.mutant import Edit, Mutant, Turn

WORK = "FOREBYG_MUTANTS"
"""The environment variable with the path of the file that holds the work: mutants, tests not to ask, and how far to go."""
ANSWERS = "FOREBYG_MUTANTS_ANSWERS"
"""The environment variable with the path of the file to answer in, a line for each mutant, or one with all that failed."""

_work: dict[str, Any] = json.loads(Path(os.environ[WORK]).read_text()) if WORK in os.environ else {}
_mutants = [Mutant.of_fields(fields) for fields in _work.get("mutants", [])]
_edited: set[str] = set()
_failed: list[str] = []


class _Editor(importlib.abc.MetaPathFinder):
    """Finds one module and loads it edited."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        self.source = edit.apply(Path(edit.path).read_text())

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module's usual place with another loader; nothing for all other modules."""
        if fullname != self.edit.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _EditedSource(fullname, spec.origin, self.source)
        return spec


class _EditedSource(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self.source = source

    def get_code(self, fullname: str) -> types.CodeType:
        _edited.add(fullname)
        return compile(self.source, self.path, "exec", dont_inherit=True)


# An edit holds for the whole process, so it is the only mutant of its process.
for _mutant in _mutants:
    if _mutant.edit is not None:
        if len(_mutants) > 1 or _mutant.edit.module in sys.modules:
            raise RuntimeError(f"{_mutant.edit.module} cannot be edited any more")
        sys.meta_path.insert(0, _Editor(_mutant.edit))


def pytest_configure(config: pytest.Config) -> None:
    """Know the marks of the plugins that are left out here."""
    config.addinivalue_line("markers", "req(*ids, part=None): see tests.requirements.plugin")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Expected failures are not asked: when one passes, that proves nothing."""
    not_asked = set(_work.get("without", []))
    gone = [item for item in items if item.nodeid in not_asked or item.get_closest_marker("xfail")]
    config.hook.pytest_deselected(items=gone)
    items[:] = [item for item in items if item not in set(gone)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Instead of pytest's own loop, when there are mutants."""
    if not _mutants:
        return None
    if session.testsfailed:
        _answer({"broken": None, "noticed_by": f"collecting {_failed[0]}"}, _mutants[0])
        return True
    noticing: Counter[str] = Counter(_work["noticing"])
    for mutant in _mutants:
        try:
            with _broken(mutant):
                noticed_by = _first_to_notice(session, _in_order(session.items, mutant, noticing))
            noticing[noticed_by or ""] += 1
            _answer({"broken": None, "noticed_by": noticed_by}, mutant)
        except _NotBrokenError as error:
            _answer({"broken": str(error), "noticed_by": None}, mutant)
    return True


class _NotBrokenError(Exception):
    """The guard could not be broken, so nothing is known about it."""


@contextlib.contextmanager
def _broken(mutant: Mutant) -> Iterator[None]:
    if mutant.statement:
        with _broken_clone(mutant.statement):
            yield
    elif mutant.turn is not None:
        with _turned(mutant.turn):
            yield
    elif mutant.edit is not None and mutant.edit.module not in _edited:
        raise _NotBrokenError("no test loads the module")
    else:
        yield


@contextlib.contextmanager
def _broken_clone(statement: str) -> Iterator[None]:
    """Let every clone made in here be broken. The fixture that clones runs anew for each mutant."""

    def break_it(name: str) -> None:
        with database.superuser(name) as connection:
            connection.execute(statement.encode())

    with database.superuser() as connection:
        there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database.TEMPLATE]).fetchone()
    if there is None:
        raise _NotBrokenError("there is no template database")
    with database.after_cloning(break_it):
        yield


@contextlib.contextmanager
def _turned(turn: Turn) -> Iterator[None]:
    from forebyg.access.permissions import PERMISSIONS_OF, Permission, Role

    role, permission = Role[turn.role], frozenset({Permission[turn.permission]})
    PERMISSIONS_OF[role] ^= permission
    try:
        yield
    finally:
        PERMISSIONS_OF[role] ^= permission


def _in_order(items: Sequence[pytest.Item], mutant: Mutant, noticing: Counter[str]) -> list[pytest.Item]:
    """First the nearest whose id has a word of the mutant's, then those that noticed most before, then the nearest, then all."""

    def distance(item: pytest.Item) -> tuple[bool, int, int, bool]:
        elsewhere = not item.nodeid.startswith(mutant.first)
        word = next((place for place, word in enumerate(mutant.near) if word in item.nodeid), len(mutant.near))
        is_named = not elsewhere and word < len(mutant.near)
        return not is_named, word if is_named else 0, -noticing[item.nodeid], elsewhere

    asked = [item for item in items if _concerned(item, mutant)]
    if _work.get("nearest") or mutant.name in GUARDED_TWICE:
        asked = [item for item in asked if item.nodeid.startswith(mutant.first)]
    return sorted(asked, key=distance)


def _concerned(item: pytest.Item, mutant: Mutant) -> bool:
    """A broken database can only be noticed by a test that uses one."""
    return not mutant.statement or "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db") is not None


def _first_to_notice(session: pytest.Session, items: Sequence[pytest.Item]) -> str | None:
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item._initrequest()  # type: ignore[attr-defined]
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                return item.nodeid
        return None
    finally:
        # Everything that fixtures hold ends here, the clone with its connections included.
        session._setupstate.teardown_exact(None)
        _close_connections()


def _close_connections() -> None:
    if "django.db" in sys.modules:
        from django.db import connections

        connections.close_all()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what failed, when no guard is broken."""
    if report.failed and report.nodeid not in _failed:
        _failed.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Code that breaks while tests are collected is noticed too."""
    if report.failed:
        _failed.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Without mutants the answer is all that failed."""
    if ANSWERS in os.environ and not _mutants:
        Path(os.environ[ANSWERS]).write_text(json.dumps(_failed))


def _answer(answer: dict[str, str | None], mutant: Mutant) -> None:
    with Path(os.environ[ANSWERS]).open("a") as file:
        file.write(json.dumps({"name": mutant.name, **answer}) + "\n")
