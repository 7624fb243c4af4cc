"""How the files of a site are stored in the frontend bucket: type, and how long browsers and the edge may keep them."""

import re
from mimetypes import MimeTypes
from pathlib import PurePosixPath

# Not the machine's own table: the same file has the same type wherever it is published from.
_TYPES = MimeTypes()
for _suffix, _type in {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".txt": "text/plain",
}.items():
    _TYPES.add_type(_type, _suffix)
# Where builds put what never changes under its name, which has a part of the content's digest: index-4f2Xc9aB.js
_HASHED_FOLDERS = frozenset({"assets", "static"})
_DIGEST = re.compile(r"[-.](?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{8,}$")
IMMUTABLE = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"


def content_type(name: str) -> str:
    """The type of a file, text as UTF-8."""
    guessed = _TYPES.guess_type(name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def cache_control(name: str) -> str:
    """A year for what never changes under its name; everything else is asked about each time."""
    path = PurePosixPath(name)
    is_hashed = bool(_HASHED_FOLDERS & set(path.parts[:-1])) and bool(_DIGEST.search(path.stem))
    return IMMUTABLE if is_hashed else ASKED_AGAIN
