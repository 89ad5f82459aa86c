"""The operator's commands as processes of their own: keys, backup, restore, and the installation's own database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.database import clone_with_nothing_sealed, database_of_this_process, superuser

from forebyg.store.embedded import Embedded
from forebyg.store.keys import KeyStore
from forebyg.store.roles import ROLES, ensure_roles_and_database

Forebyg = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def database(django_db_setup: None) -> str:
    """A copy of the template, truly committed to."""
    name = f"{database_of_this_process()}_operating"
    clone_with_nothing_sealed(name)
    return name


@pytest.fixture
def forebyg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Forebyg:
    """Runs a command of `forebyg` with a data folder of its own, and expects a status."""
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE", "FOREBYG_MASTER_KEY_NEXT"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path, status: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "forebyg.config.settings",
            "FOREBYG_DATABASE_NAME": database,
            "FOREBYG_DATA_FOLDER": str(tmp_path / "data"),
        }
        done = subprocess.run(
            [sys.executable, "-m", "forebyg.cli", *map(str, arguments)],
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return run


def _actions(database: str) -> list[tuple[str, dict[str, object]]]:
    with superuser(database) as connection:
        return connection.execute("SELECT action, codes FROM audit_event WHERE worker_id IS NULL ORDER BY id").fetchall()


@pytest.mark.req("R-217", part="what the operator does to keys and backups stands in the ledger")
def test_keys_are_shown_rotated_and_swept_and_each_change_leaves_an_event(
    forebyg: Forebyg, tmp_path: Path, database: str
) -> None:
    store = KeyStore(tmp_path / "data/keys")
    drawn = dict(store.draw() for _ in range(3))
    before = len(_actions(database))
    said = forebyg("keys", "status").stdout
    assert f"{tmp_path / 'data/keys/keys.sqlite3'}" in said
    assert "128 nøgler, heraf 128 uden række" in said
    assert "Hovednøgle version 1" in said
    rotated = forebyg("keys", "rotate").stdout
    assert "version 2" in rotated
    assert KeyStore(tmp_path / "data/keys").read(drawn) == drawn
    said = forebyg("keys", "status").stdout
    assert "Hovednøgle version 2" in said
    assert "Hovednøgle version 1" not in said
    for secret in ((tmp_path / "data/keys/master.key").read_bytes(), *drawn.values()):
        assert secret.hex() not in said + rotated
    assert "0 nøgler set efter" in forebyg("keys", "sweep", "--days", "1").stdout
    assert [action for action, _ in _actions(database)[before:]] == ["keys.rotation-begun", "keys.rotated", "keys.swept"]


def test_a_backup_comes_back_in_a_new_place(forebyg: Forebyg, tmp_path: Path, database: str) -> None:
    forebyg("backup", tmp_path / "one", "--keys-to", tmp_path / "another")
    (kept,), (keys,) = (tmp_path / "one").iterdir(), (tmp_path / "another").iterdir()
    assert _actions(database)[-1] == ("backup.begun", {"with_keys": True})
    new = f"{database}_new"
    with superuser() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
        ensure_roles_and_database(connection, database=new)
    place = {"FOREBYG_DATABASE_NAME": new, "FOREBYG_DATA_FOLDER": str(tmp_path / "new")}
    refused = forebyg("restore", kept, keys, status=1, **place).stderr
    assert "Hovednøglen" in refused, "its keeper puts it there first"
    with superuser(new) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    (tmp_path / "new/keys/master.key").write_bytes((tmp_path / "data/keys/master.key").read_bytes())
    (tmp_path / "new/keys/master.key").chmod(0o600)
    said = forebyg("restore", kept, keys, **place).stdout
    assert "Ingen nøgle er tabt" in said
    assert "forebyg check" in said
    assert [action for action, _ in _actions(new)][-2:] == ["backup.begun", "backup.restored"]
    assert "ikke tom" in forebyg("restore", kept, status=1, **place).stderr


def test_without_the_newest_keys_the_operator_hears_how_much_is_lost(forebyg: Forebyg, tmp_path: Path, database: str) -> None:
    forebyg("backup", tmp_path / "one", "--keys-to", tmp_path / "another")
    store = KeyStore(tmp_path / "data/keys")
    with superuser(database) as connection:
        connection.execute("SET SESSION AUTHORIZATION forebyg_owner")
        connection.execute("CREATE TABLE IF NOT EXISTS note (key_id uuid)")
        connection.execute("INSERT INTO note VALUES (%s), (%s)", [store.draw()[0], (destroyed := store.draw()[0])])
    store.destroy([destroyed])
    (tmp_path / "data/keys/keys.sqlite3").rename(tmp_path / "keys.sqlite3")
    (keys,) = (tmp_path / "another").iterdir()
    done = forebyg("restore", keys, "--destroyed-in", tmp_path, status=2)
    assert "note: 0 læsbare, 1 slettede, 1 tabte" in done.stdout
    assert "1 rækker har ingen nøgle" in done.stderr
    assert "1 tabte" in forebyg("keys", "status", status=2).stdout


def test_a_key_store_that_is_not_where_it_was_is_neither_replaced_nor_backed_up(
    forebyg: Forebyg, tmp_path: Path, database: str
) -> None:
    said = forebyg("backup", tmp_path / "one", "--keys-to", tmp_path / "another").stdout
    assert "Ingen nøgle er tabt" in said
    assert str(tmp_path / "data/keys/seal.key") in said
    elsewhere = {"FOREBYG_DATA_FOLDER": str(tmp_path / "unmounted"), "FOREBYG_SECRET_KEY": "x" * 50}
    backup = ("backup", tmp_path / "two", "--keys-to", tmp_path / "three")
    for command in (backup, ("keys", "status"), ("keys", "rotate"), ("keys", "sweep"), ("check",), ("serve",), ("work",)):
        assert "Databasens nøglelager er ikke i" in forebyg(*command, status=1, **elsewhere).stderr
    KeyStore(tmp_path / "other/keys")
    said = forebyg(*backup, status=1, FOREBYG_DATA_FOLDER=str(tmp_path / "other")).stderr
    assert "er ikke databasens" in said
    for folder in ("unmounted", "two", "three"):
        assert not (tmp_path / folder).exists()


def test_a_backup_without_the_keys_of_all_rows_says_so(forebyg: Forebyg, tmp_path: Path, database: str) -> None:
    with superuser(database) as connection:
        connection.execute("SET SESSION AUTHORIZATION forebyg_owner")
        connection.execute("CREATE TABLE note (key_id uuid)")
        connection.execute("INSERT INTO note VALUES (gen_random_uuid())")
    for arguments in ((), ("--keys-to", tmp_path / "another")):
        done = forebyg("backup", tmp_path / "one", *arguments, status=2)
        assert "note: 0 læsbare, 0 slettede, 1 tabte" in done.stdout
        assert "1 rækker har ingen nøgle" in done.stderr


def test_a_key_store_of_another_installation_is_not_restored_beside_the_database(
    forebyg: Forebyg, tmp_path: Path, database: str
) -> None:
    forebyg("backup", tmp_path / "one", "--keys-to", tmp_path / "two")
    with superuser(database) as connection:
        connection.execute("DELETE FROM store_key_store")
    other = {"FOREBYG_DATA_FOLDER": str(tmp_path / "other")}
    forebyg("backup", tmp_path / "three", status=2, **other)  # of what the first one sealed
    (own,), (kept,) = (tmp_path / "two").iterdir(), (tmp_path / "three").iterdir()
    assert "hører ikke til databasen" in forebyg("restore", own, status=1, FOREBYG_DATA_FOLDER=str(tmp_path / "new")).stderr
    new = f"{database}_new"
    with superuser() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
        ensure_roles_and_database(connection, database=new)
    place = {"FOREBYG_DATABASE_NAME": new}
    assert "hører ikke til databasen" in forebyg("restore", kept, status=1, **place).stderr
    with superuser(new) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    forebyg("restore", kept, status=2, **place, **other)


def test_status_names_what_a_killed_restore_left(forebyg: Forebyg, tmp_path: Path) -> None:
    assert ".restoring-" not in forebyg("keys", "status").stderr
    (tmp_path / "data/keys/.restoring-killed").mkdir()
    assert str(tmp_path / "data/keys/.restoring-killed") in forebyg("keys", "status").stderr


@pytest.mark.parametrize("keys_to", [".", "keys", ".."])
def test_both_backups_in_one_place_take_a_word(forebyg: Forebyg, tmp_path: Path, keys_to: str) -> None:
    folder = tmp_path / "backups" / "database"
    assert "hver for sig" in forebyg("backup", folder, "--keys-to", folder / keys_to, status=1).stderr
    assert not folder.exists()


def test_both_backups_in_one_place_with_that_word(forebyg: Forebyg, tmp_path: Path) -> None:
    forebyg("backup", tmp_path / "all", "--keys-to", tmp_path / "all", "--together")
    assert sorted(path.name.split("-")[1] for path in (tmp_path / "all").iterdir()) == ["database", "keys"]


def test_a_database_that_is_away_is_said(forebyg: Forebyg, tmp_path: Path) -> None:
    said = forebyg("backup", tmp_path / "one", status=1, FOREBYG_DATABASE_HOST="/nonexistent").stderr
    assert said.startswith("Databasen svarer ikke.")


def test_the_installations_own_database_runs_until_it_is_asked_to_stop() -> None:
    temporary = Embedded.temporary()  # for its folder, which the server's account can reach
    folder = temporary.folder / "data"
    folder.mkdir(parents=True)
    folder.chmod(0o711)
    temporary.folder.chmod(0o711)
    own = Embedded(folder / "postgres")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOREBYG_DATABASE")}
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "forebyg.cli", "database"],
            env=environment | {"FOREBYG_DATA_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert "er klar" in process.stdout.readline()
            with psycopg.connect(own.dsn("forebyg_owner", "forebyg")) as connection:
                roles = connection.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'forebyg')").fetchall()
            assert {name for (name,) in roles} == set(ROLES)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(own.dsn("forebyg_owner", "forebyg"))
    finally:
        own.remove()
        folder.rmdir()
        temporary.folder.rmdir()
