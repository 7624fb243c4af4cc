"""What is accepted: types, sizes and why the line is drawn there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000


class PictureError(Exception):
    """A file cannot be used; the text is a sentence for the person who uploaded it."""


@dataclass(frozen=True)
class Allowance:
    """Up to so many pixels in a file of up to so many bytes."""

    max_pixels: int
    max_bytes: int


# Drawn where a picture still needs less than 2 s of CPU and 400 MB at the peak: docs/decisions/pictures.md.
ALLOWANCES: Mapping[str, tuple[Allowance, ...]] = MappingProxyType(
    {
        # Decoded at an eighth of its size; 50-megapixel sensors have up to 50.4.
        "image/jpeg": (Allowance(50_500_000, 10 * MEGABYTE),),
        # Decoded whole, at 4 bytes a pixel, and once more where it has alpha.
        "image/png": (Allowance(25_000_000, 10 * MEGABYTE),),
        # Decoded whole, at 16 bytes a pixel; and copied while Python's lock is held, 2 ms a megapixel.
        "image/webp": (Allowance(12_600_000, 10 * MEGABYTE),),
        # Decoded whole: 45 ms of CPU a megapixel and 80 ms a megabyte. Phones take 12 or 24 megapixels, in 1.5 to 3 MB.
        "image/heic": (Allowance(12_600_000, 10 * MEGABYTE), Allowance(24_500_000, 3 * MEGABYTE)),
    }
)
ACCEPTED_TYPES = tuple(ALLOWANCES)


@dataclass(frozen=True)
class PictureLimits:
    """The limits of one picture. `max_scan_*` hold a progressive JPEG, whose scans each go over all its samples;
    `max_segments` one whose 10 MB are segments of four bytes, 4 µs each. Cameras write some dozens, of 64 KB each."""

    max_bytes: int = 10 * MEGABYTE
    allowances: Mapping[str, tuple[Allowance, ...]] = field(default_factory=lambda: ALLOWANCES)
    max_turned_pixels: int = 12_600_000
    max_scan_samples: int = 152_000_000
    max_scans: int = 32
    max_segments: int = 10_000
    thumbnail_side: int = 400

    def check_bytes(self, content: bytes) -> None:
        """Raises PictureError for a file without bytes, or with too many."""
        if not content:
            raise PictureError("The file is empty")
        if len(content) > self.max_bytes:
            raise PictureError(f"The file has more than {self.max_bytes // MEGABYTE} MB")

    def check_pixels(self, content_type: str, size: tuple[int, int], file_bytes: int) -> None:
        """Raises PictureError when a picture has no pixels or more than its format may have."""
        pixels = size[0] * size[1]
        if not pixels:
            raise PictureError("The picture is damaged: it has no pixels")
        fitting = [row for row in self.allowances[content_type] if file_bytes <= row.max_bytes]
        most = max((row.max_pixels for row in fitting), default=0)
        if pixels > most:
            raise PictureError(
                f"The picture has {pixels / MEGAPIXEL:.1f} megapixels; "
                f"in this format and file size at most {most / MEGAPIXEL:.1f} are accepted"
            )


PICTURE_LIMITS = PictureLimits()
