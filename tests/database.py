"""pytest plugin: one PostgreSQL per run, one migrated template database with the demo's cast, and a copy of it per worker
process. Loaded by `-p tests.database`, before Django's settings are read.

The server is the embedded one, or, when FOREBYG_TEST_POSTGRESQL names a folder of programs, an external one made by those.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.external import External, programs_of_this_run

from forebyg.store.embedded import Embedded
from forebyg.store.roles import OWNER, ROLES, ensure_roles_and_database

TEMPLATE = "forebyg_template"
_is_controller = "PYTEST_XDIST_WORKER" not in os.environ
_server: Embedded | External | None = None
_after_cloning: list[Callable[[str], None]] = []


def superuser(database: str = "postgres") -> psycopg.Connection:
    """A connection of the superuser, for what only the test set-up may do."""
    return psycopg.connect(host=os.environ["FOREBYG_DATABASE_HOST"], user="postgres", dbname=database, autocommit=True)


def clone(name: str, template: str = TEMPLATE) -> None:
    """Make a database as a copy of another, with the privileges of the product's: a copy takes over none."""
    with superuser() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER forebyg_owner')
        connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {", ".join(role for role in ROLES if role != OWNER)}')
    for do in _after_cloning:
        do(name)


def clone_with_nothing_sealed(name: str) -> None:
    """A copy of the template for a data folder that is yet to be made: it holds nothing sealed, and no key store is its own."""
    clone(name)
    with superuser(name) as connection:
        connection.execute("DELETE FROM sharing_signoff")
        connection.execute("DELETE FROM sharing_clarification")
        connection.execute("DELETE FROM store_key_store")


@contextlib.contextmanager
def after_cloning(do: Callable[[str], None]) -> Iterator[None]:
    """Meanwhile, do this to every copy that is made; it is given the copy's name."""
    _after_cloning.append(do)
    try:
        yield
    finally:
        _after_cloning.remove(do)


def _start() -> Embedded | External:
    programs = programs_of_this_run()
    server = External(programs) if programs else Embedded.temporary()
    server.start()
    os.environ["FOREBYG_DATABASE_HOST"] = str(server.socket_folder)
    os.environ["FOREBYG_DATA_FOLDER"] = tempfile.mkdtemp(prefix="forebyg-test-data-")
    (Path(os.environ["FOREBYG_DATA_FOLDER"]) / "static").mkdir()
    with superuser() as connection:
        ensure_roles_and_database(connection, database=TEMPLATE)
    environment = os.environ | {
        "FOREBYG_DATABASE_ROLE": "owner",
        "FOREBYG_DATABASE_NAME": TEMPLATE,
        "DJANGO_SETTINGS_MODULE": "forebyg.config.settings",
        "PYTHONPATH": "src",
    }
    subprocess.run([sys.executable, "-m", "tests.template"], check=True, env=environment)
    return server


if _is_controller:
    _server = _start()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On an external server only what asks it is run, and of pages the matrix, which asks for every one of them as every role: the
    rest says nothing new there."""
    if programs_of_this_run():
        gone = [item for item in items if not _asks_the_database(item) or _is_of_a_page(item)]
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in set(gone)]


def _asks_the_database(item: pytest.Item) -> bool:
    """By a fixture, a mark, or by what its module takes from here."""
    if "django_db_setup" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db") is not None:
        return True
    taken = vars(getattr(item, "module", None) or sys).values()
    return any(getattr(value, "__module__", None) == __name__ for value in taken)


def _is_of_a_page(item: pytest.Item) -> bool:
    return "client" in getattr(item, "fixturenames", ()) and "test_permission_matrix" not in item.nodeid


def pytest_unconfigure() -> None:
    """Stop the server and remove all that the run made."""
    global _server
    if _server is not None:
        _server.remove()
        shutil.rmtree(os.environ["FOREBYG_DATA_FOLDER"], ignore_errors=True)
        _server = None


def database_of_this_process() -> str:
    """The name of this process's own copy of the template."""
    return f"forebyg_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
