"""How does a stored passkey look, without a real key behind it?"""

from __future__ import annotations

import hashlib
from typing import Any

from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from . import Centre


def build(centre: Centre) -> None:
    """Nothing: this module only lends its function to the room of people."""


def stored_passkey(key_id: bytes) -> dict[str, Any]:
    """Return what a browser hands over when a passkey is made, with invented key material."""
    public_key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    credential = AttestedCredentialData.create(Aaguid.NONE, key_id, public_key)
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    site = hashlib.sha256(b"testserver").digest()
    made = AuthenticatorData.create(site, flags, 0, credential)
    client = CollectedClientData.create("webauthn.create", b"c" * 32, "http://testserver")
    return {
        "type": "public-key",
        "id": websafe_encode(key_id),
        "rawId": websafe_encode(key_id),
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
