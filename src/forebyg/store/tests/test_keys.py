"""The key store: keys are durable before they are used, wrapped by a master key, and gone when they are destroyed."""

import base64
import concurrent.futures
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest

from forebyg.store import keys
from forebyg.store.keys import BATCH, DRAWN_AHEAD_LIVES, KeyStore, KeyStoreUnavailable
from forebyg.store.master_key import FILE_VARIABLE, KEY_VARIABLE, NEXT_KEY_VARIABLE, MasterKeys

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture(autouse=True)
def no_master_key_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (FILE_VARIABLE, KEY_VARIABLE, NEXT_KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def _stored(folder: Path) -> dict[uuid.UUID, bytes]:
    with sqlite3.connect(folder / "keys.sqlite3") as connection:
        return {uuid.UUID(bytes=key_id): wrapped for key_id, wrapped in connection.execute("SELECT id, wrapped FROM data_key")}


def test_a_key_is_durable_before_it_is_handed_out(tmp_path: Path) -> None:
    key_id, key = KeyStore(tmp_path).draw()
    assert len(key) == 32
    assert KeyStore(tmp_path).read([key_id]) == {key_id: key}


def test_keys_are_drawn_ahead_in_batches_and_no_key_comes_twice(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    drawn = dict(store.draw() for _ in range(BATCH + 1))
    assert len(drawn) == len(set(drawn.values())) == BATCH + 1
    assert len(_stored(tmp_path)) == 2 * BATCH
    assert store.read(drawn) == drawn


def test_more_keys_than_one_query_takes_are_read(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    drawn = dict(store.draw() for _ in range(1100))
    assert store.read([*drawn, *drawn]) == drawn


def test_unknown_keys_are_missing_from_the_answer(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    assert store.read([]) == {}
    assert store.read([uuid.uuid4()]) == {}


@pytest.mark.req("R-220", part="data keys lie encrypted under the master key")
def test_the_file_holds_no_data_key_in_clear(tmp_path: Path) -> None:
    _, key = KeyStore(tmp_path).draw()
    assert key not in (tmp_path / "keys.sqlite3").read_bytes()
    assert (tmp_path / "master.key").read_bytes() not in (tmp_path / "keys.sqlite3").read_bytes()


@pytest.mark.req("R-224", part="a destroyed key leaves no trace in the key store")
def test_a_destroyed_key_is_gone_and_overwritten(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    (first, _), (second, kept) = store.draw(), store.draw()
    wrapped = _stored(tmp_path)[first]
    assert wrapped in (tmp_path / "keys.sqlite3").read_bytes()
    assert store.destroy([first, uuid.uuid4()]) == 1
    assert store.read([first, second]) == {second: kept}
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name != "master.key")
    assert wrapped not in left
    assert wrapped[-16:] not in left


def test_the_wrong_master_key_is_a_clear_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    KeyStore(tmp_path / "keys").draw()
    other = tmp_path / "other.key"
    other.write_bytes(os.urandom(32))
    other.chmod(0o600)
    monkeypatch.setenv("FOREBYG_MASTER_KEY_FILE", str(other))
    with pytest.raises(KeyStoreUnavailable, match="FOREBYG_MASTER_KEY_FILE") as caught:
        KeyStore(tmp_path / "keys")
    assert caught.value.__cause__ is None, "the cause would tell more than the refusal"
    monkeypatch.delenv("FOREBYG_MASTER_KEY_FILE")
    KeyStore(tmp_path / "keys").draw()


def test_a_master_key_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(b"short")
    (tmp_path / "master.key").chmod(0o600)
    with pytest.raises(KeyStoreUnavailable, match="32 byte"):
        KeyStore(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_master_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    KeyStore(tmp_path)
    (tmp_path / "master.key").chmod(mode)
    with pytest.raises(KeyStoreUnavailable, match="chmod 600"):
        KeyStore(tmp_path)


def test_no_new_master_key_is_made_for_a_key_store_that_is_there(tmp_path: Path) -> None:
    KeyStore(tmp_path).draw()
    (tmp_path / "master.key").unlink()
    with pytest.raises(KeyStoreUnavailable, match="mangler"):
        KeyStore(tmp_path)
    assert not (tmp_path / "master.key").exists()


def test_the_master_key_may_come_from_the_environment_and_then_no_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(os.urandom(32)).decode())
    key_id, key = KeyStore(tmp_path).draw()
    assert KeyStore(tmp_path).read([key_id]) == {key_id: key}
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite3"]
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(KeyStoreUnavailable, match="passer"):
        KeyStore(tmp_path)


@pytest.mark.parametrize(("value", "complaint"), [("no base64!", "base64"), (base64.b64encode(b"short").decode(), "32 byte")])
def test_a_master_key_in_the_environment_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, complaint: str
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, value)
    with pytest.raises(KeyStoreUnavailable, match=complaint) as caught:
        KeyStore(tmp_path)
    assert value not in str(caught.value)


def test_two_places_for_the_master_key_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(os.urandom(32)).decode())
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "master.key"))
    with pytest.raises(KeyStoreUnavailable, match="Behold den ene"):
        KeyStore(tmp_path)


