"""What the demo does with its folder, its port and what it remembers; no server is started."""

from __future__ import annotations

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from forebyg.cli import fingerprint
from forebyg.cli.demo import HOST, STATE, Demo, DemoFailed, _free_port
from forebyg.cli.environment import demo_environment
from forebyg.store.embedded import Embedded


def _demo(folder: Path) -> Demo:
    return Demo(folder, tell=lambda line: None)


def test_a_folder_that_is_not_a_demos_is_refused_even_when_asked_to_begin_anew(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_bytes(b"k" * 32)
    with pytest.raises(DemoFailed, match="--folder"):
        _demo(tmp_path).start(fresh=True)
    assert (tmp_path / "keys" / "master.key").read_bytes() == b"k" * 32


def test_what_the_demo_remembers_is_for_its_owner_only_and_its_secret_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "demo"
    first = _demo(folder)
    first._open_folder(fresh=False)
    first._remember(is_filled=True)
    again = _demo(folder)
    again._open_folder(fresh=False)
    assert again._state.secret_key == first._state.secret_key
    assert again._state.is_filled
    assert stat.S_IMODE((folder / STATE).stat().st_mode) == 0o600
    assert len(json.loads((folder / STATE).read_text())["secret_key"]) > 50


@pytest.mark.parametrize(("fresh", "was_filled", "is_kept"), [(False, True, True), (True, True, False), (False, False, False)])
def test_keys_are_removed_when_the_demo_begins_anew_or_was_left_half_filled(
    tmp_path: Path, fresh: bool, was_filled: bool, is_kept: bool
) -> None:
    demo = _demo(tmp_path / "demo")
    demo._open_folder(fresh=False)
    demo._remember(is_filled=was_filled)
    key = tmp_path / "demo" / "keys" / "master.key"
    key.parent.mkdir()
    key.write_bytes(b"k" * 32)
    _demo(tmp_path / "demo")._open_folder(fresh=fresh)
    assert key.exists() == is_kept


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < _free_port(port) < port + 50


def test_no_port_left_is_an_error_that_says_so() -> None:
    with pytest.raises(DemoFailed, match="--port"):
        _free_port(65536)


def test_a_child_gets_the_demos_settings_and_none_of_the_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREBYG_DATABASE_URL", "postgresql://real.example/forebyg")
    monkeypatch.setenv("FOREBYG_HOSTS", '["demo.example"]')
    database = Embedded(tmp_path / "postgres")
    environment = demo_environment(role="web", database=database, folder=tmp_path, port=8123, secret_key="s")
    ours = {name: value for name, value in environment.items() if name.startswith("FOREBYG_")}
    assert ours == {
        "FOREBYG_DEMO": "true",
        "FOREBYG_SECOND_FACTOR": "skipped",
        "FOREBYG_DATABASE_ROLE": "web",
        "FOREBYG_DATABASE_HOST": str(database.socket_folder),
        "FOREBYG_DATABASE_NAME": "forebyg",
        "FOREBYG_DATA_FOLDER": str(tmp_path),
        "FOREBYG_PORT": "8123",
        "FOREBYG_SECRET_KEY": "s",
        "FOREBYG_HOSTS": '["demo.example"]',
    }


def test_a_demo_skips_the_second_factor_unless_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREBYG_SECOND_FACTOR", "required")
    database = Embedded(tmp_path / "postgres")
    environment = demo_environment(role="web", database=database, folder=tmp_path, port=8123, secret_key="s")
    assert environment["FOREBYG_SECOND_FACTOR"] == "required"


def test_the_fingerprints_follow_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "SOURCE", tmp_path)
    migration = tmp_path / "cases" / "migrations" / "0001_case.py"
    style = tmp_path / "ui" / "static" / "ui" / "app.css"
    for file in (migration, style):
        file.parent.mkdir(parents=True)
        file.write_text("a")
    before = fingerprint.of_migrations(), fingerprint.of_static_files()
    assert (fingerprint.of_migrations(), fingerprint.of_static_files()) == before
    migration.write_text("b")
    os.utime(style, ns=(1, 1))
    assert fingerprint.of_migrations() != before[0]
    assert fingerprint.of_static_files() != before[1]
