"""Bodies in signed or unsigned chunks, with or without a trailer (content encoding aws-chunked).

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from emulation.cloud.s3.errors import S3Error, signature_mismatch
from emulation.cloud.sigv4 import Credential, is_same, sign

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_WITH_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_WITH_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
FORMS = frozenset({SIGNED, SIGNED_WITH_TRAILER, UNSIGNED_WITH_TRAILER})
# No sign: a size below zero would lead back to what was read.
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_EMPTY = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """What the signatures of the chunks are chained from: the request's own signature, and how it was made."""

    secret: str
    credential: Credential
    amz_date: str
    seed: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """The body without its frame; `trailers` by name in lower case."""

    content: bytes
    trailers: dict[str, str] = field(default_factory=dict)


def decode(body: bytes, form: str, chain: Chain) -> Decoded:
    """The content of a chunked body. Raises IncompleteBody, or SignatureDoesNotMatch at the first false signature."""
    signature = chain.seed
    parts = []
    position = 0
    while True:
        size, given, position = _read_head(body, position)
        part = body[position : position + size]
        if len(part) < size:
            raise _incomplete()
        if form != UNSIGNED_WITH_TRAILER:
            signature = _check(chain, "PAYLOAD", f"{signature}\n{_EMPTY}\n{sha256(part).hexdigest()}", given)
        position += size
        if size == 0:
            break
        if body[position : position + 2] != b"\r\n":
            raise _incomplete()
        position += 2
        parts.append(part)
    trailers = dict(_read_trailers(body[position:])) if form != SIGNED else {}
    if form == SIGNED_WITH_TRAILER:
        given = trailers.pop("x-amz-trailer-signature", "")
        text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        _check(chain, "TRAILER", f"{signature}\n{sha256(text.encode()).hexdigest()}", given)
    return Decoded(b"".join(parts), trailers)


def _read_head(body: bytes, position: int) -> tuple[int, str, int]:
    end = body.find(b"\r\n", position)
    if end < 0:
        raise _incomplete()
    size, _, extension = body[position:end].partition(b";")
    if not _SIZE.fullmatch(size):
        raise _incomplete()
    return int(size, 16), extension.partition(b"chunk-signature=")[2].decode("latin-1"), end + 2


def _read_trailers(rest: bytes) -> Iterator[tuple[str, str]]:
    for line in rest.decode("latin-1").split("\r\n"):
        name, found, value = line.partition(":")
        if found:
            yield name.strip().lower(), value.strip()


def _check(chain: Chain, kind: str, text: str, given: str) -> str:
    whole = f"AWS4-HMAC-SHA256-{kind}\n{chain.amz_date}\n{chain.credential.scope}\n{text}"
    signature = sign(chain.secret, chain.credential, whole)
    if not is_same(signature, given):
        raise signature_mismatch(chain.credential.access_key, given, whole)
    return signature


def _incomplete() -> S3Error:
    return S3Error(400, "IncompleteBody", "The request body terminated unexpectedly")
