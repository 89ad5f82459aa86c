"""What keeps an installation from meeting real people: each refusal, and that nothing else refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import as_owner, set_clock
from django.contrib.auth.hashers import make_password
from django.db import connection
from pydantic import SecretStr

from forebyg.access.models import Worker
from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.access.tests.rows import session_of
from forebyg.cli import production
from forebyg.cli.environment import is_loopback
from forebyg.config.installation import DEMO_SECRET, Installation
from forebyg.store.keys import KeyStore
from forebyg.store.own_key_store import open_own_key_store
from forebyg.store.roles import WORKER

GOOD: dict[str, Any] = {
    "secret_key": SecretStr("nobody-signs-anything-with-this-while-a-test-looks-at-it"),
    "hosts": ["forebyg.kommune.dk"],
    "https": True,
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"demo": True}, "FOREBYG_DEMO=true"),
    ({"secret_key": SecretStr(DEMO_SECRET)}, "FOREBYG_SECRET_KEY mangler"),
    ({"secret_key": SecretStr("short-but-mixed-0123456789")}, "FOREBYG_SECRET_KEY er for svag"),
    ({"secret_key": SecretStr("abab" * 20)}, "FOREBYG_SECRET_KEY er for svag"),
    ({"https": False}, "FOREBYG_HTTPS er ikke slået til"),
    ({"hosts": ["localhost", "127.0.0.1"]}, "FOREBYG_HOSTS nævner ikke"),
    ({"hosts": []}, "FOREBYG_HOSTS nævner ikke"),
    ({"hosts": ["*"]}, "FOREBYG_HOSTS tager imod alle"),
    ({"hosts": [".kommune.dk"]}, "FOREBYG_HOSTS tager imod alle"),
    *(
        ({"database_url": SecretStr(f"postgresql://{place}")}, "FOREBYG_DATABASE_URL fører til en anden maskine")
        for place in (
            "db.example/forebyg",
            "db.example/forebyg?sslmode=prefer",
            "db.example/forebyg?sslmode=require",
            "10.0.0.7:5432/forebyg",
            "localhost,db.example/forebyg",
            "/forebyg?hostaddr=10.0.0.7",
        )
    ),
    ({"clamav": "tcp://scanner.example:3310"}, "FOREBYG_CLAMAV sender dokumenter ukrypteret"),
    ({"clamav": "tcp://10.0.0.7:3310"}, "FOREBYG_CLAMAV sender dokumenter ukrypteret"),
]
NOTHING_IN_CLEAR: list[dict[str, Any]] = [
    {"database_url": SecretStr("postgresql://db.example/forebyg?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem")},
    {"database_url": SecretStr("postgresql://one.example,two.example/forebyg?sslmode=verify-full")},
    {"database_url": SecretStr("postgresql:///forebyg?host=/run/postgresql")},
    {"database_url": SecretStr("postgresql://localhost:5433/forebyg")},
    {"database_url": SecretStr("postgresql://[::1]/forebyg")},
    {"clamav": "unix:/run/clamav/clamd.ctl"},
    {"clamav": "tcp://127.0.0.1:3310"},
]


@pytest.fixture(autouse=True)
def _no_settings_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOREBYG_DEMO", "FOREBYG_SECOND_FACTOR", "FOREBYG_HOSTS", "FOREBYG_HTTPS", "FOREBYG_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_good_settings_have_no_fault() -> None:
    assert list(production.problems_of_settings(Installation(**GOOD))) == []


@pytest.mark.parametrize(("changed", "said"), WRONG, ids=[said + str(number) for number, (_, said) in enumerate(WRONG)])
def test_each_wrong_setting_is_named_alone(changed: dict[str, Any], said: str) -> None:
    (sentence,) = production.problems_of_settings(Installation(**{**GOOD, **changed}))
    assert sentence.startswith(said)


@pytest.mark.parametrize("changed", NOTHING_IN_CLEAR, ids=range(len(NOTHING_IN_CLEAR)))
def test_what_stays_on_this_machine_or_goes_by_tls_is_no_fault(changed: dict[str, Any]) -> None:
    assert list(production.problems_of_settings(Installation(**GOOD, **changed))) == []


def test_only_a_demo_can_skip_the_second_factor() -> None:
    with pytest.raises(ValueError, match="FOREBYG_SECOND_FACTOR=skipped is for demos"):
        Installation(**GOOD, second_factor="skipped")
    found = list(production.problems_of_settings(Installation(**GOOD, second_factor="skipped", demo=True)))
    assert any(sentence.startswith("FOREBYG_SECOND_FACTOR=skipped") for sentence in found)


def test_a_master_key_that_others_can_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert list(production.problems_of_master_key(tmp_path)) == []
    KeyStore(tmp_path).draw()
    assert list(production.problems_of_master_key(tmp_path)) == []
    (tmp_path / "master.key").chmod(0o640)
    (sentence,) = production.problems_of_master_key(tmp_path)
    assert "må kun kunne læses af sin ejer" in sentence


def test_a_master_key_that_does_not_fit_the_key_store_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOREBYG_MASTER_KEY_FILE", raising=False)
    KeyStore(tmp_path).draw()
    (tmp_path / "master.key").write_bytes(bytes(32))
    (sentence,) = production.problems_of_master_key(tmp_path)
    assert "passer" in sentence


@pytest.fixture
def key_store_elsewhere(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database's key store, away from where the installation looks."""
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_key_store")
    open_own_key_store(tmp_path / "elsewhere")
    return tmp_path / "elsewhere"


