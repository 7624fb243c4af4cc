"""DeleteObjects: a list of keys, each with a right of its own.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from emulation.cloud.s3.documents import malformed, parse_document
from emulation.cloud.s3.errors import invalid_request
from emulation.cloud.s3.integrity import check_checksum, check_md5
from emulation.cloud.s3.target import object_arn

MAX_KEYS = 1000


@dataclass(frozen=True, slots=True)
class Deletion:
    """One key, or one version of it, that is to be deleted."""

    key: str
    version_id: str

    def permission(self, bucket: str) -> tuple[str, str]:
        """The action that it needs, and on what."""
        action = "s3:DeleteObjectVersion" if self.version_id else "s3:DeleteObject"
        return action, object_arn(bucket, self.key)

    def to_xml(self) -> str:
        """As it stands in a request."""
        version = f"<VersionId>{escape(self.version_id)}</VersionId>" if self.version_id else ""
        return f"<Object><Key>{escape(self.key)}</Key>{version}</Object>"


def read_deletions(headers: Mapping[str, str], trailers: Mapping[str, str], body: bytes) -> tuple[list[Deletion], bool]:
    """What is to be deleted, and whether only errors are to be told. Raises S3Error."""
    check_md5(headers, body)
    if check_checksum(headers, trailers, body) is None and "Content-MD5" not in headers:
        raise invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    found = parse_document(body, "Delete", "Delete")
    deletions = [
        Deletion(one.findtext("{*}Key", ""), one.findtext("{*}VersionId", "")) for one in found.findall("{*}Object")
    ]
    if not 0 < len(deletions) <= MAX_KEYS or not all(one.key for one in deletions):
        raise malformed()
    return deletions, found.findtext("{*}Quiet", "").strip().lower() in ("true", "1")


def request_body(deletions: list[Deletion], quiet: bool) -> bytes:
    """The request for these alone."""
    inside = "".join(one.to_xml() for one in deletions)
    return f"<Delete>{inside}<Quiet>{str(quiet).lower()}</Quiet></Delete>".encode()


def with_errors(body: bytes, refused: Mapping[Deletion, str]) -> bytes:
    """An answer's body with an AccessDenied for each that was refused, by its message."""
    errors = "".join(
        f"<Error><Key>{escape(one.key)}</Key>"
        + (f"<VersionId>{escape(one.version_id)}</VersionId>" if one.version_id else "")
        + f"<Code>AccessDenied</Code><Message>{escape(message)}</Message></Error>"
        for one, message in refused.items()
    )
    return body.replace(b"</DeleteResult>", f"{errors}</DeleteResult>".encode())


def empty_result() -> bytes:
    """The answer's body when nothing was deleted."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult></DeleteResult>'
