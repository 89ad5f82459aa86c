"""The units in deploy/: each starts a command that there is, as an account without powers."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import typer.main

from forebyg.cli.commands import app
from forebyg.config.installation import Installation

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
PROGRAM = "/opt/forebyg/.venv/bin/forebyg"
HARDENING = {
    "User": "forebyg",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictSUIDSGID": "yes",
    "UMask": "0077",
    "SystemCallFilter": "@system-service",
}


def _read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text())
    return parser


def _by_name(unit: Path) -> str:
    return unit.name


def test_there_is_a_unit_for_each_process_that_runs_for_long() -> None:
    started = {shlex.split(_read(unit)["Service"]["ExecStart"])[1] for unit in SERVICES}
    assert started == {"database", "serve", "work", "seal", "backup", "keys"}


@pytest.mark.parametrize("unit", SERVICES, ids=_by_name)
def test_a_unit_starts_a_command_with_arguments_that_it_takes(unit: Path) -> None:
    program, *arguments = shlex.split(_read(unit)["Service"]["ExecStart"])
    assert program == PROGRAM
    command: click.Command = typer.main.get_command(app)
    while isinstance(command, click.Group):
        command = command.commands[arguments.pop(0)]
    command.make_context("forebyg", arguments)  # raises for what it does not take


@pytest.mark.parametrize("unit", SERVICES, ids=_by_name)
def test_a_unit_runs_without_powers_and_writes_in_its_own_places_only(unit: Path) -> None:
    service = _read(unit)["Service"]
    assert {name: service[name] for name in HARDENING} == HARDENING
    assert {place.split("/")[1] for place in service["ReadWritePaths"].split()} == {"var"}


def test_every_timer_starts_a_unit_that_there_is() -> None:
    timers = sorted(DEPLOY.glob("*.timer"))
    assert [timer.stem for timer in timers] == ["forebyg-backup", "forebyg-sweep"]
    for timer in timers:
        assert timer.with_suffix(".service").exists()
        assert _read(timer)["Timer"]["OnCalendar"]


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    program = Path(sys.executable).with_name("forebyg")
    for unit in [*SERVICES, *DEPLOY.glob("*.timer")]:
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAM, str(program)))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True
    )
    ours = [line for line in said.stderr.splitlines() if "forebyg" in line and "forebyg-" in line]
    assert ours == []


def test_the_example_of_settings_names_only_settings() -> None:
    from forebyg.store.master_key import FILE_VARIABLE

    names = {
        line.lstrip("# ").split("=")[0]
        for line in (DEPLOY / "environment.example").read_text().splitlines()
        if line.lstrip("# ").startswith("FOREBYG_")
    }
    assert names <= {f"FOREBYG_{field.upper()}" for field in Installation.model_fields} | {FILE_VARIABLE}
