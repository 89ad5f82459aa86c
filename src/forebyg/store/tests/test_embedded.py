"""The embedded PostgreSQL, tried for real: every test starts servers, and none is mocked."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from forebyg.store import roles
from forebyg.store.embedded import Embedded
from forebyg.store.embedded_account import ACCOUNT_VARIABLE, server_account
from forebyg.store.embedded_binaries import CACHE_VARIABLE, programs_for
from forebyg.store.embedded_folder import MARKER, mark_folder
from forebyg.store.unavailable import (
    AlreadyRunning,
    FolderNotOurs,
    OtherMajorVersion,
    RolesMissing,
    RoleTooPowerful,
    ServerAccountUnusable,
    ServerFailed,
    SocketPathTooLong,
    StoreUnavailable,
)


@pytest.fixture
def cluster() -> Iterator[Embedded]:
    """A stopped cluster of its own."""
    embedded = Embedded.temporary()
    yield embedded
    embedded.remove()


@pytest.fixture(scope="module")
def prepared() -> Iterator[Embedded]:
    """A running cluster with roles and database, for tests that only ask."""
    embedded = Embedded.temporary()
    with embedded:
        with _superuser(embedded) as connection:
            roles.ensure_roles_and_database(connection)
        yield embedded
    embedded.remove()


def _superuser(embedded: Embedded) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(embedded.dsn("postgres", "postgres"), autocommit=True)


def _as(embedded: Embedded, role: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(embedded.dsn(role, roles.DATABASE), autocommit=True)


def _one(embedded: Embedded, query: str) -> object:
    with _superuser(embedded) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _ends(pid: int, within: float = 10) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.01)
    return False


def test_it_starts_answers_stops_and_keeps_what_was_written(cluster: Embedded) -> None:
    began = time.monotonic()
    cluster.start()
    assert time.monotonic() - began < 5  # 0.5 s on an idle machine
    with _superuser(cluster) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    cluster.stop()
    assert not cluster.running
    with pytest.raises(psycopg.OperationalError):
        _superuser(cluster)
    cluster.start()
    assert _one(cluster, "SELECT n FROM kept") == 7
    assert _one(cluster, "SHOW data_checksums") == "on"
    assert _one(cluster, "SELECT lower('ÆØÅ')") == "æøå"


def test_the_server_never_runs_as_root_and_owns_its_data(cluster: Embedded) -> None:
    cluster.start()
    owner = Path(f"/proc/{cluster.pid}").stat().st_uid
    assert owner != 0
    assert cluster.data.stat().st_uid == owner
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert owner == os.geteuid() or os.geteuid() == 0


def test_it_listens_on_no_network_and_knows_none_of_our_secrets(cluster: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREBYG_SECRET_KEY", "a-secret-of-the-web")
    cluster.start()
    assert _one(cluster, "SHOW listen_addresses") == ""
    assert b"a-secret-of-the-web" not in Path(f"/proc/{cluster.pid}/environ").read_bytes()


def test_the_log_holds_neither_statements_nor_values(cluster: Embedded) -> None:
    cluster.start()
    with _superuser(cluster) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        connection.execute("INSERT INTO people VALUES ('Søstjerne')")
        for mistake in ("INSERT INTO people VALUES ('Søstjerne')", "SELECT 'Søstjerne'::int", "Søstjerne"):
            with pytest.raises(psycopg.Error):
                connection.execute(mistake.encode())
    cluster.stop()
    assert "Søstjerne" not in cluster.log.read_text()


def test_what_was_committed_is_there_after_the_server_was_killed(cluster: Embedded) -> None:
    durable = Embedded(cluster.folder / "durable")
    durable.start()
    with _superuser(durable) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert durable.pid is not None
    os.kill(durable.pid, signal.SIGKILL)
    assert _wait_until_not_running(durable)
    assert (durable.data / "postmaster.pid").exists()
    durable.start()
    assert _one(durable, "SELECT n FROM kept") == 7
    durable.remove()


def test_a_process_number_left_by_a_crash_that_another_program_has_now_does_not_hinder(cluster: Embedded) -> None:
    cluster.start()
    cluster.stop()
    stranger = cluster._as_server(["/bin/sleep", "60"], end_with_us=False)
    with subprocess.Popen(stranger) as process:
        try:
            (cluster.data / "postmaster.pid").write_text(f"{process.pid}\n{cluster.data}\n0\n5432\n")
            cluster.start()
            assert cluster.running
        finally:
            process.kill()


def test_the_server_ends_with_a_launcher_that_is_killed_and_the_next_one_begins_at_once(cluster: Embedded) -> None:
    program = (
        "import sys, time; from pathlib import Path; from forebyg.store.embedded import Embedded\n"
        "cluster = Embedded(Path(sys.argv[1]), fast=True); cluster.start(); print(cluster.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(cluster.folder)], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        server = int(launcher.stdout.readline())
        with pytest.raises(AlreadyRunning, match=str(server)):
            cluster.start()
        launcher.kill()
    cluster.start()
    assert cluster.running
    assert _ends(server)


def test_the_server_ends_when_the_launcher_ends_without_saying_stop(cluster: Embedded) -> None:
    program = (
        "import sys; from pathlib import Path; from forebyg.store.embedded import Embedded\n"
        "cluster = Embedded(Path(sys.argv[1]), fast=True); cluster.start(); print(cluster.pid)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(cluster.folder)], capture_output=True, text=True, check=True)
    assert _ends(int(done.stdout), within=0.1)
    assert "database system is shut down" in cluster.log.read_text()


def test_a_second_instance_on_a_live_folder_is_refused_and_the_first_is_unharmed(cluster: Embedded) -> None:
    cluster.start()
    with pytest.raises(AlreadyRunning, match=str(cluster.pid)):
        Embedded(cluster.folder).start()
    with pytest.raises(AlreadyRunning):
        Embedded(cluster.folder).remove()
    assert _one(cluster, "SELECT 1") == 1


def test_a_folder_with_something_else_in_it_is_refused_and_left_as_it_was(cluster: Embedded) -> None:
    letter = cluster.folder / "letter.txt"
    letter.write_text("somebody's")
    with pytest.raises(FolderNotOurs):
        cluster.start()
    with pytest.raises(FolderNotOurs):
        cluster.remove()
    assert [path.name for path in cluster.folder.iterdir()] == ["letter.txt"]
    letter.unlink()


@pytest.mark.parametrize("text", ['{"format": 99}', "[]", "{", ""])
def test_a_cluster_of_an_unknown_format_is_refused(cluster: Embedded, text: str) -> None:
    cluster.start()
    cluster.stop()
    marker = cluster.folder / MARKER
    kept = marker.read_text()
    marker.write_text(text)
    with pytest.raises(FolderNotOurs):
        cluster.start()
    marker.write_text(kept)
    assert json.loads(kept)["format"] == 1


def test_a_cluster_of_another_major_version_is_refused(cluster: Embedded) -> None:
    cluster.start()
    cluster.stop()
    version = cluster.data / "PG_VERSION"
    kept = version.read_text()
    version.write_text("16\n")
    with pytest.raises(OtherMajorVersion, match="PostgreSQL 16"):
        cluster.start()
    version.write_text(kept)
    cluster.start()


def test_a_half_made_cluster_is_made_anew(cluster: Embedded) -> None:
    mark_folder(cluster.folder)
    half = cluster.folder / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert _one(cluster, "SELECT 1") == 1
    assert not half.exists()


def test_a_socket_folder_that_is_too_long_is_refused_with_its_path(cluster: Embedded) -> None:
    with pytest.raises(SocketPathTooLong, match="107 byte"):
        Embedded(cluster.folder, socket_folder=cluster.folder / ("x" * 100)).start()
    assert not cluster.data.exists()


def test_a_long_folder_gets_its_socket_at_a_short_place(cluster: Embedded) -> None:
    deep = Embedded(cluster.folder / ("æ" * 60), fast=True)
    deep.start()
    try:
        assert not deep.socket_folder.is_relative_to(deep.folder)
        assert stat.S_IMODE(deep.socket_folder.stat().st_mode) & 0o007 == 0
        assert _one(deep, "SELECT 1") == 1
    finally:
        deep.remove()
    assert not deep.socket_folder.exists()
    assert not deep.folder.exists()


def test_a_folder_that_cannot_be_made_is_an_error_with_its_name(cluster: Embedded) -> None:
    (cluster.folder / "file").write_text("")
    (cluster.folder / "file").chmod(0o755)
    with pytest.raises(StoreUnavailable, match="file"):
        Embedded(cluster.folder / "file" / "below").start()
    (cluster.folder / "file").unlink()


def test_a_server_that_cannot_start_says_why(cluster: Embedded) -> None:
    cluster.start()
    with _superuser(cluster) as connection:
        connection.execute("ALTER SYSTEM SET shared_buffers = '1TB'")
    cluster.stop()
    with pytest.raises(ServerFailed, match="memory"):
        cluster.start()
    assert not cluster.running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another account")
class TestAsRoot:
    def test_a_folder_that_the_account_cannot_reach_is_replaced_and_said(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        embedded = Embedded(closed / "demo", fast=True)
        try:
            assert embedded.folder.parent == Path("/var/lib/forebyg")
            assert str(embedded.folder) in embedded.notice
            embedded.start()
            assert _one(embedded, "SELECT 1") == 1
        finally:
            embedded.remove()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert list(closed.iterdir()) == []

    def test_programs_that_the_account_cannot_reach_are_copied_once(
        self, cluster: Embedded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(CACHE_VARIABLE, str(cluster.folder / "cache"))
        monkeypatch.setattr(
            "forebyg.store.embedded_binaries._usable", lambda root, account: root.is_relative_to(cluster.folder)
        )
        account = server_account(None, owner_of=cluster.data)
        programs = programs_for(account)
        made = programs.stat().st_ino
        version = subprocess.run(
            [programs / "postgres", "--version"], user=account.uid, capture_output=True, text=True, check=True
        )
        assert "PostgreSQL) 18" in version.stdout
        subprocess.run([programs / "initdb", "--version"], user=account.uid, check=True, capture_output=True, env={})
        assert programs_for(account).stat().st_ino == made
        subprocess.run(["/bin/rm", "-r", cluster.folder / "cache"], check=True)

    @pytest.mark.parametrize("name", ["root", "no-such-account"])
    def test_an_account_that_is_root_or_missing_is_refused(
        self, cluster: Embedded, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(ACCOUNT_VARIABLE, name)
        with pytest.raises(ServerAccountUnusable, match=name):
            Embedded(cluster.folder / "other")


def test_our_account_may_be_every_role_and_none_else(prepared: Embedded) -> None:
    for role in roles.ROLES:
        with _as(prepared, role) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
    with pytest.raises(psycopg.OperationalError):
        _as(prepared, "pg_read_all_data")


def test_no_role_is_a_member_of_another_or_holds_a_power(prepared: Embedded) -> None:
    with _superuser(prepared) as connection:
        powers = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'forebyg%%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit)"
        ).fetchall()
        members = connection.execute(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE rolname LIKE 'forebyg%%'"
        )
        assert powers == []
        assert members.fetchone() == (0,)
    for role in roles.ROLES[1:]:
        with _as(prepared, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE forebyg_owner")


@pytest.mark.parametrize("role", roles.ROLES[1:])
@pytest.mark.parametrize("statement", ["CREATE TABLE t (n int)", "CREATE TEMP TABLE t (n int)", "CREATE SCHEMA s"])
def test_only_the_owner_makes_anything(prepared: Embedded, role: str, statement: str) -> None:
    with (
        _as(prepared, role) as connection,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)),
    ):
        connection.execute(statement.encode())


def test_the_owner_makes_tables_that_the_web_may_not_read_unasked(prepared: Embedded) -> None:
    with _as(prepared, roles.OWNER) as connection:
        connection.execute("CREATE TABLE made (n int)")
    with _as(prepared, roles.WEB) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM made")


def test_a_web_session_has_time_limits_and_a_fixed_search_path(prepared: Embedded) -> None:
    with _as(prepared, roles.WEB) as connection:
        for name, value in {
            "statement_timeout": "30s",
            "idle_in_transaction_session_timeout": "30s",
            "search_path": "public, pg_temp",
        }.items():
            assert connection.execute(f"SHOW {name}".encode()).fetchone() == (value,)


def test_preparing_again_changes_nothing_and_needs_no_privilege(prepared: Embedded) -> None:
    with _as(prepared, roles.STATS) as connection:
        roles.ensure_roles_and_database(connection)


def test_a_login_without_privileges_is_told_what_to_run(cluster: Embedded) -> None:
    cluster.start()
    with _superuser(cluster) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        connection.execute("SET SESSION AUTHORIZATION plain")
        with pytest.raises(RolesMissing) as told:
            roles.ensure_roles_and_database(connection)
    with _superuser(cluster) as connection:
        script = [line for line in str(told.value).splitlines() if line.endswith(";") and "SCHEMA" not in line]
        for line in script:
            connection.execute(line.encode())
        roles.ensure_roles_and_database(connection)


def test_a_login_that_may_only_make_roles_and_databases_suffices(cluster: Embedded) -> None:
    cluster.start()
    with _superuser(cluster) as connection:
        connection.execute("CREATE ROLE administrator LOGIN CREATEROLE CREATEDB")
        (cluster.folder / "conf" / "pg_hba.conf").write_text("local all all trust\n")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.2)
    with psycopg.connect(cluster.dsn("administrator", "postgres")) as connection:
        roles.ensure_roles_and_database(connection, passwords={roles.WEB: "ærlig-kastanje-under-bordet"})
    with _superuser(cluster) as connection:
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'forebyg_web'").fetchone()
        members = connection.execute(
            "SELECT count(*) FROM pg_auth_members WHERE set_option AND roleid = 'forebyg_owner'::regrole"
        )
        assert stored is not None
        assert str(stored[0]).startswith("SCRAM-SHA-256$")
        assert members.fetchone() == (0,)
    with _as(cluster, roles.OWNER) as connection:
        connection.execute("CREATE TABLE made (n int)")


@pytest.mark.parametrize(
    "spoil", ["ALTER ROLE forebyg_web BYPASSRLS", "GRANT forebyg_owner TO forebyg_web", "ALTER ROLE forebyg_stats SUPERUSER"]
)
def test_a_role_that_could_bypass_a_policy_stops_the_start(cluster: Embedded, spoil: str) -> None:
    cluster.start()
    with _superuser(cluster) as connection:
        roles.ensure_roles_and_database(connection)
        connection.execute(spoil.encode())
        with pytest.raises(RoleTooPowerful, match="forebyg_"):
            roles.ensure_roles_and_database(connection)


def _wait_until_not_running(cluster: Embedded) -> bool:
    until = time.monotonic() + 5
    while cluster.running and time.monotonic() < until:
        time.sleep(0.01)
    return not cluster.running


def test_a_temporary_cluster_leaves_nothing_behind() -> None:
    program = (
        "from forebyg.store.embedded import Embedded\n"
        "cluster = Embedded.temporary(); cluster.start(); print(cluster.folder, flush=True); raise SystemExit(3)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert not Path(done.stdout.strip()).exists()
