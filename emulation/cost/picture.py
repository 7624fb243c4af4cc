"""A photo of a given size: shapes of all sizes, which a thumbnail keeps, and a sensor's noise, which fills the file."""

import io

from PIL import Image

_PIXELS = (2000, 1500)
# One pixel of a layer's noise is so many of the picture.
_LAYERS = (400, 64, 8, 1)
_NOISE = 60.0
_QUALITIES = range(20, 96)


def draw_photo(size_bytes: int) -> bytes:
    """The JPEG whose size comes nearest."""
    picture = Image.merge("RGB", [_draw_channel() for _ in range(3)])
    low, high = _QUALITIES.start, _QUALITIES.stop - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if len(_encode(picture, middle)) < size_bytes else (low, middle)
    return min((_encode(picture, one) for one in (low - 1, low)), key=lambda jpeg: abs(len(jpeg) - size_bytes))


def _draw_channel() -> Image.Image:
    channel = Image.new("L", _PIXELS, 128)
    for size in _LAYERS:
        noise = Image.effect_noise((_PIXELS[0] // size, _PIXELS[1] // size), _NOISE)
        channel = Image.blend(channel, noise.resize(_PIXELS), 0.5)
    return channel


def _encode(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()
