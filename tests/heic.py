"""HEIC files laid out as phones write them: a grid of tiles, EXIF beside it, a rotation as a property.

ISO/IEC 14496-12 (boxes, iloc, iinf, iref) and 23008-12 (grid, irot, ipma). All tiles share the data of one.
"""

import struct
from pathlib import Path

from tests.photographs import exif

_TILE_FILE = Path(__file__).parent / "data" / "tile.heic"
_SIDE = 512
_GRID, _EXIF, _FIRST_TILE = 1, 2, 3
# Places in the list of properties, counted from 1.
_TILE_SIZE, _CODING, _GRID_SIZE, _ROTATION, _PROFILE = 1, 2, 3, 4, 5


def grid_heic(size: tuple[int, int], rotation: int = 0, profile: bytes = b"", brand: bytes = b"heic") -> bytes:
    """A picture of this size, to be shown turned by `rotation` times 90 degrees anticlockwise."""
    columns, rows = -(-size[0] // _SIDE), -(-size[1] // _SIDE)
    coding, tile = _read_tile()
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)
    metadata = struct.pack(">I", 0) + exif(6).removeprefix(b"Exif\0\0")
    items = [(_GRID, b"grid"), (_EXIF, b"Exif")] + [(_FIRST_TILE + n, b"hvc1") for n in range(columns * rows)]
    properties = [_size_property(_SIDE, _SIDE), coding, _size_property(*size), _box(b"irot", bytes((rotation,)))]
    if profile:
        properties.append(_box(b"colr", b"prof" + profile))
    ftyp = _box(b"ftyp", brand + bytes(4) + b"mif1heic")
    begin = len(ftyp) + len(_meta(items, properties, 0, (len(grid), len(metadata), len(tile)))) + 8
    meta = _meta(items, properties, begin, (len(grid), len(metadata), len(tile)))
    return ftyp + meta + _box(b"mdat", grid + metadata + tile)


def tile_heic() -> bytes:
    """A whole file of 512 x 512 pixels."""
    return _TILE_FILE.read_bytes()


def _meta(items: list[tuple[int, bytes]], properties: list[bytes], begin: int, lengths: tuple[int, int, int]) -> bytes:
    tiles = [number for number, kind in items if kind == b"hvc1"]
    hidden = b"\0\0\1"
    infos = [
        _full(b"infe", struct.pack(">HH4sx", number, 0, kind), 2, hidden if kind == b"hvc1" else bytes(3))
        for number, kind in items
    ]
    made_of = struct.pack(f">HH{len(tiles)}H", _GRID, len(tiles), *tiles)
    return _full(
        b"meta",
        _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
        + _full(b"pitm", struct.pack(">H", _GRID))
        + _full(b"iinf", struct.pack(">H", len(infos)) + b"".join(infos))
        + _full(b"iref", _box(b"dimg", made_of) + _box(b"cdsc", struct.pack(">HHH", _EXIF, 1, _GRID)))
        + _box(b"iprp", _box(b"ipco", b"".join(properties)) + _associations(tiles, len(properties)))
        + _locations(items, begin, lengths),
    )


def _associations(tiles: list[int], properties: int) -> bytes:
    of_grid = [_GRID_SIZE, 0x80 | _ROTATION] + ([_PROFILE] if properties >= _PROFILE else [])
    entries = [struct.pack(">HB", _GRID, len(of_grid)) + bytes(of_grid)]
    entries += [struct.pack(">HB", tile, 2) + bytes((_TILE_SIZE, 0x80 | _CODING)) for tile in tiles]
    return _full(b"ipma", struct.pack(">I", len(entries)) + b"".join(entries))


def _locations(items: list[tuple[int, bytes]], begin: int, lengths: tuple[int, int, int]) -> bytes:
    places = {b"grid": begin, b"Exif": begin + lengths[0], b"hvc1": begin + lengths[0] + lengths[1]}
    sizes = dict(zip((b"grid", b"Exif", b"hvc1"), lengths, strict=True))
    entries = b"".join(struct.pack(">HHHII", number, 0, 1, places[kind], sizes[kind]) for number, kind in items)
    return _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(items)) + entries)


def _size_property(width: int, height: int) -> bytes:
    return _full(b"ispe", struct.pack(">II", width, height))


def _read_tile() -> tuple[bytes, bytes]:
    """The tile's decoder configuration (a box) and its coded data."""
    content = tile_heic()
    coding = content.index(b"hvcC") - 4
    data = content.index(b"mdat") - 4
    return content[coding : coding + _length(content, coding)], content[data + 8 : data + _length(content, data)]


def _length(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4])


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, body: bytes, version: int = 0, flags: bytes = bytes(3)) -> bytes:
    return _box(kind, bytes((version,)) + flags + body)
