"""Colour profiles (ICC.1): kept where they change colours, freed of everything else.

A profile may name its owner's screen, its serial number and the day it was measured.
https://www.color.org/specification/ICC.1-2022-05.pdf
"""

import io
import struct
from types import MappingProxyType

from PIL import Image, ImageCms

_HEADER = 128
_MAX_TAGS = 100
MAX_PROFILE_BYTES = 4 * 1024 * 1024
_CLASSES = (b"mntr", b"scnr", b"prtr", b"spac")
# Curves, primaries, tables, white and black: what a colour is computed from.
_COLOUR_TAGS = frozenset(
    b"rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt chad lumi cicp "
    b"A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 D2B0 D2B1 D2B2 D2B3 B2D0 B2D1 B2D2 B2D3 gamt".split()
)
_MODES = MappingProxyType({b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"})
_NAME = "Guitar Collection"


def clean_profile(profile: bytes, space: bytes) -> bytes | None:
    """The profile with only what colours need; None when it cannot be used for `space` (`RGB `, `GRAY`, `CMYK`)."""
    usable = (
        _HEADER + 4 <= len(profile) <= MAX_PROFILE_BYTES
        and profile[36:40] == b"acsp"
        and profile[16:20] == space
        and profile[12:16] in _CLASSES
    )
    if not usable:
        return None
    cleaned = _rebuild(profile, _colour_tags(profile))
    try:
        _transform(cleaned, _MODES[space], "RGB")
    except (OSError, ImageCms.PyCMSError):
        return None
    return cleaned


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The image in sRGB, with its alpha; `profile` is a cleaned one. An image of another kind stays as it is."""
    expected = _MODES[profile[16:20]]
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if image.mode != expected and (image.mode, expected) != ("RGBA", "RGB"):
        return image
    return ImageCms.applyTransform(image, _transform(profile, image.mode, mode)) or image


def _transform(profile: bytes, mode: str, srgb_mode: str) -> ImageCms.ImageCmsTransform:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, srgb_mode)


def _colour_tags(profile: bytes) -> list[tuple[bytes, bytes]]:
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    tags = []
    for index in range(min(count, _MAX_TAGS, (len(profile) - _HEADER - 4) // 12)):
        signature, offset, size = struct.unpack_from(">4sII", profile, _HEADER + 4 + index * 12)
        if signature in _COLOUR_TAGS and offset + size <= len(profile):
            tags.append((signature, profile[offset : offset + size]))
    return tags


def _rebuild(profile: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    # A profile must have a description and a copyright: the same two for everybody.
    named = [(b"desc", _text(profile[8], b"desc")), (b"cprt", _text(profile[8], b"text")), *tags]
    table, data = [], bytearray()
    start = _HEADER + 4 + 12 * len(named)
    places: dict[bytes, int] = {}
    for signature, value in named:
        if value not in places:
            places[value] = start + len(data)
            data += value + bytes(-len(value) % 4)
        table.append(struct.pack(">4sII", signature, places[value], len(value)))
    header = bytearray(profile[:_HEADER])
    header[0:4] = struct.pack(">I", start + len(data))
    # Module, date, platform, device, creator, checksum and what is reserved: they tell of the maker, not of colour.
    for begin, end in ((4, 8), (24, 36), (40, 44), (48, 56), (80, _HEADER)):
        header[begin:end] = bytes(end - begin)
    return bytes(header) + struct.pack(">I", len(named)) + b"".join(table) + bytes(data)


def _text(major_version: int, kind: bytes) -> bytes:
    if major_version >= 4:
        text = _NAME.encode("utf-16-be")
        return struct.pack(">4sIII4sII", b"mluc", 0, 1, 12, b"enUS", len(text), 28) + text
    ascii_text = _NAME.encode() + b"\0"
    if kind == b"text":
        return struct.pack(">4sI", kind, 0) + ascii_text
    return struct.pack(">4sII", kind, 0, len(ascii_text)) + ascii_text + bytes(4 + 4 + 2 + 1 + 67)
