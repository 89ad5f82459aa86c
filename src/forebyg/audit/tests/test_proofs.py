"""Proofs of events: made from the tree, checked with a public key alone, and what breaks them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from conftest import connected_to
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_django import DjangoDbBlocker

from forebyg.access.models import Worker
from forebyg.audit.proof_files import FileUnusable, HeadFile, ProofFile, faults_of, read_head, read_proof, read_public_key
from forebyg.audit.proving import NothingToProve, prove
from forebyg.audit.record import record
from forebyg.audit.seal_key import pem_of
from forebyg.audit.tests.conftest import Ground
from forebyg.audit.tree import newest_head
from forebyg.store.identity import acting
from forebyg.store.roles import OWNER, SEALER
from forebyg.store.sealed import key_store

pytestmark = pytest.mark.real_commits
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def written(ground: Ground) -> list[str]:
    """Eleven sealed events."""
    written = ground.write(11)
    ground.seal(limit=4)
    return written


def _head(ground: Ground) -> HeadFile:
    signed = newest_head(ground.connect(SEALER))
    assert signed is not None
    return HeadFile.of(signed, ground.key.public_key())


def _prove(ground: Ground, event_id: str, *, kept: HeadFile | None = None) -> ProofFile:
    return prove(ground.connect(SEALER), uuid.UUID(event_id), kept=kept)


@pytest.mark.req("R-217", part="an event is proved with the public key alone")
def test_every_event_is_proved(ground: Ground, written: list[str]) -> None:
    public_key = ground.key.public_key()
    for event_id in written:
        proof = _prove(ground, event_id)
        assert faults_of(proof, public_key) == []
        assert json.loads(proof.event)["id"] == event_id


def test_a_proof_tells_nothing_for_another_key_event_or_place(ground: Ground, written: list[str]) -> None:
    proof, public_key = _prove(ground, written[5]), ground.key.public_key()
    other_head = proof.head.model_copy(update={"root": "00" * 32})
    altered = [
        proof.model_copy(update={"event": proof.event.replace("case-read", "case-seen")}),
        proof.model_copy(update={"position": proof.position + 1}),
        proof.model_copy(update={"path": proof.path[:-1]}),
        proof.model_copy(update={"head": other_head}),
    ]
    assert all(faults_of(each, public_key) for each in altered)
    assert faults_of(proof, Ed25519PrivateKey.generate().public_key())
    assert faults_of(proof, public_key) == []


def test_a_proof_ties_the_ledger_to_a_head_that_was_kept(ground: Ground, written: list[str]) -> None:
    kept, public_key = _head(ground), ground.key.public_key()
    later = ground.write(6)
    ground.seal()
    for event_id in (written[0], later[-1]):
        assert faults_of(_prove(ground, event_id, kept=kept), public_key, kept=kept) == []
        assert faults_of(_prove(ground, event_id), public_key, kept=kept), "it says nothing about the kept head"
    assert faults_of(_prove(ground, later[0], kept=_head(ground)), public_key, kept=_head(ground)) == []


def test_a_proof_of_a_rewritten_ledger_fails_against_the_kept_head(ground: Ground, written: list[str]) -> None:
    kept = _head(ground)
    rewritten = kept.model_copy(update={"root": "00" * 32})
    proof = _prove(ground, written[0], kept=kept)
    assert len(faults_of(proof, ground.key.public_key(), kept=rewritten)) == 2
    other_place = kept.model_copy(update={"installation": str(uuid.uuid4())})
    assert faults_of(proof, ground.key.public_key(), kept=other_place)


@pytest.mark.req("R-217", part="a reason that was erased leaves every proof valid")
def test_an_erased_reason_leaves_every_proof_valid(ground: Ground, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), connected_to(ground.database):
        worker = Worker.objects.get(email__startswith="vink@")
        with acting(worker.id) as now:
            record("case-read", actor=worker, at=now, reason="Opfundet grund")
    ((event_id, key_id),) = ground.look("SELECT id::text, key_id FROM audit_event")
    ground.seal()
    proof = _prove(ground, event_id)
    assert "Opfundet" not in proof.event
    assert key_store().destroy([key_id]) == 1
    assert faults_of(proof, ground.key.public_key()) == []
    assert _prove(ground, event_id) == proof
    assert ground.verify().is_sound


@pytest.mark.req("R-217", part="a proof can be checked without this program")
def test_the_program_of_the_documentation_checks_a_proof(ground: Ground, written: list[str], tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/ledger.md").read_text(encoding="utf-8"), re.DOTALL)
    proof = _prove(ground, written[-1])
    altered = proof.model_copy(update={"event": proof.event.replace("case-read", "case-seen")})
    said = []
    for name, each in (("proof", proof), ("altered", altered)):
        (tmp_path / name).write_text(each.model_dump_json())
        (tmp_path / "key").write_text(pem_of(ground.key.public_key()))
        command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / name), str(tmp_path / "key")]
        said.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    assert said == ["holds", "DOES NOT HOLD"]


def test_what_is_not_there_or_not_sealed_has_no_proof(ground: Ground, written: list[str]) -> None:
    (waiting,) = ground.write()
    for event_id in (waiting, str(uuid.uuid4())):
        with pytest.raises(NothingToProve):
            _prove(ground, event_id)
    larger = _head(ground).model_copy(update={"size": 99})
    with pytest.raises(NothingToProve):
        _prove(ground, written[0], kept=larger)


def test_a_changed_event_has_a_proof_that_does_not_hold(ground: Ground, written: list[str]) -> None:
    owner = ground.connect(OWNER)
    owner.execute("ALTER TABLE audit_event DISABLE TRIGGER for_ever")
    owner.execute("UPDATE audit_event SET action = 'other' WHERE id = %s", [written[2]])
    assert faults_of(_prove(ground, written[2]), ground.key.public_key())


def test_files_are_read_back_as_they_were_written(ground: Ground, written: list[str], tmp_path: Path) -> None:
    head, proof = _head(ground), _prove(ground, written[0])
    for name, content in (
        ("h", head.model_dump_json()),
        ("p", proof.model_dump_json()),
        ("k", pem_of(ground.key.public_key())),
    ):
        (tmp_path / name).write_text(content)
    assert read_head(tmp_path / "h") == head
    assert read_head(tmp_path / "h").signed.is_signed_by(head.key)
    assert read_proof(tmp_path / "p") == proof
    assert read_public_key(tmp_path / "k").public_bytes_raw() == ground.key.public_key().public_bytes_raw()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format": "forebyg-head-1", "size": -1}', None])
def test_another_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    for read in (read_head, read_proof, read_public_key):
        with pytest.raises(FileUnusable):
            read(path)
