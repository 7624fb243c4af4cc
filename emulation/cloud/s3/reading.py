"""GetObject and HeadObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html."""

import re
from collections.abc import Mapping
from email.utils import format_datetime
from uuid import UUID

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey
from moto.s3.utils import ARCHIVE_STORAGE_CLASSES

from emulation.cloud.exchange import Answer
from emulation.cloud.s3 import model
from emulation.cloud.s3.conditions import is_not_modified
from emulation.cloud.s3.errors import S3Error, invalid_argument, method_not_allowed, no_such_key
from emulation.cloud.s3.target import Target
from emulation.cloud.s3.writing import checksum_headers, encryption_headers, version_headers

OVERRIDES = {
    "response-content-type": "content-type",
    "response-content-language": "content-language",
    "response-expires": "expires",
    "response-cache-control": "cache-control",
    "response-content-disposition": "content-disposition",
    "response-content-encoding": "content-encoding",
}
# What moto keeps among the metadata, and S3 does not.
NO_METADATA = frozenset({"content-md5", "x-amz-content-sha256", "x-amz-checksum-algorithm", "x-amz-checksum-type"})
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

Headers = list[tuple[str, str]]


def find_object(bucket: FakeBucket, target: Target) -> FakeKey:
    """The object or version that is asked for. Raises NoSuchKey, NoSuchVersion or MethodNotAllowed (a marker)."""
    if target.version_id is None:
        current = model.current_version(bucket, target.key)
        if isinstance(current, FakeDeleteMarker):
            marker = {"x-amz-delete-marker": "true", "x-amz-version-id": current.version_id}
            raise no_such_key(target.key, marker)
        if current is None:
            raise no_such_key(target.key)
        return current
    wanted = target.version_id
    found = next((one for one in model.versions_of(bucket, target.key) if one.version_id == wanted), None)
    if isinstance(found, FakeDeleteMarker):
        marker = {"Allow": "DELETE", "x-amz-delete-marker": "true", "x-amz-version-id": found.version_id}
        raise method_not_allowed("GET", "DeleteMarker", marker)
    if found is None:
        raise _no_such_version(target.key, wanted)
    return found


def is_plain_read(key: FakeKey, target: Target) -> bool:
    """Whether `read_object` knows all that the request asks for: parts and archives are left to moto."""
    return "partNumber" not in target.query and key.storage_class not in ARCHIVE_STORAGE_CLASSES


def read_object(
    key: FakeKey, target: Target, headers: Mapping[str, str], *, with_body: bool, expiration: str | None
) -> Answer:
    """200, 206 or 304. Raises PreconditionFailed or InvalidRange."""
    modified_at = model.modified_at(key)
    answered = [
        ("Last-Modified", format_datetime(modified_at, usegmt=True)),
        ("ETag", key.etag),
        *version_headers(key),
    ]
    if is_not_modified(headers, key.etag, modified_at):
        return Answer(304, b"", answered)
    answered += [("Accept-Ranges", "bytes"), *encryption_headers(key), *_object_headers(key, expiration)]
    answered += _metadata_headers(key, target)
    span = _span(headers, key, modified_at_header=answered[0][1])
    if span is None:
        if headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            answered += checksum_headers(key)
        return _answer(200, answered, key.value if with_body else None, key.size)
    first, last = span
    answered.append(("Content-Range", f"bytes {first}-{last}/{key.size}"))
    return _answer(206, answered, key.value[first : last + 1] if with_body else None, last + 1 - first)


def _answer(status: int, headers: Headers, body: bytes | None, size: int) -> Answer:
    return Answer(status, body or b"", [*headers, ("Content-Length", str(size))])


def _object_headers(key: FakeKey, expiration: str | None) -> Headers:
    headers = []
    if key.storage_class != "STANDARD":
        headers.append(("x-amz-storage-class", str(key.storage_class)))
    if expiration:
        headers.append(("x-amz-expiration", expiration))
    if key.website_redirect_location:
        headers.append(("x-amz-website-redirect-location", key.website_redirect_location))
    if key.lock_mode:
        headers.append(("x-amz-object-lock-mode", key.lock_mode))
    if key.lock_until:
        headers.append(("x-amz-object-lock-retain-until-date", key.lock_until))
    if key.lock_legal_status:
        headers.append(("x-amz-object-lock-legal-hold", key.lock_legal_status))
    tags = model.tags_of(key)
    if tags:
        headers.append(("x-amz-tagging-count", str(len(tags))))
    return headers


def _metadata_headers(key: FakeKey, target: Target) -> Headers:
    metadata = {name.lower(): value for name, value in key.metadata.items() if name.lower() not in NO_METADATA}
    if target.query:
        metadata |= {OVERRIDES[name]: value for name, value in target.query.items() if name in OVERRIDES}
    return [(name.title() if not name.startswith("x-amz-") else name, value) for name, value in metadata.items()]


def _span(headers: Mapping[str, str], key: FakeKey, modified_at_header: str) -> tuple[int, int] | None:
    """First and last byte of the range that is asked for, or None for all; S3 serves one range only."""
    given = headers.get("Range")
    if given is None or headers.get("If-Range", key.etag) not in (key.etag, modified_at_header):
        return None
    found = _RANGE.fullmatch(given.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    size = key.size
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
        if last and int(last) < start:
            return None
    if start > end or start >= size:
        raise S3Error(
            416,
            "InvalidRange",
            "The requested range is not satisfiable",
            {"RangeRequested": given, "ActualObjectSize": size},
        )
    return start, end


def _no_such_version(key: str, version_id: str) -> S3Error:
    try:
        UUID(version_id)
    except ValueError:
        return invalid_argument("Invalid version id specified", "versionId", version_id)
    details = {"Key": key, "VersionId": version_id}
    return S3Error(404, "NoSuchVersion", "The specified version does not exist.", details)
