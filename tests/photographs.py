"""Picture files as people, and their enemies, upload them; all drawn here."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageDraw

CORNERS = ((220, 30, 30), (30, 160, 30), (30, 30, 220), (230, 220, 40))
SECRET = b"51.5007N 0.1246W, serial 4711, Jane Roe"


def photograph(size: tuple[int, int], grain: float = 10) -> Image.Image:
    """Large soft shapes under fine grain, RGB: about as heavy to code as a photograph."""
    return Image.merge("RGB", [_layer(size, grain) for _ in range(3)])


def _layer(size: tuple[int, int], grain: float) -> Image.Image:
    shapes = Image.effect_noise((8, 6), 90)
    for cells, weight in ((32, 0.5), (128, 0.35), (384, 0.25)):
        finer = Image.effect_noise((cells, cells * 3 // 4), 70)
        shapes = Image.blend(shapes.resize(finer.size, Image.Resampling.BICUBIC), finer, weight)
    noise = Image.effect_noise((1024, 1024), grain)
    sheet = Image.new("L", size)
    for left in range(0, size[0], 1024):
        for top in range(0, size[1], 1024):
            sheet.paste(noise, (left, top))
    return ImageChops.add(shapes.resize(size, Image.Resampling.BILINEAR), sheet, 1, -128)


def marked(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Four quarters in the colours of CORNERS: top left, top right, bottom right, bottom left."""
    width, height = size
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    places = ((0, 0), (width // 2, 0), (width // 2, height // 2), (0, height // 2))
    for colour, (left, top) in zip(CORNERS, places, strict=True):
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return image.convert(mode)


def corners(image: Image.Image) -> tuple[tuple[int, int, int], ...]:
    """The CORNERS that the image shows, from the top left clockwise."""
    image = image.convert("RGB")
    width, height = image.size
    places = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
    return tuple(_nearest(image.getpixel((int(x * width), int(y * height)))) for x, y in places)


def _nearest(pixel: Any) -> tuple[int, int, int]:
    return min(CORNERS, key=lambda colour: sum((one - other) ** 2 for one, other in zip(colour, pixel, strict=True)))


def sideways(image: Image.Image, orientation: int) -> Image.Image:
    """The image as a camera stores it that writes this orientation."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(undo[orientation]) if orientation in undo else image


def exif(orientation: int = 1) -> bytes:
    """What a phone writes: maker, orientation, place; with SECRET in it."""
    block = Image.Exif()
    block[0x010F] = "Phone"
    block[0x0112] = orientation
    block[0x010E] = SECRET.decode()
    block.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 2.5), 3: "W", 4: (0.0, 7.0, 28.6)})
    return block.tobytes()


def srgb_profile() -> bytes:
    """An ordinary sRGB profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """A profile in which red and green change places, and whose description holds SECRET."""
    profile = bytearray(srgb_profile())
    places = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    description = int.from_bytes(profile[places[b"desc"] + 4 : places[b"desc"] + 8])
    profile[description + 12 : description + 12 + 4] = SECRET[:4]
    return bytes(profile)


def encode(image: Image.Image, format_name: str, **options: Any) -> bytes:
    """The image as a file's bytes."""
    output = io.BytesIO()
    image.save(output, format_name, **options)
    return output.getvalue()


def phone_jpeg(image: Image.Image, orientation: int = 1, **options: Any) -> bytes:
    """A JPEG with all that a phone and its programs write into it besides the picture, SECRET in each place."""
    content = encode(
        sideways(image, orientation), "JPEG", exif=exif(orientation), comment=SECRET, xmp=SECRET, **options
    )
    iptc = _segment(0xED, b"Photoshop 3.0\x008BIM" + SECRET)
    preview = _segment(0xE2, b"FPXR\0" + SECRET)
    return content[:2] + iptc + preview + content[2:] + b"\0\0\0\x18ftypmp42" + SECRET


def many_scans(size: tuple[int, int], scans: int) -> bytes:
    """A progressive JPEG whose last scan is there again and again: small to send, long to decode."""
    content = encode(Image.new("RGB", size), "JPEG", progressive=True)
    last = content.rfind(b"\xff\xda")
    return content[:-2] + content[last:-2] * scans + b"\xff\xd9"


def png_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG file of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of one colour: a few kilobytes that decode to width x height pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    deflate = zlib.compressobj(9)
    row = bytes(1 + width * 3)
    data = b"".join(deflate.compress(row) for _ in range(min(height, 64))) + deflate.flush()
    return png_chunks((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))


def png_with_secrets(image: Image.Image, orientation: int = 1, profile: bytes | None = None) -> bytes:
    """A PNG with SECRET in its texts, in EXIF and after its end."""
    content = encode(sideways(image, orientation), "PNG", exif=exif(orientation), icc_profile=profile)
    end = content.rfind(b"IEND") - 4
    texts = png_chunks((b"tEXt", b"Comment\0" + SECRET), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET))[8:]
    return content[:end] + texts + content[end:] + SECRET


def webp_with_secrets(image: Image.Image, orientation: int = 1, **options: Any) -> bytes:
    """A WebP with SECRET in EXIF, in XMP and after its end."""
    return encode(sideways(image, orientation), "WEBP", exif=exif(orientation), xmp=SECRET, **options) + SECRET


def animation(format_name: str) -> bytes:
    """Two frames, as GIF, PNG or WEBP."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    return encode(frames[0], format_name, save_all=True, append_images=frames[1:], duration=100)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
