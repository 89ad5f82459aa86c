"""The key that signs tree heads: made once, readable by its owner alone, never replaced in silence."""

from __future__ import annotations

import concurrent.futures
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key

from forebyg.audit.seal_key import SealKeyUnusable, make_seal_key, pem_of, read_seal_key, seal_key_file


def test_a_key_is_made_on_first_use_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "seal.key"
    first = make_seal_key(path)
    assert make_seal_key(path).private_bytes_raw() == read_seal_key(path).private_bytes_raw() == first.private_bytes_raw()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["seal.key"], "no draft is left"


def test_of_many_that_begin_at_once_all_get_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        keys = {key.private_bytes_raw() for key in pool.map(make_seal_key, [path] * 16)}
    assert len(keys) == 1


def test_the_public_key_is_printed_as_pem_and_tells_nothing_of_the_other(tmp_path: Path) -> None:
    key = make_seal_key(tmp_path / "seal.key")
    text = pem_of(key.public_key())
    assert text.startswith("-----BEGIN PUBLIC KEY-----")
    assert load_pem_public_key(text.encode()) == key.public_key()


def test_the_file_lies_beside_the_key_store_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOREBYG_SEAL_KEY_FILE", raising=False)
    assert seal_key_file(tmp_path) == tmp_path / "keys" / "seal.key"
    monkeypatch.setenv("FOREBYG_SEAL_KEY_FILE", "/elsewhere/key")
    assert seal_key_file(tmp_path) == Path("/elsewhere/key")


def _of_another_kind() -> bytes:
    return X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("content", [b"", b"text", _of_another_kind()], ids=["empty", "text", "of another kind"])
def test_what_is_no_signing_key_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SealKeyUnusable, match="FOREBYG_SEAL_KEY_FILE"):
        make_seal_key(path)
    assert path.read_bytes() == content


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    make_seal_key(path)
    path.chmod(0o640)
    with pytest.raises(SealKeyUnusable, match="chmod 600"):
        read_seal_key(path)


def test_a_key_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(SealKeyUnusable):
        read_seal_key(tmp_path / "seal.key")
    assert list(tmp_path.iterdir()) == []
