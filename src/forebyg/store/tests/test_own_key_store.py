"""A database has one key store: a missing one is not replaced, another one is not used."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import as_owner
from django.db import connection

from forebyg.store.key_rotation import rotate
from forebyg.store.keys import KeyStore, KeyStoreUnavailable
from forebyg.store.own_key_store import check_own, open_own_key_store


@pytest.fixture(autouse=True)
def without_key_store(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database as it is before the first start."""
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE", "FOREBYG_MASTER_KEY_NEXT"):
        monkeypatch.delenv(name, raising=False)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_key_store")


def test_a_new_database_takes_the_first_key_store_and_knows_it_again_after_a_rotation(tmp_path: Path) -> None:
    first = open_own_key_store(tmp_path)
    assert open_own_key_store(tmp_path).fingerprint() == first.fingerprint()
    rotate(first, tell=lambda done, total: None)
    assert open_own_key_store(tmp_path).fingerprint() == first.fingerprint()


def test_a_key_store_that_is_gone_is_not_replaced(tmp_path: Path) -> None:
    open_own_key_store(tmp_path / "mounted")
    with pytest.raises(KeyStoreUnavailable, match="Der laves intet nyt"):
        open_own_key_store(tmp_path / "not mounted" / "keys")
    assert not (tmp_path / "not mounted").exists()


def test_another_key_store_is_refused_and_stays_refused(tmp_path: Path) -> None:
    open_own_key_store(tmp_path / "one")
    other = KeyStore(tmp_path / "other")
    for _ in range(2):
        with pytest.raises(KeyStoreUnavailable, match="er ikke databasens"):
            open_own_key_store(tmp_path / "other")
        with pytest.raises(KeyStoreUnavailable, match="er ikke databasens"):
            check_own(other)
    open_own_key_store(tmp_path / "one")


def test_the_fingerprint_tells_no_key(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    assert store.fingerprint() not in (store.blind_index("cpr", "1"), (tmp_path / "master.key").read_bytes())
    assert store.fingerprint() not in (tmp_path / "keys.sqlite3").read_bytes()
