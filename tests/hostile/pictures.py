"""Picture files that somebody made to break what reads them, by what is to come of each."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tests.photographs import (
    animation,
    encode,
    exif,
    many_scans,
    marked,
    photograph,
    png_bomb,
    png_chunks,
    webp_with_secrets,
)

# In a polyglot, what another reader of the file would run or unpack.
PAYLOAD = b"alert(document.cookie)//4711"


@dataclass(frozen=True)
class Hostile:
    """A file, what it is declared as, and whether it is taken (then without PAYLOAD) or refused."""

    make: Callable[[], bytes]
    declared: str
    is_taken: bool = False


def _jpeg(**options: object) -> bytes:
    return encode(marked((64, 48)), "JPEG", **options)


def _png(mode: str = "RGB") -> bytes:
    return encode(marked((64, 48), mode), "PNG")


def _webp() -> bytes:
    return encode(marked((64, 48)), "WEBP")


def archive() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("payload.html", PAYLOAD)
    return output.getvalue()


def _gif_script() -> bytes:
    return b"GIF89a/*" + bytes(20) + b"*/=1;" + PAYLOAD


def pdf(content: bytes) -> bytes:
    return b"%PDF-1.7\n" + content + b"\nstartxref\n0\n%%EOF\n"


def _jpeg_with_comment(comment: bytes) -> bytes:
    return _jpeg(comment=comment)


def _jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose frame states another size than it has."""
    content = bytearray(_jpeg())
    frame = content.find(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def _png_header(width: int, height: int, depth: int = 8, colour: int = 2, interlace: int = 0) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)


def _png_of(*chunks: tuple[bytes, bytes]) -> bytes:
    return png_chunks(*chunks, (b"IEND", b""))


def _bad_crc(name: bytes) -> bytes:
    content = bytearray(_png())
    at = content.find(name)
    length = struct.unpack(">I", content[at - 4 : at])[0]
    content[at + 4 + length] ^= 0xFF
    return bytes(content)


def _exif_bomb() -> bytes:
    """A JPEG with as many EXIF segments as fit, each full of entries that point at each other."""
    entry = struct.pack(">HHII", 0x8769, 4, 1, 8)
    block = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 5000) + entry * 5000
    segment = struct.pack(">BBH", 0xFF, 0xE1, len(block) + 2) + block
    content = _jpeg()
    return content[:2] + segment * 150 + content[2:]


def _text_bomb() -> bytes:
    """A PNG whose compressed text is 200 MB long."""
    deflate = zlib.compressobj(9)
    packed = b"".join(deflate.compress(bytes(1 << 20)) for _ in range(200)) + deflate.flush()
    content = _png()
    text = png_chunks((b"zTXt", b"Comment\0\0" + packed))[8:]
    return content[:33] + text + content[33:]


def _many_chunks() -> bytes:
    content = _png()
    return content[:33] + png_chunks((b"tEXt", b"a\0b"))[8:] * 500_000 + content[33:]


def _jpeg_of_segments() -> bytes:
    content = _jpeg()
    return content[:2] + b"\xff\xfe\0\x02" * 2_000_000 + content[2:]


def _jpeg_of_fill() -> bytes:
    content = _jpeg()
    return content[:2] + b"\xff" * 9_000_000 + content[2:]


def _gray_16() -> bytes:
    return encode(Image.new("I;16", (64, 48), 30_000), "PNG")


def _png_that_states(width: int, height: int, interlace: int = 0) -> bytes:
    return _png_of(_png_header(width, height, interlace=interlace), (b"IDAT", zlib.compress(bytes(1 << 20))))


JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="' + PAYLOAD + b'"><script/></svg>'
XXE = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>'

