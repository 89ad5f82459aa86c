"""`forebyg seal` and `forebyg audit …` as an operator runs them: processes of their own, as the sealer's role."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.database import superuser

from forebyg.audit.proof_files import read_head
from forebyg.audit.tests.conftest import PATIENCE, Ground, ground
from forebyg.store.roles import OWNER

pytestmark = pytest.mark.real_commits
__all__ = ["ground"]


class Desk:
    """An operator's terminal, with a data folder of its own."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground = ground
        self.folder = folder
        own = {name: value for name, value in os.environ.items() if not name.startswith(("FOREBYG_", "DJANGO_"))}
        self.offline = own | {"PYTHONPATH": "src"}
        self.online = self.offline | {
            "FOREBYG_DATABASE_HOST": os.environ["FOREBYG_DATABASE_HOST"],
            "FOREBYG_DATABASE_NAME": ground.database,
            "FOREBYG_DATA_FOLDER": str(folder),
        }

    def run(self, *arguments: str, offline: bool = False) -> subprocess.CompletedProcess[str]:
        """Run `forebyg audit …` to its end."""
        environment = self.offline if offline else self.online
        command = [sys.executable, "-m", "forebyg.cli", "audit", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def seal(self) -> subprocess.Popen[str]:
        """Start `forebyg seal`."""
        command = [sys.executable, "-m", "forebyg.cli", "seal"]
        return subprocess.Popen(command, env=self.online, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def newest_heads(self) -> list[Path]:
        """The newest head of each agency."""
        return sorted(self.folder.glob("outbox/*/heads/newest.json"))

    def save(self, name: str, *arguments: str) -> Path:
        """Keep what a command prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        (self.folder / name).write_text(done.stdout)
        return self.folder / name


@pytest.fixture
def desk(ground: Ground, tmp_path: Path) -> Desk:
    """See `Desk`."""
    return Desk(ground, tmp_path)


@pytest.fixture
def sealed(desk: Desk) -> Iterator[Desk]:
    """Five events, sealed by the process, which has ended again."""
    desk.ground.write(5)
    process = desk.seal()
    try:
        assert _soon(lambda: desk.ground.unsealed() == 0 and desk.newest_heads())
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE)
        assert (process.returncode, said) == (0, "")
    finally:
        process.kill()
    yield desk


def test_a_signing_key_that_is_gone_is_replaced_by_command_only_and_that_stands_in_the_ledger(sealed: Desk) -> None:
    old = sealed.save("old.pem", "key")
    refused = sealed.run("new-key")
    assert refused.returncode == 1
    assert "er loggens nøgle, og der laves ingen ny" in refused.stderr
    place = sealed.folder / "keys" / "seal.key"
    place.unlink()
    sealer = sealed.seal()
    said, _ = sealer.communicate(timeout=PATIENCE)
    assert sealer.returncode == 1
    assert "forebyg audit new-key" in said
    assert not place.exists()
    made = sealed.run("new-key")
    assert made.returncode == 0, made.stderr
    ((key_id,),) = sealed.ground.look("SELECT codes ->> 'key_id' FROM audit_event WHERE action = 'audit.key-made'")
    sealer = sealed.seal()
    try:
        assert _soon(lambda: sealed.ground.unsealed() == 0)
        sealer.send_signal(signal.SIGTERM)
        said, _ = sealer.communicate(timeout=PATIENCE)
        assert (sealer.returncode, said) == (0, "")
    finally:
        sealer.kill()
    assert sealed.ground.look("SELECT key_id FROM audit_head ORDER BY size DESC LIMIT 1") == [(key_id,)]
    assert sealed.run("verify", "--key", str(old)).returncode == 0
    assert sealed.run("verify").returncode == 1


def test_the_process_seals_and_hands_each_agency_the_head(sealed: Desk) -> None:
    agencies = sealed.ground.look("SELECT id::text FROM access_agency ORDER BY 1")
    assert [path.parts[-3] for path in sealed.newest_heads()] == [agency for (agency,) in agencies] != []
    ((size,),) = sealed.ground.look("SELECT max(size) FROM audit_head")
    for path in sealed.newest_heads():
        assert read_head(path).size == size == 5
        assert read_head(path).signed.is_signed_by(read_head(path).key)


def test_the_process_waits_for_a_database_that_is_away_and_goes_on(desk: Desk) -> None:
    process = desk.seal()
    try:
        assert _soon(lambda: desk.ground.look("SELECT FROM audit_sealer WHERE was_there_at IS NOT NULL"))
        with superuser(desk.ground.database) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'forebyg_sealer' AND datname = %s",
                [desk.ground.database],
            )
        desk.ground.write(2)
        assert _soon(lambda: desk.ground.unsealed() == 0)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "the sealer waits for it" in said
    finally:
        process.kill()


def test_verify_finds_nothing_in_a_sound_ledger(sealed: Desk) -> None:
    kept = sealed.newest_heads()[0]
    sealed.ground.write(1)
    done = sealed.run("verify", "--against", str(kept))
    assert done.returncode == 0, done.stderr
    assert "5 sealed events" in done.stdout
    assert "1 wait for their seal" in done.stdout


@pytest.mark.req("R-217", part="the operator is told what was changed and where")
def test_verify_tells_what_was_changed_and_where(sealed: Desk) -> None:
    (target,) = sealed.ground.look("SELECT event_id::text FROM audit_leaf WHERE position = 3")[0]
    owner = sealed.ground.connect(OWNER)
    owner.execute("ALTER TABLE audit_event DISABLE TRIGGER for_ever")
    owner.execute("UPDATE audit_event SET action = 'other' WHERE id = %s", [target])
    done = sealed.run("verify")
    assert done.returncode == 1
    assert f"changed: plads / position 3 hændelse / event {target}" in done.stdout


def test_verify_against_a_kept_head_finds_a_ledger_that_was_emptied(sealed: Desk) -> None:
    kept = sealed.newest_heads()[0]
    owner = sealed.ground.connect(OWNER)
    for table in ("audit_event", "audit_leaf", "audit_head"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        owner.execute(f"TRUNCATE {table}".encode())
    assert sealed.run("verify").returncode == 0
    done = sealed.run("verify", "--against", str(kept))
    assert done.returncode == 1
    assert "removed: plads / position 0-4" in done.stdout


def test_a_proof_is_checked_without_database_or_settings(sealed: Desk) -> None:
    ((event_id,),) = sealed.ground.look("SELECT event_id::text FROM audit_leaf WHERE position = 2")
    kept, key = sealed.save("head.json", "head"), sealed.save("seal.pub", "key")
    proof = sealed.save("proof.json", "prove", event_id, "--against", str(kept))
    done = sealed.run("check", str(proof), "--key", str(key), "--against", str(kept), offline=True)
    assert done.returncode == 0, done.stderr
    assert event_id in done.stdout
    altered = json.loads(proof.read_text())
    altered["event"] = altered["event"].replace("case-read", "case-seen")
    proof.write_text(json.dumps(altered))
    done = sealed.run("check", str(proof), "--key", str(key), offline=True)
    assert done.returncode == 1
    assert "case-seen" not in done.stdout, "what is not proved is not shown as if it were"


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--against", "nothing.json"),
        ("prove", "01920000-0000-7000-8000-000000000001"),
        ("check", "nothing.json", "--key", "nothing.pem"),
        ("head",),
        ("key",),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(desk: Desk, arguments: tuple[str, ...]) -> None:
    done = desk.run(*arguments)
    assert done.returncode == 2
    assert " / " in done.stderr
    assert "Traceback" not in done.stderr


def _soon(condition: Callable[[], object]) -> bool:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
