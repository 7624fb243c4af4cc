"""Thumbnails: small, upright, in sRGB, with the alpha of the picture."""

import io

from PIL import Image

from server.pictures.exif import turn
from server.pictures.profile import to_srgb

THUMBNAIL_TYPE = "image/webp"
_QUALITY = 80
# 2 is 6 ms where 4, the default, is 12 ms for 3 % fewer bytes.
_METHOD = 2
# Averaging first down to twice the size is much cheaper than Lanczos from the full size, and looks the same.
_REDUCING_GAP = 2.0


def make_thumbnail(image: Image.Image, orientation: int, profile: bytes | None, side: int) -> bytes:
    """A WebP that fits within a square of `side` pixels, never larger than the image."""
    small = _shrink(image, fit_within(image.size, side))
    if profile:
        small = to_srgb(small, profile)
    if small.mode not in ("RGB", "RGBA"):
        small = small.convert("RGB")
    output = io.BytesIO()
    turn(small, orientation).save(output, "WEBP", quality=_QUALITY, method=_METHOD, exif=b"", xmp=b"", icc_profile=b"")
    return output.getvalue()


def fit_within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The largest size of the same shape within a square; never larger than `size`, never without a pixel."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.has_transparency_data:
        # Premultiplied, so that the colour under transparent pixels does not bleed into the edges.
        premultiplied = image.convert("RGBA").convert("RGBa")
        return premultiplied.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP).convert("RGBA")
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
