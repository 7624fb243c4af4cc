"""JPEG files (ITU-T T.81): taken apart by their segments, put together again without metadata, pixels untouched."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

from server.pictures.container import Container, damaged
from server.pictures.exif import orientation_only, read_orientation
from server.pictures.limits import PictureError, PictureLimits
from server.pictures.profile import clean_profile

SIGNATURE = b"\xff\xd8\xff"
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_SOS, _EOI = 0xDA, 0xD9
# Baseline, extended and progressive Huffman: what browsers show.
_FRAMES = (0xC0, 0xC1, 0xC2)
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
# Huffman and quantization tables, restart interval.
_TABLES = (0xC4, 0xDB, 0xDD)
_SPACES = MappingProxyType({1: b"GRAY", 3: b"RGB ", 4: b"CMYK"})
_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
_ICC = b"ICC_PROFILE\0"
_ICC_CHUNK = 65_519
# A marker may be preceded by any number of these.
_FILL = re.compile(rb"\xff+")
# What ends a scan: a marker that is neither a stuffed 0xFF nor a restart.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


@dataclass
class _Parts:
    jfif: bytes = b""
    adobe: bytes = b""
    frame: bytes = b""
    orientation: int = 1
    icc: dict[int, bytes] = field(default_factory=dict)
    picture: list[bytes | memoryview] = field(default_factory=list)
    scans: int = 0


def read_jpeg(content: bytes, limits: PictureLimits) -> Container:
    """The file's picture without metadata; raises PictureError."""
    parts = _Parts()
    for number, (marker, body, scan) in enumerate(_segments(content)):
        if number == limits.max_segments:
            raise PictureError("The JPEG has more segments than a picture needs")
        _sort(parts, marker, body, scan)
    if not parts.frame or not parts.scans:
        raise damaged("it has no picture in it")
    height, width, components = struct.unpack_from(">HHB", parts.frame, 1)
    limits.check_pixels("image/jpeg", (width, height), len(content))
    _check_scans(parts, limits)
    space = _SPACES.get(components)
    if space is None or parts.frame[0] != 8:
        raise PictureError("This kind of JPEG is not supported")
    icc = b"".join(body for _, body in sorted(parts.icc.items()))
    profile = clean_profile(icc, space)
    return Container(_assemble(parts, profile), (width, height), parts.orientation, profile)


def _segments(content: bytes) -> Iterator[tuple[int, bytes, memoryview]]:
    """Each segment up to the end of the image: marker, body, and the coded data that follows a start of scan."""
    view, position = memoryview(content), 2
    while True:
        fill = _FILL.match(content, position)
        if fill is None:
            raise damaged("a segment is missing")
        position = fill.end()
        marker = content[position] if position < len(content) else -1
        position += 1
        if marker == _EOI:
            return
        end = position + int.from_bytes(content[position : position + 2])
        if end < position + 2 or end > len(content):
            raise damaged("it ends too early")
        body = content[position + 2 : end]
        position = end
        if marker == _SOS:
            found = _NEXT_MARKER.search(content, end)
            if found is None:
                raise damaged("it ends too early")
            position = found.start()
        yield marker, body, view[end:position]


def _sort(parts: _Parts, marker: int, body: bytes, scan: memoryview) -> None:
    if marker in _OTHER_FRAMES or (marker in _FRAMES and parts.frame):
        raise PictureError("This kind of JPEG is not supported")
    if marker in _FRAMES:
        if len(body) < 6:
            raise damaged("its size is missing")
        parts.frame = body
    if marker in (*_FRAMES, *_TABLES, _SOS):
        parts.picture += (_segment(marker, body), scan)
        parts.scans += marker == _SOS
    elif marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= 14:
        # Its presence, like Adobe's, says how colours are coded; density and thumbnail go.
        parts.jfif = _segment(_APP0, _JFIF)
    elif marker == _APP14 and body.startswith(b"Adobe") and len(body) >= 12:
        parts.adobe = _segment(_APP14, body[:12])
    elif marker == _APP1 and body.startswith(b"Exif\0\0") and parts.orientation == 1:
        parts.orientation = read_orientation(body)
    elif marker == _APP2 and body.startswith(_ICC) and len(body) > len(_ICC) + 2:
        parts.icc.setdefault(body[len(_ICC)], body[len(_ICC) + 2 :])


def _check_scans(parts: _Parts, limits: PictureLimits) -> None:
    # With several scans libjpeg keeps every coefficient, 2 bytes each, and each scan goes over them again.
    if parts.scans == 1:
        return
    height, width, components = struct.unpack_from(">HHB", parts.frame, 1)
    factors = [(code >> 4, code & 15) for code in parts.frame[7 : 6 + 3 * components : 3]]
    if len(factors) != components or not all(across and down for across, down in factors):
        raise damaged("its components are not described")
    most = max(across for across, _ in factors) * max(down for _, down in factors)
    samples = width * height * sum(across * down for across, down in factors) // most
    if parts.scans > limits.max_scans or samples > limits.max_scan_samples:
        raise PictureError("The progressive JPEG is too costly to decode; save it as a baseline JPEG")


def _assemble(parts: _Parts, profile: bytes | None) -> bytes:
    exif = _segment(_APP1, orientation_only(parts.orientation)) if parts.orientation != 1 else b""
    profile = profile or b""
    chunks = [profile[start : start + _ICC_CHUNK] for start in range(0, len(profile), _ICC_CHUNK)]
    icc = [_segment(_APP2, _ICC + bytes((number, len(chunks))) + chunk) for number, chunk in enumerate(chunks, start=1)]
    return b"".join((b"\xff\xd8", parts.jfif, exif, *icc, parts.adobe, *parts.picture, b"\xff\xd9"))


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
