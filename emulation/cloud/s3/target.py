"""What a request is for: the bucket, the key and the subresource. Buckets are addressed by path."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from emulation.cloud.exchange import Request
from emulation.cloud.s3.errors import S3Error, invalid_argument

# Parameters of the query that choose another operation than the plain one on an object or a bucket.
SUBRESOURCES = frozenset(
    {
        "abac",
        "accelerate",
        "acl",
        "analytics",
        "attributes",
        "cors",
        "delete",
        "encryption",
        "intelligent-tiering",
        "inventory",
        "legal-hold",
        "lifecycle",
        "location",
        "logging",
        "metadataConfiguration",
        "metadataInventoryTable",
        "metadataJournalTable",
        "metadataTable",
        "metrics",
        "notification",
        "object-lock",
        "ownershipControls",
        "policy",
        "policyStatus",
        "publicAccessBlock",
        "renameObject",
        "replication",
        "requestPayment",
        "restore",
        "retention",
        "select",
        "session",
        "tagging",
        "torrent",
        "uploadId",
        "uploads",
        "versioning",
        "versions",
        "website",
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """`bucket` is empty for the service itself, `key` for a bucket; `subresource` for the plain operation."""

    bucket: str
    key: str
    query: dict[str, str]
    subresource: str

    @property
    def arn(self) -> str:
        """The object's ARN, or the bucket's."""
        return object_arn(self.bucket, self.key) if self.key else bucket_arn(self.bucket)

    @property
    def version_id(self) -> str | None:
        """The version that is asked for."""
        return self.query.get("versionId") or None


def bucket_arn(bucket: str) -> str:
    """The ARN of a bucket."""
    return f"arn:aws:s3:::{bucket}"


def object_arn(bucket: str, key: str) -> str:
    """The ARN of an object."""
    return f"arn:aws:s3:::{bucket}/{key}"


def read_target(request: Request) -> Target:
    """The target of a request; raises InvalidURI where the path is no UTF-8, InvalidArgument for two subresources."""
    path, _, raw_query = request.target.partition("?")
    bucket, _, key = path.lstrip("/").partition("/") if not path.startswith("//") else ("", "", "")
    query = dict(parse_qsl(raw_query, keep_blank_values=True)) if raw_query else {}
    subresources = [name for name in query if name in SUBRESOURCES]
    if len(subresources) > 1:
        message = f"Conflicting query string parameters: {', '.join(subresources)}"
        raise invalid_argument(message, "ResourceType", subresources[0])
    try:
        return Target(unquote_to_bytes(bucket).decode(), unquote_to_bytes(key).decode(), query, "".join(subresources))
    except UnicodeDecodeError:
        raise S3Error(400, "InvalidURI", "Couldn't parse the specified URI.", {"URI": path}) from None


def read_copy_source(header: str) -> Target:
    """The object, or version of one, that an x-amz-copy-source header names."""
    path, _, version_id = header.partition("?versionId=")
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    return Target(bucket, key, {"versionId": version_id}, "")
