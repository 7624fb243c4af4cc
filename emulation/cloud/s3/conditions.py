"""Conditional requests: If-Match and its kin, on reading, on writing and on the source of a copy.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from emulation.cloud.s3.errors import S3Error, no_such_key, precondition_failed

SOURCE_PREFIX = "x-amz-copy-source-"


def is_not_modified(headers: Mapping[str, str], etag: str, modified_at: datetime) -> bool:
    """Whether a read is to be answered with 304; raises PreconditionFailed.

    If-Match that holds overrules If-Unmodified-Since, If-None-Match overrules If-Modified-Since (RFC 9110, 13.2.2).
    """
    _check_still(headers, "", etag, modified_at)
    none_match = headers.get("If-None-Match")
    if none_match is not None:
        return _names(none_match, etag)
    since = _time(headers.get("If-Modified-Since"))
    return since is not None and modified_at <= since


def check_copy_source(headers: Mapping[str, str], etag: str, modified_at: datetime) -> None:
    """Raise PreconditionFailed unless the conditions on the source of a copy hold."""
    _check_still(headers, SOURCE_PREFIX, etag, modified_at)
    none_match = headers.get(f"{SOURCE_PREFIX}if-none-match")
    since = _time(headers.get(f"{SOURCE_PREFIX}if-modified-since"))
    if none_match is not None:
        if _names(none_match, etag):
            raise precondition_failed(f"{SOURCE_PREFIX}If-None-Match")
    elif since is not None and modified_at <= since:
        raise precondition_failed(f"{SOURCE_PREFIX}If-Modified-Since")


def check_write(headers: Mapping[str, str], key: str, etag: str | None) -> None:
    """Raise PreconditionFailed, or NoSuchKey for If-Match without an object; `etag` is None when there is none."""
    match = headers.get("If-Match")
    if match is not None:
        if etag is None:
            raise no_such_key(key)
        if not _names(match, etag):
            raise precondition_failed("If-Match")
    none_match = headers.get("If-None-Match")
    if none_match is not None:
        if none_match != "*":
            raise S3Error(
                501,
                "NotImplemented",
                "A header you provided implies functionality that is not implemented",
                {"Header": "If-None-Match", "additionalMessage": "We don't accept the provided value of If-None-Match"},
            )
        if etag is not None:
            raise precondition_failed("If-None-Match")


def _check_still(headers: Mapping[str, str], prefix: str, etag: str, modified_at: datetime) -> None:
    match = headers.get(f"{prefix}If-Match")
    if match is not None:
        if not _names(match, etag):
            raise precondition_failed(f"{prefix}If-Match")
        return
    since = _time(headers.get(f"{prefix}If-Unmodified-Since"))
    if since is not None and modified_at > since:
        raise precondition_failed(f"{prefix}If-Unmodified-Since")


def _names(condition: str, etag: str) -> bool:
    """Whether a list of tags, with or without quotes, names this one."""
    wanted = etag.strip('"')
    return any(one.strip().removeprefix("W/").strip('"') in ("*", wanted) for one in condition.split(","))


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