def test_threads_that_begin_together_make_one_master_key(tmp_path: Path) -> None:
    found = MasterKeys(tmp_path)
    together = threading.Barrier(8)

    def make_and_load(_: int) -> bytes:
        together.wait(10)
        found.make_first()
        return found.load()[0]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make_and_load, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_a_key_store_of_another_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    KeyStore(tmp_path).draw()
    with sqlite3.connect(tmp_path / "keys.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (tmp_path / "keys.sqlite3").read_bytes()
    with pytest.raises(KeyStoreUnavailable, match="format 99"):
        KeyStore(tmp_path)
    assert (tmp_path / "keys.sqlite3").read_bytes() == before


def test_a_file_that_is_no_key_store_is_refused(tmp_path: Path) -> None:
    KeyStore(tmp_path).draw()
    (tmp_path / "keys.sqlite3").write_bytes(b"something else" * 1000)
    with pytest.raises(KeyStoreUnavailable, match="kan ikke bruges"):
        KeyStore(tmp_path)


def test_a_key_store_that_went_away_is_noticed(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.check()
    (tmp_path / "keys.sqlite3").unlink()
    with pytest.raises(KeyStoreUnavailable, match="kan ikke bruges"):
        store.check()


def test_keys_drawn_long_ago_are_not_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = KeyStore(tmp_path)
    store.draw()
    early = set(_stored(tmp_path))
    clock = keys.time.time
    monkeypatch.setattr(keys.time, "time", lambda: clock() + DRAWN_AHEAD_LIVES + 1)
    assert store.draw()[0] not in early


def test_a_destroyed_key_is_remembered_as_destroyed(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    (gone, _), (kept, _), never = store.draw(), store.draw(), uuid.uuid4()
    assert store.destroy([gone, never]) == 1
    assert store.destroy([gone]) == 0
    assert store.destroyed([gone, kept, never]) == {gone, never}


def test_a_wrapped_key_under_another_id_does_not_open(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    (first, _), (second, _) = store.draw(), store.draw()
    with sqlite3.connect(tmp_path / "keys.sqlite3") as connection:
        connection.execute(
            "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id = ?) WHERE id = ?",
            [first.bytes, second.bytes],
        )
    with pytest.raises(KeyStoreUnavailable):
        store.read([second])


def test_the_blind_index_is_keyed_and_apart_for_each_purpose(tmp_path: Path) -> None:
    here, there = KeyStore(tmp_path / "here"), KeyStore(tmp_path / "there")
    assert here.blind_index("cpr", "1") == here.blind_index("cpr", "1") == KeyStore(tmp_path / "here").blind_index("cpr", "1")
    assert here.blind_index("cpr", "1") != here.blind_index("cpr", "2")
    assert here.blind_index("cpr", "1") != here.blind_index("phone", "1")
    assert here.blind_index("cpr", "1") != there.blind_index("cpr", "1"), (
        "without the key the index can't be searched by guessing"
    )


def test_nobody_else_on_the_machine_may_read_keys(tmp_path: Path) -> None:
    KeyStore(tmp_path / "keys").draw()
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    for name in ("keys.sqlite3", "master.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600, name
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"keys.sqlite3", "master.key"}


def test_threads_draw_at_once_and_get_different_keys(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: store.draw(), range(4 * BATCH)))
    assert len({key_id for key_id, _ in drawn}) == 4 * BATCH
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(store.read, ([key_id for key_id, _ in drawn[start::4]] for start in range(4))))
    assert {key_id: key for part in parts for key_id, key in part.items()} == dict(drawn)


def test_a_forked_process_never_hands_out_its_parents_keys(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.draw()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            mine = [store.draw() for _ in range(3)]
            opened = store.read(key_id for key_id, _ in mine) == dict(mine)
            os.write(writing, b"".join(key_id.bytes for key_id, _ in mine) if opened else b"unreadable")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    theirs = {uuid.UUID(bytes=said[start : start + 16]) for start in range(0, len(said), 16)}
    assert len(theirs) == 3
    ours = {store.draw()[0] for _ in range(BATCH)}
    assert not ours & theirs
    assert theirs <= set(_stored(tmp_path))


def test_processes_that_begin_together_share_one_master_key(tmp_path: Path) -> None:
    program = "import pathlib, sys; from forebyg.store.keys import KeyStore; print(KeyStore(pathlib.Path(sys.argv[1])).blind_index('cpr', '1').hex())"
    command = [sys.executable, "-c", program, str(tmp_path / "keys")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=30)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert len(set(said)) == 1
