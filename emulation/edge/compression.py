"""What the edge compresses, and how.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
"""

import asyncio
import gzip

import brotli
from multidict import CIMultiDict

SMALLEST_BYTES, LARGEST_BYTES = 1_000, 10_000_000
STATUSES = frozenset((200, 403, 404))
TYPES = frozenset(
    [
        "application/dash+xml",
        "application/eot",
        "application/font",
        "application/font-sfnt",
        "application/javascript",
        "application/json",
        "application/opentype",
        "application/otf",
        "application/pdf",
        "application/pkcs7-mime",
        "application/protobuf",
        "application/rss+xml",
        "application/truetype",
        "application/ttf",
        "application/vnd.apple.mpegurl",
        "application/vnd.mapbox-vector-tile",
        "application/vnd.ms-fontobject",
        "application/wasm",
        "application/xhtml+xml",
        "application/xml",
        "application/x-font-opentype",
        "application/x-font-truetype",
        "application/x-font-ttf",
        "application/x-httpd-cgi",
        "application/x-javascript",
        "application/x-mpegurl",
        "application/x-opentype",
        "application/x-otf",
        "application/x-perl",
        "application/x-ttf",
        "font/eot",
        "font/opentype",
        "font/otf",
        "font/ttf",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/js",
        "text/plain",
        "text/richtext",
        "text/tab-separated-values",
        "text/xml",
        "text/x-component",
        "text/x-java-source",
        "text/x-script",
        "vnd.apple.mpegurl",
    ]
)
# CloudFront does not tell its levels; these are fast and usual.
GZIP_LEVEL, BROTLI_QUALITY = 6, 5
# Compressing less than this takes less than handing it to another thread.
INLINE_BYTES = 64 * 1024


def normal_accept_encoding(header: str, gzip_enabled: bool, brotli_enabled: bool) -> str:
    """The viewer's Accept-Encoding as the cache key has it and the origin sees it: br,gzip, br, gzip or nothing."""
    accepted = {name.strip().lower() for name, quality in map(_split, header.split(",")) if quality > 0}
    enabled = [name for name, on in (("br", brotli_enabled), ("gzip", gzip_enabled)) if on]
    return ",".join(name for name in enabled if name in accepted)


def is_compressible(status: int, headers: CIMultiDict[str]) -> bool:
    """Whether an origin's answer is one that CloudFront compresses."""
    content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    length = headers.get("Content-Length", "")
    return (
        status in STATUSES
        and content_type in TYPES
        and "Content-Encoding" not in headers
        and length.isdecimal()
        and SMALLEST_BYTES <= int(length) <= LARGEST_BYTES
    )


async def compress(body: bytes, headers: CIMultiDict[str], accepted: str) -> bytes:
    """The body in the best of the accepted encodings, its headers changed accordingly."""
    encoding = accepted.partition(",")[0]
    packed = _pack(encoding, body) if len(body) < INLINE_BYTES else await asyncio.to_thread(_pack, encoding, body)
    headers["Content-Encoding"] = encoding
    headers["Content-Length"] = str(len(packed))
    headers["Vary"] = ", ".join([*headers.getall("Vary", []), "Accept-Encoding"])
    etag = headers.get("ETag", "")
    if etag.startswith('"'):
        # Other bytes of the same meaning.
        headers["ETag"] = f"W/{etag}"
    return packed


def _pack(encoding: str, body: bytes) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=BROTLI_QUALITY))
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def _split(coding: str) -> tuple[str, float]:
    name, _, parameter = coding.partition(";")
    quality = parameter.strip().lower().removeprefix("q=").strip()
    try:
        return name, float(quality or 1)
    except ValueError:
        return name, 1
