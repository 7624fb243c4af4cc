"""`just deploy-site ENV FOLDER`: the bucket holds what the folder holds, and browsers see it at once."""

import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from deploy.commands.errors import CommandError

INDEX = "index.html"
# A build names a file by what is in it, so that under its name there is never anything else: Vite's
# `assets/index-DkWh3Xa8.js`, and the hexadecimal `app.0f1e2d3c4b.js` of others. A word or a date is no such name.
_HASHED = re.compile(
    r"(^|/)assets/.*-(?=[\w-]*[A-Z0-9])(?=[\w-]*[A-Za-z_])[\w-]{8}\.\w+$"
    r"|[.-](?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}\.\w+$",
    re.ASCII,
)
IMMUTABLE = "public, max-age=31536000, immutable"
# Kept, but asked for again each time: nothing has to be invalidated at the edge.
REVALIDATE = "no-cache"
# What the system's table of types may lack or have otherwise.
CONTENT_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_TEXTS = ("text/", "application/json", "application/manifest+json", "application/xml", "image/svg+xml")


def list_files(folder: Path) -> dict[str, Path]:
    """The files of a site by their keys; raises CommandError when it is none."""
    if not (folder / INDEX).is_file():
        raise CommandError(f"{folder} is no built site: it has no {INDEX}.")
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    for key, path in files.items():
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CommandError(f"{key} leads out of {folder}.")
    return files


def content_type(key: str) -> str:
    """The type of a file, with the charset of a text."""
    suffix = Path(key).suffix.lower()
    found = CONTENT_TYPES.get(suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith(_TEXTS) else found


def cache_control(key: str) -> str:
    """How long browsers and the edge keep a file."""
    return IMMUTABLE if _HASHED.search(key) else REVALIDATE


def in_order(keys: Iterable[str]) -> list[str]:
    """The keys in the order in which they go up: what pages need before the pages, and the first page last."""
    return sorted(keys, key=lambda key: (key.endswith(".html"), key == INDEX, key))


def deploy_site(s3: Any, bucket: str, folder: Path, say: Callable[[str], None]) -> None:
    """Bring the bucket to what the folder holds: first what pages need, then the pages, and old files last.

    So whoever loads the site meanwhile gets the old or the new one. Raises CommandError before anything is changed when
    the folder is no site.
    """
    files = list_files(folder)
    present = set(_list_keys(s3, bucket))
    for key in in_order(files):
        with files[key].open("rb") as content:
            s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=content,
                ContentType=content_type(key),
                CacheControl=cache_control(key),
            )
        say(f"put     {key} ({content_type(key)}; {cache_control(key)})")
    for key in sorted(present - files.keys()):
        s3.delete_object(Bucket=bucket, Key=key)
        say(f"removed {key}")


def _list_keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (one["Key"] for one in page.get("Contents", []))
