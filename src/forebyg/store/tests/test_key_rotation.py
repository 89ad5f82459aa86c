"""A new master key: finished after any interruption, while other processes read and draw."""

from __future__ import annotations

import base64
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest

from forebyg.store import key_rotation
from forebyg.store.key_rotation import rotate
from forebyg.store.keys import BATCH, KeyStore, KeyStoreUnavailable
from forebyg.store.master_key import FILE_VARIABLE, KEY_VARIABLE, NEXT_KEY_VARIABLE, MasterKeys

# A rotation that ends itself as kill -9 would, before or after its n-th durable step. Prints how many steps it took.
DYING = """
import os, pathlib, signal, sys
from forebyg.store import key_file, key_rotation, master_key
from forebyg.store.keys import KeyStore

folder, fatal = pathlib.Path(sys.argv[1]), int(sys.argv[2])
key_rotation.AT_ONCE = 100
store, steps = KeyStore(folder), 0

def counted(function):
    def step(*arguments, **named):
        at(0)
        answer = function(*arguments, **named)
        at(1)
        return answer
    return step

def at(_):
    global steps
    steps += 1
    if steps == fatal:
        os.kill(os.getpid(), signal.SIGKILL)

os.link, os.fsync, pathlib.Path.replace = counted(os.link), counted(os.fsync), counted(pathlib.Path.replace)
writing = key_file.KeyFile.writing
class Counted:
    def __init__(self, file): self.inner = writing(file)
    def __enter__(self):
        self.connection = self.inner.__enter__()
        return self.connection
    def __exit__(self, *error):
        at(0)
        answer = self.inner.__exit__(*error)
        at(1)
        return answer
key_file.KeyFile.writing = lambda file: Counted(file)
key_rotation.rotate(store, tell=lambda done, total: None)
print(steps)
"""


