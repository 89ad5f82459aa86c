"""Head files and proof files: what leaves the system, and checking it with a public key alone. No database, no Django set-up.

Described in docs/ledger.md, so that they can be checked without this program too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from forebyg.audit.heads import Head, SignedHead
from forebyg.audit.merkle import is_consistent, is_included, leaf_hash
from forebyg.core.errors import ForebygError

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=1)]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class FileUnusable(ForebygError):
    """A file that was handed in is not a head, a proof or a public key."""

    code = "ledger-file-unusable"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SignedHeadFields(_Strict):
    """A signed head."""

    format: Literal["forebyg-head-1"]
    size: Size
    root: Hash
    at: str
    installation: str
    key_id: str
    signature: Signature

    @classmethod
    def fields_of(cls, signed: SignedHead) -> SignedHeadFields:
        """The fields of a head."""
        head = signed.head
        return SignedHeadFields(
            format="forebyg-head-1",
            size=head.size,
            root=head.root.hex(),
            at=head.at,
            installation=head.installation,
            key_id=head.key_id,
            signature=signed.signature.hex(),
        )

    @property
    def signed(self) -> SignedHead:
        """The head."""
        head = Head(self.size, bytes.fromhex(self.root), self.at, self.installation, self.key_id)
        return SignedHead(head, bytes.fromhex(self.signature))


class HeadFile(SignedHeadFields):
    """A signed head with the public key that it can be checked with."""

    public_key: Hash

    @classmethod
    def of(cls, signed: SignedHead, public_key: Ed25519PublicKey) -> HeadFile:
        """The file of a head."""
        return cls(**cls.fields_of(signed).model_dump(), public_key=public_key.public_bytes_raw().hex())

    @property
    def key(self) -> Ed25519PublicKey:
        """The public key."""
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))


class Consistency(_Strict):
    """That the tree of the proof begins with the tree of an older head."""

    size: Size
    path: tuple[Hash, ...]


class ProofFile(_Strict):
    """That an event stands in the ledger: its canonical text, its place, and the way to the root of a signed head."""

    format: Literal["forebyg-proof-1"]
    event: str
    position: int
    path: tuple[Hash, ...]
    head: SignedHeadFields
    consistency: Consistency | None

    @classmethod
    def of(
        cls, *, event: str, position: int, path: list[bytes], head: SignedHead, consistency: Consistency | None
    ) -> ProofFile:
        """The file of a proof."""
        return cls(
            format="forebyg-proof-1",
            event=event,
            position=position,
            path=tuple(part.hex() for part in path),
            head=SignedHeadFields.fields_of(head),
            consistency=consistency,
        )


def faults_of(proof: ProofFile, public_key: Ed25519PublicKey, *, kept: HeadFile | None = None) -> list[str]:
    """What the proof fails to show, in words; nothing when it holds.

    With `kept`, a head that the reader has had since earlier, the proof must also show that the ledger was not rewritten since.
    """
    signed = proof.head.signed
    head, faults = signed.head, []
    if not signed.is_signed_by(public_key):
        faults.append("Hovedet er ikke underskrevet med nøglen. / The head is not signed with the key.")
    path = [bytes.fromhex(part) for part in proof.path]
    if not is_included(leaf_hash(proof.event.encode()), proof.position, head.size, path, head.root):
        faults.append("Hændelsen står ikke på pladsen i træet. / The event does not stand at that place in the tree.")
    if kept is not None and not _begins_with(proof, head, kept.signed.head):
        faults.append(
            "Beviset viser ikke, at loggen begynder som i det gemte hoved. / "
            "The proof does not show that the ledger begins as the kept head says."
        )
    if kept is not None and not kept.signed.is_signed_by(public_key):
        faults.append("Det gemte hoved er ikke underskrevet med nøglen. / The kept head is not signed with the key.")
    return faults


def read_head(path: Path) -> HeadFile:
    """Read a head file. Raises `FileUnusable`."""
    try:
        return HeadFile.model_validate_json(_text_of(path))
    except ValidationError:
        raise FileUnusable(f"{path} er ikke en hovedfil. / It is not a head file.") from None


def read_proof(path: Path) -> ProofFile:
    """Read a proof file. Raises `FileUnusable`."""
    try:
        return ProofFile.model_validate_json(_text_of(path))
    except ValidationError:
        raise FileUnusable(f"{path} er ikke en bevisfil. / It is not a proof file.") from None


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key in PEM. Raises `FileUnusable`."""
    try:
        key = load_pem_public_key(_text_of(path).encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise FileUnusable(f"{path} er ikke en offentlig Ed25519-nøgle. / It is not a public Ed25519 key.")
    return key


def _begins_with(proof: ProofFile, head: Head, kept: Head) -> bool:
    path: tuple[str, ...] = ()
    if proof.consistency is not None:
        if proof.consistency.size != kept.size:
            return False
        path = proof.consistency.path
    same_place = head.installation == kept.installation
    return same_place and is_consistent(kept.size, head.size, kept.root, head.root, [bytes.fromhex(part) for part in path])


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FileUnusable(f"{path} kan ikke læses. / It cannot be read.") from None
