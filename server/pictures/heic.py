"""HEIC files (ISO/IEC 23008-12): decoded, since browsers other than Safari do not show them."""

import io

import pi_heif
from PIL import Image

from server.pictures.container import damaged
from server.pictures.limits import PictureError, PictureLimits
from server.pictures.profile import clean_profile

# More threads take 15 % more CPU time for one picture, and the cores from whoever else waits for an answer.
pi_heif.options.DECODE_THREADS = 1

_STILL = frozenset((b"heic", b"heix", b"heim", b"heis"))
_GENERAL = b"mif1"
# Transfer functions of HDR (ITU-T H.273): PQ and HLG. Cut down to 8 bits, their pictures would look washed out.
_HDR_TRANSFERS = (16, 18)


def is_heic(content: bytes) -> bool:
    """Whether the file begins as a still HEIF picture coded in HEVC does; AVIF and sequences do not."""
    if content[4:8] != b"ftyp":
        return False
    brands = content[: int.from_bytes(content[:4])]
    major, compatible = brands[8:12], {brands[at : at + 4] for at in range(16, min(len(brands), 256), 4)}
    return major in _STILL or (major == _GENERAL and not _STILL.isdisjoint(compatible))


def decode_heic(content: bytes, limits: PictureLimits) -> tuple[Image.Image, bytes | None]:
    """The file's primary picture, upright, as RGB or L, and its colour profile; raises PictureError."""
    try:
        # The decoder turns and mirrors as the file says; an orientation in its EXIF is information only (6.5.10).
        heif = pi_heif.HeifFile(io.BytesIO(content), remove_stride=False)
        picture = heif[heif.primary_index]
        size: tuple[int, int] = picture.size
        limits.check_pixels("image/heic", size, len(content))
        info = picture.info
        if info.get("nclx_profile", {}).get("transfer_characteristics") in _HDR_TRANSFERS:
            raise PictureError("HDR pictures are not supported; save it with standard dynamic range")
        image = Image.frombytes(picture.mode, size, picture.data, "raw", picture.mode, picture.stride)
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, IndexError) as error:
        raise damaged("it cannot be decoded") from error
    image = _opaque(image)
    return image, clean_profile(info.get("icc_profile") or b"", b"GRAY" if image.mode == "L" else b"RGB ")


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L"):
        return image
    if image.mode in ("RGBA", "RGBa", "LA"):
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")
