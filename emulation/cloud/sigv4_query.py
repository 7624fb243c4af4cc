"""Presigned URLs: Signature Version 4 in the query of a request.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from emulation.cloud.exchange import Request
from emulation.cloud.sigv4 import (
    ALGORITHM,
    UNSIGNED_PAYLOAD,
    Credential,
    MalformedSignatureError,
    Signed,
    canonical_request,
    parse_credential,
    parse_date,
    s3_path,
    sign_canonical,
)

LONGEST_EXPIRY_SECONDS = 7 * 86_400
# The query parameters that make a presigned URL of this version; the signature itself is not signed.
PRESIGNED_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
)


@dataclass(frozen=True, slots=True)
class QuerySignature:
    """What a presigned URL says."""

    credential: Credential
    signed_headers: tuple[str, ...]
    signature: str
    amz_date: str
    signed_at: datetime
    expires_in_seconds: int


def parse_presigned(query: Mapping[str, str]) -> QuerySignature | None:
    """A presigned URL's query; None when it has none of the parameters. Raises MalformedSignatureError."""
    present = [name for name in PRESIGNED_PARAMETERS if query.get(name)]
    if not present:
        return None
    if query.get("X-Amz-Algorithm", ALGORITHM) != ALGORITHM:
        raise MalformedSignatureError("X-Amz-Algorithm", f'X-Amz-Algorithm only supports "{ALGORITHM}"')
    if len(present) < len(PRESIGNED_PARAMETERS):
        names = f"{', '.join(PRESIGNED_PARAMETERS[:-1])}, and {PRESIGNED_PARAMETERS[-1]}"
        raise MalformedSignatureError(
            "query", f"Query-string authentication version 4 requires the {names} parameters."
        )
    return QuerySignature(
        _presigned_credential(query["X-Amz-Credential"]),
        tuple(query["X-Amz-SignedHeaders"].lower().split(";")),
        query["X-Amz-Signature"],
        query["X-Amz-Date"],
        _presigned_date(query["X-Amz-Date"]),
        _presigned_expiry(query["X-Amz-Expires"]),
    )


def _presigned_credential(text: str) -> Credential:
    try:
        return parse_credential(text)
    except MalformedSignatureError as error:
        raise MalformedSignatureError(
            "X-Amz-Credential", f"Error parsing the X-Amz-Credential parameter; {error}"
        ) from None


def _presigned_date(text: str) -> datetime:
    try:
        return parse_date(text)
    except MalformedSignatureError:
        form = "yyyyMMdd'T'HHmmss'Z'"
        raise MalformedSignatureError("X-Amz-Date", f'X-Amz-Date must be in the ISO8601 Long Format "{form}"') from None


def _presigned_expiry(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise MalformedSignatureError("X-Amz-Expires", "X-Amz-Expires should be a number")
    # More digits than any valid number has: int() refuses thousands of them.
    seconds = int(text[:20])
    if seconds < 0:
        raise MalformedSignatureError("X-Amz-Expires", "X-Amz-Expires must be non-negative")
    if seconds > LONGEST_EXPIRY_SECONDS:
        raise MalformedSignatureError(
            "X-Amz-Expires",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            f"{LONGEST_EXPIRY_SECONDS} seconds",
        )
    return seconds


def sign_url(secret: str, given: QuerySignature, request: Request, payload_hash: str = UNSIGNED_PAYLOAD) -> Signed:
    """The signature that a presigned URL has to carry for this request; S3's URLs leave the body unsigned."""
    unsigned = ("X-Amz-Signature",)
    text = canonical_request(request, s3_path(request.path), given.signed_headers, payload_hash, unsigned)
    return sign_canonical(secret, given.credential, given.amz_date, text)