HOSTILE: dict[str, Hostile] = {
    # Bombs: small to send, large to hold.
    "png-bomb-of-a-gigapixel": Hostile(lambda: png_bomb(40_000, 40_000), PNG),
    "png-bomb-at-the-formats-limit": Hostile(lambda: _png_that_states(2**31 - 1, 2**31 - 1), PNG),
    "png-bomb-interlaced": Hostile(lambda: _png_that_states(60_000, 60_000, interlace=1), PNG),
    # Browsers show it too, the lines that are missing in one colour.
    "png-taller-than-its-data": Hostile(lambda: png_bomb(4_000, 4_000), PNG, is_taken=True),
    "png-with-a-text-bomb": Hostile(_text_bomb, PNG, is_taken=True),
    "png-of-countless-chunks": Hostile(_many_chunks, PNG, is_taken=True),
    "jpeg-of-65500-by-65500": Hostile(lambda: _jpeg_of_size(65_500, 65_500), JPEG),
    "jpeg-of-countless-scans": Hostile(lambda: many_scans((2_000, 1_500), 5_000), JPEG),
    "jpeg-of-countless-segments": Hostile(_jpeg_of_segments, JPEG),
    "jpeg-of-fill-bytes": Hostile(_jpeg_of_fill, JPEG, is_taken=True),
    "jpeg-with-an-exif-bomb": Hostile(_exif_bomb, JPEG, is_taken=True),
    # Files that are two things at once.
    "gif-and-script": Hostile(_gif_script, JPEG),
    "jpeg-and-zip": Hostile(lambda: _jpeg() + archive(), JPEG, is_taken=True),
    "jpeg-and-html": Hostile(lambda: _jpeg_with_comment(b"<script>" + PAYLOAD), JPEG, is_taken=True),
    "png-and-script": Hostile(lambda: _png() + b"<script>" + PAYLOAD, PNG, is_taken=True),
    "webp-and-zip": Hostile(lambda: _webp() + archive(), WEBP, is_taken=True),
    "webp-with-foreign-chunks": Hostile(lambda: webp_with_secrets(marked((64, 48))), WEBP, is_taken=True),
    "pdf-and-jpeg-as-jpeg": Hostile(lambda: pdf(_jpeg()), JPEG),
    "zip-and-jpeg": Hostile(lambda: archive() + _jpeg(), JPEG),
    # Other things than they say.
    "svg": Hostile(lambda: SVG, PNG),
    "svg-with-an-entity": Hostile(lambda: XXE, JPEG),
    "html": Hostile(lambda: b"<!doctype html><script>" + PAYLOAD, JPEG),
    "executable": Hostile(lambda: b"\x7fELF" + bytes(500), PNG),
    "script": Hostile(lambda: b"#!/bin/sh\nid\n", JPEG),
    "postscript": Hostile(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", JPEG),
    "gif": Hostile(lambda: encode(marked((64, 48)), "GIF"), JPEG),
    "bmp": Hostile(lambda: encode(marked((64, 48)), "BMP"), PNG),
    "tiff": Hostile(lambda: encode(marked((64, 48)), "TIFF"), JPEG),
    "png-as-jpeg": Hostile(_png, JPEG),
    "jpeg-as-heic": Hostile(_jpeg, HEIC),
    "jpeg-as-webp": Hostile(_jpeg, WEBP),
    # Broken.
    "one-byte": Hostile(lambda: b"\xff", JPEG),
    "zeros": Hostile(lambda: bytes(100_000), JPEG),
    "jpeg-signature-alone": Hostile(lambda: b"\xff\xd8\xff", JPEG),
    "png-signature-alone": Hostile(lambda: b"\x89PNG\r\n\x1a\n", PNG),
    "webp-signature-alone": Hostile(lambda: b"RIFF\0\0\0\0WEBP", WEBP),
    "heic-signature-alone": Hostile(lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
    "jpeg-truncated": Hostile(lambda: _jpeg()[:-200], JPEG),
    "png-truncated": Hostile(lambda: _png()[:-40], PNG),
    "webp-truncated": Hostile(lambda: _webp()[:-40], WEBP),
    "png-with-a-bad-header-sum": Hostile(lambda: _bad_crc(b"IHDR"), PNG),
    "png-with-a-bad-data-sum": Hostile(lambda: _bad_crc(b"IDAT"), PNG),
    "png-without-pixels": Hostile(lambda: _png_of(_png_header(0, 0), (b"IDAT", b"")), PNG),
    "png-of-an-unknown-depth": Hostile(lambda: _png_of(_png_header(8, 8, depth=7), (b"IDAT", b"")), PNG),
    "png-without-a-palette": Hostile(
        lambda: _png_of(_png_header(8, 8, colour=3), (b"IDAT", zlib.compress(bytes(72)))), PNG
    ),
    "png-with-a-negative-length": Hostile(lambda: _png()[:33] + b"\xff\xff\xff\xffIDAT", PNG),
    "png-whose-data-is-no-deflate": Hostile(lambda: _png_of(_png_header(8, 8), (b"IDAT", b"\xff" * 100)), PNG),
    "webp-that-states-another-length": Hostile(lambda: _webp()[:4] + b"\xff\xff\xff\x7f" + _webp()[8:], WEBP),
    "animated-png": Hostile(lambda: animation("PNG"), PNG),
    "animated-webp": Hostile(lambda: animation("WEBP"), WEBP),
    # Unusual, and in order.
    "jpeg-cmyk": Hostile(lambda: encode(marked((64, 48), "CMYK"), "JPEG"), JPEG, is_taken=True),
    "jpeg-gray": Hostile(lambda: encode(marked((64, 48), "L"), "JPEG"), JPEG, is_taken=True),
    "jpeg-progressive": Hostile(lambda: _jpeg(progressive=True), JPEG, is_taken=True),
    "jpeg-of-one-pixel": Hostile(lambda: encode(Image.new("RGB", (1, 1)), "JPEG"), JPEG, is_taken=True),
    "jpeg-of-one-line": Hostile(lambda: encode(Image.new("RGB", (60_000, 1)), "JPEG"), JPEG, is_taken=True),
    "png-16-bit": Hostile(_gray_16, PNG, is_taken=True),
    "png-palette": Hostile(lambda: _png("P"), PNG, is_taken=True),
    "png-one-bit": Hostile(lambda: _png("1"), PNG, is_taken=True),
    "png-of-one-column": Hostile(lambda: encode(Image.new("L", (1, 60_000)), "PNG"), PNG, is_taken=True),
    "jpeg-with-exif": Hostile(lambda: _jpeg(exif=exif(6)), JPEG, is_taken=True),
    "jpeg-of-12-megapixels": Hostile(lambda: encode(photograph((4_000, 3_000)), "JPEG"), JPEG, is_taken=True),
}
