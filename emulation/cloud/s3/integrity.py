"""Content-MD5 and x-amz-checksum-*: what arrived has to be what was sent.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5

from emulation.cloud.s3.checksums import ALGORITHMS, DEFAULT, SIZES, checksum
from emulation.cloud.s3.errors import S3Error, invalid_request

PREFIX = "x-amz-checksum-"
# They describe a checksum, and are none.
DESCRIPTIONS = frozenset({"x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"})
_HEADERS = {f"{PREFIX}{algorithm.lower()}": algorithm for algorithm in ALGORITHMS}


@dataclass(frozen=True, slots=True)
class Checksum:
    """A checksum that was given, and holds."""

    algorithm: str
    value: str

    @property
    def header(self) -> str:
        """The header that carries it."""
        return f"{PREFIX}{self.algorithm.lower()}"


def check_md5(headers: Mapping[str, str], content: bytes) -> str:
    """The content's MD5 in hexadecimal, which is its ETag. Raises InvalidDigest or BadDigest."""
    digest = md5(content, usedforsecurity=False)
    given = headers.get("Content-MD5")
    if given is None:
        return digest.hexdigest()
    if _decoded_size(given) != digest.digest_size:
        raise S3Error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", {"Content-MD5": given})
    calculated = base64.b64encode(digest.digest()).decode()
    if given != calculated:
        raise S3Error(
            400,
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            {"ExpectedDigest": given, "CalculatedDigest": calculated},
        )
    return digest.hexdigest()


def check_checksum(headers: Mapping[str, str], trailers: Mapping[str, str], content: bytes) -> Checksum | None:
    """The checksum that came as a header or trailer, or None. Raises InvalidRequest or BadDigest."""
    announced = headers.get("x-amz-trailer", "").strip().lower()
    if announced and announced not in trailers:
        raise S3Error(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed")
    given = [
        (name.lower(), value)
        for source in (headers, trailers)
        for name, value in source.items()
        if name.lower().startswith(PREFIX) and name.lower() not in DESCRIPTIONS
    ]
    chosen = headers.get("x-amz-sdk-checksum-algorithm", "").upper()
    if len(given) > 1:
        raise invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    if not given:
        if chosen:
            raise invalid_request(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
                "headers were found."
            )
        return None
    return _checked(*given[0], chosen, content)


def default_checksum(content: bytes) -> Checksum:
    """The checksum of an object that came without one."""
    return Checksum(DEFAULT, checksum(DEFAULT, content))


def _checked(name: str, value: str, chosen: str, content: bytes) -> Checksum:
    algorithm = _HEADERS.get(name)
    if algorithm is None or (chosen and chosen != algorithm):
        raise invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid.")
    if _decoded_size(value) != SIZES[algorithm]:
        raise invalid_request(f"Value for {name} header is invalid.")
    if checksum(algorithm, content) != value:
        raise S3Error(400, "BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")
    return Checksum(algorithm, value)


def _decoded_size(text: str) -> int:
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return -1
