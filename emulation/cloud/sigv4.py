"""AWS Signature Version 4, as the services compute it: pure functions, no clock and no state.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from emulation.cloud.exchange import Request

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_DATE = re.compile(r"\d{8}T\d{6}Z")
_SPACES = re.compile(" +")
_UNRESERVED = "-_.~"


class MalformedSignatureError(ValueError):
    """A signature's parts cannot be read; `part` is the parameter that is wrong, the text says what was expected."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True, slots=True)
class Credential:
    """`AKID/20130524/us-east-1/s3/aws4_request`, taken apart."""

    access_key: str
    date: str
    region: str
    service: str

    @property
    def scope(self) -> str:
        """The credential without its access key."""
        return f"{self.date}/{self.region}/{self.service}/{TERMINATOR}"


@dataclass(frozen=True, slots=True)
class HeaderSignature:
    """What an Authorization header says; `signed_headers` in lower case, as they were listed."""

    credential: Credential
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A computed signature with the two texts that it was computed from."""

    signature: str
    string_to_sign: str
    canonical_request: str

    def matches(self, given: str) -> bool:
        """Whether the given signature is this one."""
        return is_same(self.signature, given)


def is_same(signature: str, given: str) -> bool:
    """Whether a given signature is the computed one, compared in constant time."""
    return hmac.compare_digest(to_bytes(signature), to_bytes(given))


def parse_credential(text: str) -> Credential:
    """A credential; raises MalformedSignatureError."""
    # An access key may hold slashes; the scope's four parts may not.
    parts = text.rsplit("/", 4)
    if len(parts) != 5 or parts[4] != TERMINATOR or not all(parts):
        raise MalformedSignatureError(
            "Credential",
            f'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/{TERMINATOR}".',
        )
    return Credential(*parts[:4])


@lru_cache(maxsize=64)
def parse_date(amz_date: str) -> datetime:
    """The time of an X-Amz-Date such as 20130524T000000Z; raises MalformedSignatureError."""
    try:
        if _DATE.fullmatch(amz_date):
            return datetime.strptime(amz_date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise MalformedSignatureError("Date", "the date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")


@lru_cache(maxsize=256)
def _authorization_parts(fields: str) -> tuple[Credential, tuple[str, ...]]:
    found = dict(part.strip().partition("=")[::2] for part in fields.split(","))
    for name in ("Credential", "SignedHeaders"):
        if not found.get(name):
            raise MalformedSignatureError(name, f"the authorization header requires '{name}' parameter")
    return parse_credential(found["Credential"]), tuple(found["SignedHeaders"].lower().split(";"))


def parse_authorization(value: str) -> HeaderSignature | None:
    """An Authorization header; None when it is not of this algorithm. Raises MalformedSignatureError."""
    algorithm, _, fields = value.partition(" ")
    if algorithm != ALGORITHM:
        return None
    # All but the signature is the same in a client's next request, so it is read once.
    before, found, rest = fields.partition("Signature=")
    signature, _, after = rest.partition(",")
    if not found or not signature.strip():
        raise MalformedSignatureError("Signature", "the authorization header requires 'Signature' parameter")
    credential, signed_headers = _authorization_parts(f"{before}{after}".strip().rstrip(","))
    return HeaderSignature(credential, signed_headers, signature.strip())


def s3_path(raw_path: str) -> str:
    """The canonical path of a request to S3, which is encoded once, and never normalised."""
    return quote(unquote_to_bytes(raw_path), safe="/" + _UNRESERVED)


def service_path(raw_path: str) -> str:
    """The canonical path of a request to any other service: what is encoded already is encoded again."""
    return quote(s3_path(raw_path), safe="/" + _UNRESERVED)


def to_bytes(text: str) -> bytes:
    """A text as it came over the wire; bytes that are no UTF-8 stand in it as surrogates."""
    return text.encode("utf-8", "surrogateescape")


def _quote(text: str) -> str:
    return quote(to_bytes(text), safe=_UNRESERVED)


def canonical_query(raw_query: str, without: Collection[str] = ()) -> str:
    """The query's parameters encoded anew and sorted, but for those of the names in `without`."""
    if not raw_query:
        return ""
    pairs = sorted(
        (_quote(name), _quote(value))
        for name, value in parse_qsl(raw_query, keep_blank_values=True, errors="surrogateescape")
        if name not in without
    )
    return "&".join(f"{name}={value}" for name, value in pairs)


def canonical_headers(headers: Iterable[tuple[str, str]], signed_headers: Iterable[str]) -> str:
    """One line for each signed header; values trimmed, inner spaces folded, repeated ones joined by commas."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(_SPACES.sub(" ", value.strip()))
    return "".join(f"{name}:{','.join(found.get(name, ()))}\n" for name in signed_headers)


def canonical_request(
    request: Request, path: str, signed_headers: Collection[str], payload_hash: str, without: Collection[str] = ()
) -> str:
    """The text that is hashed into the string to sign: `path` is canonical already, `without` are unsigned parameters.

    `payload_hash` is the body's SHA-256 in hexadecimal, or what x-amz-content-sha256 says.
    """
    query = canonical_query(request.target.partition("?")[2], without)
    headers = canonical_headers(request.headers.items(), signed_headers)
    return f"{request.method}\n{path}\n{query}\n{headers}\n{';'.join(signed_headers)}\n{payload_hash}"


def string_to_sign(amz_date: str, credential: Credential, request: str) -> str:
    """The text that is signed, of a canonical request."""
    return f"{ALGORITHM}\n{amz_date}\n{credential.scope}\n{sha256(to_bytes(request)).hexdigest()}"


@lru_cache(maxsize=256)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key that a secret has on a day, in a region, for a service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, TERMINATOR):
        key = hmac.digest(key, part.encode(), sha256)
    return key


def sign(secret: str, credential: Credential, text: str) -> str:
    """The signature of a text, in hexadecimal."""
    key = signing_key(secret, credential.date, credential.region, credential.service)
    return hmac.digest(key, to_bytes(text), "sha256").hex()


def date_of(headers: Mapping[str, str]) -> str:
    """When a request says that it was signed, as it says it."""
    return headers.get("X-Amz-Date") or headers.get("Date", "")


def sign_canonical(secret: str, credential: Credential, amz_date: str, request: str) -> Signed:
    """The signature of a canonical request."""
    text = string_to_sign(amz_date, credential, request)
    return Signed(sign(secret, credential, text), text, request)


def sign_request(
    secret: str, given: HeaderSignature, request: Request, payload_hash: str, path_of: Callable[[str], str]
) -> Signed:
    """The signature that a request with an Authorization header has to carry; `path_of` is s3_path or service_path."""
    text = canonical_request(request, path_of(request.path), given.signed_headers, payload_hash)
    return sign_canonical(secret, given.credential, date_of(request.headers), text)