@pytest.fixture(autouse=True)
def no_master_key_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (FILE_VARIABLE, KEY_VARIABLE, NEXT_KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def _drawn(folder: Path, number: int) -> dict[uuid.UUID, bytes]:
    store = KeyStore(folder)
    return dict(store.draw() for _ in range(number))


def _versions(folder: Path) -> dict[int, int]:
    """Version of the master key → how many data keys it wraps."""
    with sqlite3.connect(folder / "keys.sqlite3") as connection:
        return dict(connection.execute("SELECT master, count(*) FROM data_key GROUP BY master").fetchall())


def _quiet(done: int, total: int) -> None:
    pass


@pytest.mark.req("R-220", part="the master key can be changed")
def test_every_key_is_wrapped_anew_and_opens_as_before(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, 3 * BATCH)
    before, index = (tmp_path / "master.key").read_bytes(), KeyStore(tmp_path).blind_index("cpr", "1")
    told: list[tuple[int, int]] = []
    rotated = rotate(KeyStore(tmp_path), tell=lambda done, total: told.append((done, total)))
    assert (rotated.version, rotated.keys) == (2, 3 * BATCH)
    assert (told[0], told[-1]) == ((0, 3 * BATCH), (3 * BATCH, 3 * BATCH))
    assert _versions(tmp_path) == {2: 3 * BATCH}
    assert (tmp_path / "master.key").read_bytes() != before
    assert KeyStore(tmp_path).read(drawn) == drawn
    assert KeyStore(tmp_path).blind_index("cpr", "1") == index, "citizens are still found by their number"
    assert rotated.kept is not None
    assert rotated.kept.read_bytes() == before, "older backups of the key store need it"


def test_after_it_the_earlier_master_key_opens_nothing(tmp_path: Path) -> None:
    _drawn(tmp_path, 1)
    before = (tmp_path / "master.key").read_bytes()
    rotated = rotate(KeyStore(tmp_path), tell=_quiet)
    assert rotated.kept is not None
    rotated.kept.unlink()
    (tmp_path / "master.key").write_bytes(before)
    with pytest.raises(KeyStoreUnavailable, match="passer"):
        KeyStore(tmp_path)


def test_a_copy_of_the_key_store_from_before_opens_with_the_kept_master_key(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, 5)
    copy = (tmp_path / "keys.sqlite3").read_bytes()
    rotate(KeyStore(tmp_path), tell=_quiet)
    (tmp_path / "keys.sqlite3").write_bytes(copy)
    assert KeyStore(tmp_path).read(drawn) == drawn


def test_a_running_process_reads_and_draws_during_and_after_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = _drawn(tmp_path, 4 * BATCH)
    running, other = KeyStore(tmp_path), KeyStore(tmp_path)
    running.draw()
    monkeypatch.setattr(key_rotation, "AT_ONCE", 50)

    def work(done: int, total: int) -> None:
        assert running.read(drawn) == drawn
        fresh = dict(running.draw() for _ in range(BATCH))
        assert other.read(fresh) == fresh
        assert KeyStore(tmp_path).read(drawn) == drawn, "and one that starts in the middle"
        drawn.update(fresh)

    rotate(KeyStore(tmp_path), tell=work)
    assert set(_versions(tmp_path)) == {2}
    work(0, 0)
    rotate(other, tell=_quiet)
    work(0, 0)


def test_a_rotation_killed_at_any_step_is_finished_by_the_next(tmp_path: Path) -> None:
    for fatal in range(1, 100):
        folder = tmp_path / str(fatal)
        drawn = _drawn(folder, 3 * BATCH)
        index = KeyStore(folder).blind_index("cpr", "1")
        running = KeyStore(folder)
        died = subprocess.run(
            [sys.executable, "-c", DYING, str(folder), str(fatal)], capture_output=True, text=True, timeout=60
        )
        for store in (running, KeyStore(folder)):
            assert store.read(drawn) == drawn, fatal
            new_id, new_key = store.draw()
            drawn[new_id] = new_key
        rotate(KeyStore(folder), tell=_quiet)
        assert len(_versions(folder)) == 1, fatal
        assert running.read(drawn) == KeyStore(folder).read(drawn) == drawn, fatal
        assert KeyStore(folder).blind_index("cpr", "1") == index
        assert not (folder / "master.key.next").exists()
        if died.returncode == 0:
            break
        assert died.returncode == -signal.SIGKILL, died.stderr
    assert fatal > 15, "it was killed before and after each durable step"


def test_a_rotation_killed_again_and_again_at_once_ends_well(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, 10 * BATCH)
    for fatal in range(9, 24, 2):
        subprocess.run([sys.executable, "-c", DYING, str(tmp_path), str(fatal)], capture_output=True, timeout=60)
        assert KeyStore(tmp_path).read(drawn) == drawn
    rotate(KeyStore(tmp_path), tell=_quiet)
    assert KeyStore(tmp_path).read(drawn) == drawn


def test_two_do_not_rotate_at_once(tmp_path: Path) -> None:
    _drawn(tmp_path, 1)
    refused: list[str] = []

    def another(done: int, total: int) -> None:
        def run() -> None:
            with pytest.raises(KeyStoreUnavailable) as caught:
                rotate(KeyStore(tmp_path), tell=_quiet)
            refused.append(str(caught.value))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    rotate(KeyStore(tmp_path), tell=another)
    assert refused
    assert "af en anden" in refused[0]


def test_a_master_key_from_the_environment_is_changed_by_its_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    monkeypatch.setenv(KEY_VARIABLE, first)
    drawn = _drawn(tmp_path, 5)
    with pytest.raises(KeyStoreUnavailable, match=NEXT_KEY_VARIABLE):
        rotate(KeyStore(tmp_path), tell=_quiet)
    monkeypatch.setenv(NEXT_KEY_VARIABLE, first)
    with pytest.raises(KeyStoreUnavailable, match="allerede"):
        rotate(KeyStore(tmp_path), tell=_quiet)
    monkeypatch.setenv(NEXT_KEY_VARIABLE, second)
    assert rotate(KeyStore(tmp_path), tell=_quiet).kept is None
    monkeypatch.setenv(KEY_VARIABLE, second)
    monkeypatch.delenv(NEXT_KEY_VARIABLE)
    assert KeyStore(tmp_path).read(drawn) == drawn
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite3"]
    assert MasterKeys(tmp_path).place == KEY_VARIABLE
