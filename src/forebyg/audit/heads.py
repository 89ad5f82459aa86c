"""Tree heads: how many events there are, the root over all of them, when and where, signed with Ed25519."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = "forebyg-head-1"


@dataclass(frozen=True)
class Head:
    """What is signed. `at` is in UTC as ISO 8601, `installation` and `key_id` are as in `audit_head`."""

    size: int
    root: bytes
    at: str
    installation: str
    key_id: str

    @property
    def signed_bytes(self) -> bytes:
        """The text, in UTF-8, that the signature is over."""
        fields = {
            "at": self.at,
            "format": FORMAT,
            "installation": self.installation,
            "key_id": self.key_id,
            "root": self.root.hex(),
            "size": self.size,
        }
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class SignedHead:
    """A head with its signature, which may be wrong until `is_signed_by` says otherwise."""

    head: Head
    signature: bytes

    def is_signed_by(self, public_key: Ed25519PublicKey) -> bool:
        """Whether this key made the signature, and is the one that the head names."""
        try:
            public_key.verify(self.signature, self.head.signed_bytes)
        except InvalidSignature:
            return False
        return self.head.key_id == key_id_of(public_key)


def sign(size: int, root: bytes, *, at: str, installation: str, key: Ed25519PrivateKey) -> SignedHead:
    """The signed head of a tree."""
    head = Head(size, root, at, installation, key_id_of(key.public_key()))
    return SignedHead(head, key.sign(head.signed_bytes))


def key_id_of(public_key: Ed25519PublicKey) -> str:
    """The first 16 bytes of the SHA-256 of the key's 32, in hexadecimal."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()[:32]
