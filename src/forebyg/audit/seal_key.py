"""The key that signs tree heads: an Ed25519 key in a file beside the key store, made before the first head and by command only after."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from forebyg.core.errors import ForebygError
from forebyg.store.whole_files import make_once

_OF_OTHERS = 0o077


class SealKeyUnusable(ForebygError):
    """The file of the signing key is missing or holds something else."""

    code = "seal-key-unusable"


class SealKeyMissing(ForebygError):
    """The ledger has signed heads and the key that signs them is not there. It is not replaced in silence."""

    code = "seal-key-missing"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.absolute()}, loggens nøgle, mangler, og loggen er underskrevet før. Er FOREBYG_DATA_FOLDER den rigtige mappe, og er "
            "dens disk tilsluttet? Ellers hent nøglen fra sin kopi. Er den tabt: forebyg audit new-key / "
            "The ledger's key is not there, and the ledger was signed before. Is that the right folder, and its disk mounted? "
            "Otherwise fetch the key from its copy. If it is lost, run that."
        )


class SealKeyThere(ForebygError):
    """A new signing key is asked for where there is one."""

    code = "seal-key-there"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.absolute()} er loggens nøgle, og der laves ingen ny, så længe den er der. Stop plomberingen, gem forebyg audit key, og flyt filen først. / "
            "The ledger has its key, and no new one is made while it is there. Stop the sealer, keep what that command shows, and move the file away first."
        )


def seal_key_file(data_folder: Path) -> Path:
    """Where the key lies: FOREBYG_SEAL_KEY_FILE, else beside the key store."""
    return Path(os.environ.get("FOREBYG_SEAL_KEY_FILE") or data_folder / "keys" / "seal.key")


def make_seal_key(path: Path, new: Ed25519PrivateKey | None = None) -> Ed25519PrivateKey:
    """The signing key; a new one (`new`, if given), readable by us alone, when there is none. Raises `SealKeyUnusable`."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = new or Ed25519PrivateKey.generate()
        make_once(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return read_seal_key(path)


def read_seal_key(path: Path) -> Ed25519PrivateKey:
    """The signing key that stands there. Raises `SealKeyUnusable`."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyUnusable(
            f"{path} er ikke loggens nøgle, eller den kan ikke læses. Sæt FOREBYG_SEAL_KEY_FILE til den rigtige fil. / "
            "It is not the ledger's key, or it cannot be read. Point FOREBYG_SEAL_KEY_FILE to the right file."
        )
    if mode & _OF_OTHERS:
        raise SealKeyUnusable(
            f"{path} er loggens nøgle, og kun dens ejer må kunne læse den. Kør chmod 600 på filen. / "
            "It is the ledger's key, and only its owner may be able to read it. Run that on the file."
        )
    return key


def pem_of(public_key: Ed25519PublicKey) -> str:
    """The public key as a file that anyone may have."""
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
