"""The key store: keys are durable before they are used, wrapped by a master key, and gone when they are destroyed."""

import concurrent.futures
import os
import sqlite3
import stat
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from forebyg.store.keys import BATCH, KeyStore, KeyStoreUnavailable

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture(autouse=True)
def no_master_key_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOREBYG_MASTER_KEY_FILE", raising=False)


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
    monkeypatch.setenv("FOREBYG_MASTER_KEY_FILE", str(other))
    with pytest.raises(KeyStoreUnavailable, match="FOREBYG_MASTER_KEY_FILE") as caught:
        KeyStore(tmp_path / "keys")
    assert caught.value.__cause__ is None, "the cause would tell more than the refusal"
    monkeypatch.delenv("FOREBYG_MASTER_KEY_FILE")
    KeyStore(tmp_path / "keys").draw()


def test_a_master_key_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(b"short")
    with pytest.raises(KeyStoreUnavailable, match="32 byte"):
        KeyStore(tmp_path)


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
