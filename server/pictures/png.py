"""PNG files (W3C PNG, third edition): taken apart by their chunks, put together again without metadata."""

import struct
import zlib
from collections.abc import Iterator

from server.pictures.container import Container, damaged
from server.pictures.exif import read_orientation
from server.pictures.limits import PictureError, PictureLimits
from server.pictures.profile import MAX_PROFILE_BYTES, clean_profile

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The picture, its transparency, and what its numbers mean as colours.
_KEPT = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"cICP"))
_GRAY_TYPES = (0, 4)


def read_png(content: bytes, limits: PictureLimits) -> Container:
    """The file's picture without metadata; raises PictureError."""
    kept: list[memoryview | bytes] = [SIGNATURE]
    orientation, profile = 1, None
    width, height, gray = 0, 0, False
    for name, body, whole in _chunks(content):
        if (name == b"IHDR") != (len(kept) == 1):
            raise damaged("its header is missing")
        if name == b"IHDR":
            width, height, gray = _read_header(body)
            limits.check_pixels("image/png", (width, height), len(content))
        if name == b"acTL":
            raise PictureError("Animated pictures are not supported")
        if name == b"eXIf":
            orientation = read_orientation(bytes(body))
        if name == b"iCCP" and profile is None:
            profile = clean_profile(_inflate_profile(bytes(body)), b"GRAY" if gray else b"RGB ")
            if profile:
                kept.append(_chunk(b"iCCP", b"ICC\0\0" + zlib.compress(profile)))
        if name in _KEPT:
            _check_sum(whole)
            kept.append(whole)
    return Container(b"".join(kept), (width, height), orientation, profile)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview, memoryview]]:
    """Each chunk up to IEND: name, body, and the chunk as it stands."""
    view, position = memoryview(content), len(SIGNATURE)
    name = b""
    while name != b"IEND":
        if position + 12 > len(content):
            raise damaged("it ends too early")
        length, name = struct.unpack_from(">I4s", content, position)
        end = position + 12 + length
        if end > len(content):
            raise damaged("it ends too early")
        yield name, view[position + 8 : end - 4], view[position:end]
        position = end


def _check_sum(chunk: memoryview) -> None:
    # Browsers do not show a picture with a wrong one, Pillow overlooks that of the pixels.
    if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
        raise damaged("a checksum is wrong")


def _read_header(body: memoryview) -> tuple[int, int, bool]:
    if len(body) != 13:
        raise damaged("its header is damaged")
    width, height, _, colour_type = struct.unpack_from(">IIBB", body)
    return width, height, colour_type in _GRAY_TYPES


def _inflate_profile(body: bytes) -> bytes:
    """The profile in an iCCP chunk, empty when it is damaged or larger than any profile."""
    _, _, rest = body.partition(b"\0")
    inflate = zlib.decompressobj()
    try:
        profile = inflate.decompress(rest[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if inflate.eof else b""


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
