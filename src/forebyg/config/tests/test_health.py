"""The two addresses for machines: they answer when nothing else can, and name the part and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from forebyg.access.tests.rows import run
from forebyg.config import health
from forebyg.core.ids import new_id
from forebyg.store.keys import KeyStore


def _answer(client: Client, part: str) -> tuple[int, str]:
    response = client.get(f"/health/{part}", headers={"host": "10.0.0.7"})
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    return response.status_code, response.content.decode()


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrations", health._Migrations())


@pytest.fixture
def without_database(django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nonexistent")
        yield
        connection.close()


def test_all_is_well(client: Client, db: None) -> None:
    assert _answer(client, "live") == (200, "ok\n")
    assert _answer(client, "ready") == (200, "ok\n")


def test_without_a_database_it_lives_but_is_not_ready(client: Client, without_database: None) -> None:
    assert _answer(client, "live") == (200, "ok\n")
    assert _answer(client, "ready") == (503, "database\n")


def test_it_lives_without_asking_the_database(client: Client) -> None:
    assert _answer(client, "live") == (200, "ok\n")  # without the fixture db any question to it is an error


def test_a_missing_migration_is_named_until_it_is_applied(client: Client, db: None) -> None:
    with as_owner():
        run("CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT * FROM django_migrations WHERE app = 'intake'")
        run("DELETE FROM django_migrations WHERE app = 'intake'")
    assert _answer(client, "ready") == (503, "migrations\n")
    with as_owner():
        run("INSERT INTO django_migrations SELECT * FROM gone")
    assert _answer(client, "ready") == (200, "ok\n")


def test_a_late_seal_is_named(client: Client, db: None) -> None:
    with as_owner():
        run(
            "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason, written_at)"
            " VALUES (%s, now(), 'tested', '{}', '{}', '{}', '', clock_timestamp() - interval '5 minutes')",
            new_id(),
        )
    assert _answer(client, "ready") == (503, "seal\n")


def test_a_key_store_that_went_away_is_named_beside_the_database(
    client: Client, without_database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOREBYG_MASTER_KEY_FILE", raising=False)
    store = KeyStore(tmp_path)
    monkeypatch.setattr(health, "key_store", lambda: store)
    (tmp_path / "keys.sqlite3").unlink()
    assert _answer(client, "ready") == (503, "database\nkeys\n")


def test_a_key_store_that_is_not_the_databases_is_named(
    client: Client, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert _answer(client, "ready") == (200, "ok\n")
    other = KeyStore(tmp_path)
    monkeypatch.setattr(health, "key_store", lambda: other)
    assert _answer(client, "ready") == (503, "keys\n")


@pytest.mark.parametrize("part", ["live", "ready"])
def test_they_are_only_read(client: Client, part: str) -> None:
    assert client.post(f"/health/{part}").status_code == 405
