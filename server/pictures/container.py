"""A picture file taken apart: what has to be known before decoding, and the file without its metadata."""

from dataclasses import dataclass

from server.pictures.limits import PictureError


@dataclass(frozen=True)
class Container:
    """`content` is the file with nothing but the picture (and its colour profile, cleaned).

    `size` is that of the stored pixels; `orientation` is EXIF's 1 to 8, what is to be done to see them upright.
    """

    content: bytes
    size: tuple[int, int]
    orientation: int
    profile: bytes | None


def damaged(what: str) -> PictureError:
    """The error for a file that breaks off or breaks its format."""
    return PictureError(f"The picture is damaged or incomplete: {what}")
