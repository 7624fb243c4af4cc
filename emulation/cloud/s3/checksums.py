"""The checksums that S3 knows, each as the Base64 text of its big-endian bytes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import zlib
from collections.abc import Callable
from hashlib import sha1, sha256

import anycrc

# Not awscrt's, though it has both: where it is installed the SDK signs with it, which it does not do on Lambda.
_crc32c, _crc64nvme = anycrc.Model("CRC32-ISCSI"), anycrc.Model("CRC64-NVME")

ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
    "CRC32C": lambda content: _crc32c.calc(content).to_bytes(4, "big"),
    "CRC64NVME": lambda content: _crc64nvme.calc(content).to_bytes(8, "big"),
    "SHA1": lambda content: sha1(content, usedforsecurity=False).digest(),
    "SHA256": lambda content: sha256(content).digest(),
}
# What S3 computes of an object that comes without any.
DEFAULT = "CRC64NVME"
SIZES = {name: len(digest(b"")) for name, digest in ALGORITHMS.items()}


def checksum(algorithm: str, content: bytes) -> str:
    """The checksum of a content."""
    return base64.b64encode(ALGORITHMS[algorithm](content)).decode()
