"""The one tag of EXIF that changes how a picture looks: its orientation.

https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E
"""

import struct
from types import MappingProxyType

from PIL import Image

_ORIENTATION = 0x0112
_SHORT = 3
_EXIF = b"Exif\0\0"

# What makes the stored pixels upright, by orientation.
TURNS = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)


def read_orientation(exif: bytes) -> int:
    """The orientation in an EXIF block, 1 (upright) when it has none or cannot be read."""
    tiff = exif.removeprefix(_EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, offset)
        for entry in range(entries):
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, offset + 2 + entry * 12)
            if tag == _ORIENTATION and kind == _SHORT and count == 1:
                return value if value in TURNS else 1
    except struct.error:
        return 1
    return 1


def orientation_only(orientation: int) -> bytes:
    """An EXIF block that says nothing but the orientation."""
    return _EXIF + struct.pack("<4sIHHHIHHI", b"II*\0", 8, 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height as seen, of pixels stored as `size`."""
    return (size[1], size[0]) if orientation >= 5 else size


def turn(image: Image.Image, orientation: int) -> Image.Image:
    """The image with its pixels upright."""
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image