def test_a_key_store_that_is_gone_is_named_and_not_replaced(key_store_elsewhere: Path, tmp_path: Path) -> None:
    (sentence,) = production.problems_of_key_store(tmp_path / "keys")
    assert "Databasens nøglelager er ikke i" in sentence
    assert not (tmp_path / "keys").exists()
    assert list(production.problems_of_key_store(key_store_elsewhere)) == []


def test_another_databases_key_store_is_named(key_store_elsewhere: Path, tmp_path: Path) -> None:
    KeyStore(tmp_path / "keys")
    (sentence,) = production.problems_of_key_store(tmp_path / "keys")
    assert "er ikke databasens" in sentence


def test_a_new_database_without_a_key_store_has_no_fault(db: None, tmp_path: Path) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_key_store")
    assert list(production.problems_of_key_store(tmp_path / "keys")) == []
    assert not (tmp_path / "keys").exists(), "a check makes nothing"


# The database. The server of the tests runs without fsync, so that is always found here.


def other_than_fast(found: Iterator[str]) -> list[str]:
    return [sentence for sentence in found if not sentence.startswith("PostgreSQL kører med")]


def test_a_server_that_can_lose_what_was_saved_is_named(db: None) -> None:
    found = list(production.problems_of_database())
    assert [sentence.split(" = ")[0] for sentence in found] == [
        f"PostgreSQL kører med {name}" for name in ("fsync", "full_page_writes", "synchronous_commit")
    ]


def test_a_clock_that_is_set_off_is_named(db: None) -> None:
    assert other_than_fast(production.problems_of_database()) == []
    set_clock("1 second")
    (sentence,) = other_than_fast(production.problems_of_database())
    assert sentence.startswith("Databasens ur er stillet om")


def test_a_clock_that_was_set_back_is_named(db: None) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_sealer SET was_there_at = clock_timestamp() + interval '2 hours'")
    (sentence,) = other_than_fast(production.problems_of_database())
    assert sentence.startswith("Databaseserverens ur viser")


def test_missing_migrations_are_named(db: None) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'intake'")
    (sentence,) = other_than_fast(production.problems_of_database())
    assert "forebyg migrate" in sentence


@pytest.mark.parametrize("power", ["SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS", "INHERIT"])
def test_a_role_that_is_too_powerful_is_named(db: None, power: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute(f"ALTER ROLE forebyg_stats {power}")
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    (sentence,) = other_than_fast(production.problems_of_database())
    assert "forebyg_stats" in sentence


def test_the_demos_accounts_are_named_by_address(cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.update(password="!")
    (sentence,) = production.problems_of_accounts()
    assert sentence.startswith(f"{len(cast)} konti er demoens")


@pytest.mark.parametrize("number", [1, 2])
def test_the_demos_password_is_found_when_shared_and_by_the_whole_check_always(cast: dict[str, Worker], number: int) -> None:
    with as_owner():
        for key, worker in cast.items():
            Worker.objects.filter(pk=worker.pk).update(email=f"{key}@kommune.example", password=f"!{key}")
        chosen = [worker.pk for worker in list(cast.values())[:number]]
        Worker.objects.filter(pk__in=chosen).update(password=make_password(DEMO_PASSWORD))
    assert len(list(production.problems_of_accounts())) == (1 if number == 2 else 0)
    (sentence,) = production.problems_of_accounts(every_password=True)
    assert sentence.startswith("En konto har demoens adgangskode")


def test_the_role_of_jobs_asks_the_same_but_for_passwords(cast: dict[str, Worker]) -> None:
    with session_of(WORKER):
        assert other_than_fast(production.problems_of_database()) == []
        (sentence,) = production.problems_of_accounts()
    assert "demoens (@forebyg.example)" in sentence


# At the start


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *((host, True) for host in ("127.0.0.1", "::1", "[::1]", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.0.2.1", "forebyg.kommune.dk", "")),
    ],
)
def test_which_addresses_reach_nothing_but_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) == expected


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FOREBYG_", "DJANGO_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "forebyg.cli", *arguments],
        env={**inherited, "PYTHONPATH": "src", "FOREBYG_DATABASE_HOST": os.environ["FOREBYG_DATABASE_HOST"], **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", ["check", "serve", "work"])
def test_the_commands_refuse_with_every_reason_and_status_1(db: None, tmp_path: Path, command: str) -> None:
    answer = run(command, FOREBYG_DATABASE_NAME="forebyg_template", FOREBYG_DATA_FOLDER=str(tmp_path))
    assert answer.returncode == 1
    for said in ("FOREBYG_SECRET_KEY mangler", "FOREBYG_HTTPS", "FOREBYG_HOSTS", "fsync = off", "konti er demoens"):
        assert said in answer.stderr, answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_database_that_does_not_answer_is_a_reason(tmp_path: Path) -> None:
    answer = run("check", FOREBYG_DATABASE_HOST=str(tmp_path), FOREBYG_DATA_FOLDER=str(tmp_path))
    assert answer.returncode == 1
    assert "✗ Databasen svarer ikke." in answer.stderr


def test_settings_that_cannot_be_are_refused_by_name() -> None:
    answer = run("check", FOREBYG_SECOND_FACTOR="skipped")
    assert answer.returncode == 1
    assert "FOREBYG_SECOND_FACTOR=skipped is for demos" in answer.stderr


def test_a_demo_is_not_served_to_others() -> None:
    answer = run("serve", "--host", "0.0.0.0", FOREBYG_DEMO="true")
    assert answer.returncode == 1
    assert "Demoen må kun lytte på denne maskine" in answer.stderr
