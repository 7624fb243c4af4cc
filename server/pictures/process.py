"""From an uploaded file to what is stored: the picture without metadata, and its thumbnail."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from server.pictures import jpeg, png
from server.pictures.container import Container, damaged
from server.pictures.exif import turn, upright_size
from server.pictures.heic import decode_heic, is_heic
from server.pictures.jpeg import read_jpeg
from server.pictures.limits import MEGAPIXEL, PICTURE_LIMITS, PictureError, PictureLimits
from server.pictures.png import read_png
from server.pictures.thumbnail import THUMBNAIL_TYPE, make_thumbnail
from server.pictures.webp import is_webp, read_webp

Reader = Callable[[bytes, PictureLimits], Container]


@dataclass(frozen=True)
class Format:
    """An accepted format: its name for people and for Pillow, how to recognise it, how to take it apart."""

    name: str
    extension: str
    recognise: Callable[[bytes], bool]
    read: Reader | None = None


FORMATS = MappingProxyType(
    {
        "image/jpeg": Format("JPEG", "jpg", lambda content: content.startswith(jpeg.SIGNATURE), read_jpeg),
        "image/png": Format("PNG", "png", lambda content: content.startswith(png.SIGNATURE), read_png),
        "image/webp": Format("WEBP", "webp", is_webp, read_webp),
        "image/heic": Format("HEIC", "heic", is_heic),
    }
)
# Loaded with this module, so that the first upload does not wait for them.
PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
_JPEG_QUALITY = 90
_WEBP_QUALITY = 90


@dataclass(frozen=True)
class ProcessedPicture:
    """What is stored of a picture. `width` and `height` are in pixels, as a browser shows the original."""

    original: bytes
    content_type: str
    extension: str
    width: int
    height: int
    thumbnail: bytes
    thumbnail_content_type: str = THUMBNAIL_TYPE


def process_picture(content: bytes, declared_type: str, limits: PictureLimits = PICTURE_LIMITS) -> ProcessedPicture:
    """The picture upright, without metadata, in full size, with its thumbnail; raises PictureError."""
    limits.check_bytes(content)
    _check_type(content, declared_type)
    read = FORMATS[declared_type].read
    if read is None:
        return _process_heic(content, limits)
    container = read(content, limits)
    image = _decode(container, declared_type, limits)
    orientation, original = container.orientation, container.content
    if declared_type != "image/jpeg" and orientation != 1:
        # Browsers turn a JPEG as its EXIF says; for PNG and WebP not all of them do.
        image, original = _turn_pixels(image, container, declared_type, limits)
        orientation = 1
    width, height = upright_size(container.size, container.orientation)
    thumbnail = make_thumbnail(image, orientation, container.profile, limits.thumbnail_side)
    return ProcessedPicture(original, declared_type, FORMATS[declared_type].extension, width, height, thumbnail)


def _check_type(content: bytes, declared_type: str) -> None:
    declared = FORMATS.get(declared_type)
    if declared is None:
        raise PictureError(f"Files of type {declared_type} are not accepted")
    if declared.recognise(content):
        return
    found = next((row.name for row in FORMATS.values() if row.recognise(content)), None)
    but = f"it is a {found}" if found else "it is something else"
    raise PictureError(f"The file is declared as {declared_type}, but {but}")


def _decode(container: Container, content_type: str, limits: PictureLimits) -> Image.Image:
    """The pixels of a container; of a JPEG only as many as a good thumbnail needs, all of its data read."""
    try:
        image = Image.open(io.BytesIO(container.content), formats=[FORMATS[content_type].name])
        if image.size != container.size:
            raise damaged("it states two sizes")
        image.draft(None, (2 * limits.thumbnail_side, 2 * limits.thumbnail_side))
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise damaged("it cannot be decoded") from error
    if image.mode == "P" and image.palette is None:
        raise damaged("its palette is missing")
    return image


def _turn_pixels(
    image: Image.Image, container: Container, content_type: str, limits: PictureLimits
) -> tuple[Image.Image, bytes]:
    pixels = image.width * image.height
    if pixels > limits.max_turned_pixels:
        raise PictureError(
            f"The picture has {pixels / MEGAPIXEL:.1f} megapixels and is stored sideways; turn it and upload it again"
        )
    image = turn(image, container.orientation)
    output = io.BytesIO()
    if content_type == "image/png":
        image.save(output, "PNG", compress_level=1, icc_profile=container.profile)
    else:
        image.save(output, "WEBP", quality=_WEBP_QUALITY, method=0, exif=b"", xmp=b"", icc_profile=container.profile)
    return image, output.getvalue()


def _process_heic(content: bytes, limits: PictureLimits) -> ProcessedPicture:
    image, profile = decode_heic(content, limits)
    output = io.BytesIO()
    image.save(output, "JPEG", quality=_JPEG_QUALITY, icc_profile=profile)
    thumbnail = make_thumbnail(image, 1, profile, limits.thumbnail_side)
    return ProcessedPicture(output.getvalue(), "image/jpeg", "jpg", image.width, image.height, thumbnail)
