"""The checksums that S3 knows, each as the Base64 text of its big-endian bytes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
CRC32C and CRC64NVME are computed byte by byte in Python, some 10 MB a second: SDKs choose CRC32 by default.
"""

import base64
import zlib
from collections.abc import Callable
from functools import cache
from hashlib import sha1, sha256

_CRC32C = 0x82F63B78
_CRC64NVME = 0x9A6C9329AC4BC9B5


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    entries = []
    for entry in range(256):
        for _ in range(8):
            entry = (entry >> 1) ^ (polynomial if entry & 1 else 0)
        entries.append(entry)
    return tuple(entries)


def _crc(content: bytes, polynomial: int, width: int) -> bytes:
    table = _table(polynomial)
    mask = (1 << width) - 1
    value = mask
    for byte in content:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return (value ^ mask).to_bytes(width // 8, "big")


ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
    "CRC32C": lambda content: _crc(content, _CRC32C, 32),
    "CRC64NVME": lambda content: _crc(content, _CRC64NVME, 64),
    "SHA1": lambda content: sha1(content, usedforsecurity=False).digest(),
    "SHA256": lambda content: sha256(content).digest(),
}
SIZES = {"CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "SHA1": 20, "SHA256": 32}


def checksum(algorithm: str, content: bytes) -> str:
    """The checksum of a content."""
    return base64.b64encode(ALGORITHMS[algorithm](content)).decode()
