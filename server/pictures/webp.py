"""WebP files (RFC 9649): taken apart by their chunks, put together again without metadata."""

import struct
from collections.abc import Iterator

from server.pictures.container import Container, damaged
from server.pictures.exif import read_orientation
from server.pictures.limits import PictureError, PictureLimits
from server.pictures.profile import clean_profile

_FRAMES = (b"VP8 ", b"VP8L")
_ANIMATED, _HAS_XMP, _HAS_EXIF, _HAS_PROFILE = 0x02, 0x04, 0x08, 0x20


def is_webp(content: bytes) -> bool:
    """Whether the file begins as a WebP does."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def read_webp(content: bytes, limits: PictureLimits) -> Container:
    """The file's picture without metadata; raises PictureError."""
    extended: bytes | None = None
    frame, alpha, profile = b"", b"", None
    orientation, size = 1, (0, 0)
    for name, body in _chunks(content):
        if name == b"VP8X" and extended is None and not frame:
            extended = body
        elif name in _FRAMES and not frame:
            frame, size = _chunk(name, body), _frame_size(name, body)
        elif name == b"ALPH" and not frame:
            alpha = _chunk(name, body)
        elif name == b"ICCP":
            profile = clean_profile(body, b"RGB ")
        elif name == b"EXIF":
            orientation = read_orientation(body)
    if extended and extended[0] & _ANIMATED:
        raise PictureError("Animated pictures are not supported")
    if not frame:
        raise damaged("it has no picture in it")
    limits.check_pixels("image/webp", size, len(content))
    head = _extended_header(extended, size, profile) if extended else b""
    colours = _chunk(b"ICCP", profile) if extended and profile else b""
    chunks = b"".join((b"WEBP", head, colours, alpha, frame))
    return Container(struct.pack("<4sI", b"RIFF", len(chunks)) + chunks, size, orientation, profile)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise damaged("it ends too early")
    position = 12
    while position + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, position)
        position += 8
        if position + length > end:
            raise damaged("it ends too early")
        yield name, content[position : position + length]
        position += length + length % 2


def _frame_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    if name == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise damaged("its header is damaged")


def _extended_header(extended: bytes, size: tuple[int, int], profile: bytes | None) -> bytes:
    if len(extended) != 10 or _canvas(extended) != size:
        raise damaged("its header is damaged")
    flags = extended[0] & ~(_HAS_XMP | _HAS_EXIF | _HAS_PROFILE) | (_HAS_PROFILE if profile else 0)
    return _chunk(b"VP8X", bytes((flags,)) + extended[1:])


def _canvas(extended: bytes) -> tuple[int, int]:
    return int.from_bytes(extended[4:7], "little") + 1, int.from_bytes(extended[7:10], "little") + 1


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
