"""What a kept answer is to a viewer who has a part of it already, or wants only one.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RangeGETs.html
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from multidict import CIMultiDict

from emulation.edge.cache import Entry

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
# They describe a body, and a 304 has none.
BODY_HEADERS = ("Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Accept-Ranges")


def answer_from(entry: Entry, asked: Mapping[str, str]) -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers and body for a GET or HEAD with these headers: 200 or the entry's own, 206, 304, 412 or 416."""
    headers = entry.headers.copy()
    if entry.status != 200:
        return entry.status, headers, entry.body
    if _is_gone(headers, asked):
        return 412, headers_without_body(headers), b""
    if _is_known(headers, asked):
        return 304, headers_without_body(headers), b""
    span = _RANGE.fullmatch(asked.get("Range", "").strip())
    if span is None or not any(span.groups()) or "Content-Encoding" in headers or not _range_holds(headers, asked):
        return 200, headers, entry.body
    return _part(entry.body, headers, *span.groups())


def headers_without_body(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    """Headers of an answer whose body is left out."""
    for name in BODY_HEADERS:
        headers.popall(name, None)
    return headers


def _part(body: bytes, headers: CIMultiDict[str], first: str, last: str) -> tuple[int, CIMultiDict[str], bytes]:
    size = len(body)
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or (first and last and int(last) < start):
        headers = headers_without_body(headers)
        headers["Content-Range"] = f"bytes */{size}"
        return 416, headers, b""
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    part = body[start : end + 1]
    headers["Content-Length"] = str(len(part))
    return 206, headers, part


def _is_known(headers: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether the viewer has this answer: its tag counts, and only without one its date."""
    if "If-None-Match" in asked:
        return _names(asked["If-None-Match"], headers.get("ETag", ""))
    since, modified = _date(asked.get("If-Modified-Since")), _date(headers.get("Last-Modified"))
    return since is not None and modified is not None and modified <= since


def _is_gone(headers: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    if "If-Match" in asked:
        return not _names(asked["If-Match"], headers.get("ETag", ""))
    since, modified = _date(asked.get("If-Unmodified-Since")), _date(headers.get("Last-Modified"))
    return since is not None and modified is not None and modified > since


def _range_holds(headers: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    condition = asked.get("If-Range")
    return condition is None or condition in (headers.get("ETag"), headers.get("Last-Modified"))


def _names(tags: str, etag: str) -> bool:
    """Whether a list of tags has this one, weak or not."""
    listed = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    return "*" in listed or (bool(etag) and etag.removeprefix("W/") in listed)


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
