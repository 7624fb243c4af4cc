"""The keys that sign a pool's tokens. Like Cognito's, a pool has two: one for id tokens, one for access tokens."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from emulation.cloud.cognito.state import PoolState, SigningKey

TOKEN_USES = ("id", "access")
KEY_BITS = 2048
PUBLIC_EXPONENT = 65537


def signing_key(state: PoolState, token_use: str) -> SigningKey:
    """The pool's key for `id` or `access` tokens, made when it is first needed."""
    if token_use not in state.keys:
        state.keys[token_use] = _new_key()
    return state.keys[token_use]


def _new_key() -> SigningKey:
    key = rsa.generate_private_key(PUBLIC_EXPONENT, KEY_BITS)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(base64.b64encode(hashlib.sha256(public).digest()).decode(), pem)


@lru_cache(maxsize=16)
def private_key(pem: bytes) -> rsa.RSAPrivateKey:
    """The key of a PEM text, which takes long to read."""
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("Cognito signs with RSA keys only")
    return key


def key_set(state: PoolState) -> dict[str, Any]:
    """The public keys, as `/.well-known/jwks.json` shows them."""
    return {"keys": [_public_key(signing_key(state, token_use)) for token_use in TOKEN_USES]}


def _public_key(key: SigningKey) -> dict[str, str]:
    numbers = json.loads(RSAAlgorithm.to_jwk(private_key(key.pem).public_key()))
    return {"alg": "RS256", "e": numbers["e"], "kid": key.kid, "kty": "RSA", "n": numbers["n"], "use": "sig"}
