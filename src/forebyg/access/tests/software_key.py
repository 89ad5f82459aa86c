"""A security key made of software, for tests: it answers as a key does, with or without having asked who holds it."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from conftest import as_owner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from forebyg.access.models import Worker

HOST = "testserver"
_HOST_HASH = hashlib.sha256(HOST.encode()).digest()
_TOUCHED, _VERIFIED, _HOLDS_KEY = 0x01, 0x04, 0x40


class SoftwareKey:
    """A key of this worker's, kept as if it had been set up; `signs_in_alone` as its worker chose then."""

    def __init__(self, worker: Worker, *, signs_in_alone: bool) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(16)
        self._holder = user_pk_to_url_str(worker).encode()
        public = ES256.from_cryptography_key(self._private.public_key())
        made = AuthenticatorData.create(
            _HOST_HASH, _TOUCHED | _VERIFIED | _HOLDS_KEY, 0, AttestedCredentialData.create(bytes(16), self._id, public)
        )
        credential = {
            **self._named(),
            "response": {
                "clientDataJSON": websafe_encode(_client_data("webauthn.create", b"x")),
                "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
            },
            "clientExtensionResults": {"credProps": {"rk": signs_in_alone}},
        }
        with as_owner():
            Authenticator.objects.create(user=worker, type="webauthn", data={"name": "Nøgle", "credential": credential})

    def answer(self, challenge: str, *, verified: bool) -> str:
        """What the browser sends. `challenge` as base64url; `verified`: by PIN, face or finger, and not by touch alone."""
        client = _client_data("webauthn.get", challenge)
        data = AuthenticatorData.create(_HOST_HASH, _TOUCHED | (_VERIFIED if verified else 0), 1)
        signature = self._private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self._holder),
        }
        return json.dumps({**self._named(), "response": response, "clientExtensionResults": {}})

    def _named(self) -> dict[str, Any]:
        name = websafe_encode(self._id)
        return {"id": name, "rawId": name, "type": "public-key", "authenticatorAttachment": "cross-platform"}


def _client_data(kind: str, challenge: bytes | str) -> bytes:
    return CollectedClientData.create(kind, challenge, f"https://{HOST}")
