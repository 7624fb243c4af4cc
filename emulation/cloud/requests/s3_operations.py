"""What an S3 request is called, and how it is billed.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
"""

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from emulation.cloud.exchange import Request
from emulation.cloud.s3.target import SUBRESOURCES

# PUT, COPY, POST and LIST requests; GET and all other ones; DELETE and CANCEL, which cost nothing.
TIER_1, TIER_2, FREE = "Tier1", "Tier2", "free"
# Names that do not follow from method and subresource.
BUCKET_ACTIONS = {
    ("GET", ""): "ListObjects",
    ("GET", "versions"): "ListObjectVersions",
    ("GET", "uploads"): "ListMultipartUploads",
    ("POST", ""): "PostObject",
    ("POST", "delete"): "DeleteObjects",
    ("PUT", ""): "CreateBucket",
}
OBJECT_ACTIONS = {
    ("POST", "uploads"): "CreateMultipartUpload",
    ("POST", "uploadId"): "CompleteMultipartUpload",
    ("PUT", "uploadId"): "UploadPart",
    ("GET", "uploadId"): "ListParts",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
}


class S3Operation(NamedTuple):
    """The operation's name, its tier, and `bucket` or `bucket/key`."""

    action: str
    tier: str
    resource: str


def name_s3_operation(request: Request) -> S3Operation:
    """The operation that a request asks for."""
    path, _, query = request.target.partition("?")
    parameters = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    subresource = next((name for name in parameters if name in SUBRESOURCES), "")
    bucket, _, key = path.lstrip("/").partition("/")
    action = _action(request, bucket, key, subresource, parameters)
    return S3Operation(action, _tier(request.method, action), unquote(f"{bucket}/{key}" if key else bucket))


def _action(request: Request, bucket: str, key: str, subresource: str, parameters: dict[str, str]) -> str:
    method = request.method
    if method == "OPTIONS":
        return "Preflight"
    if not bucket:
        return "ListBuckets"
    if not key:
        if (method, subresource) == ("GET", "") and parameters.get("list-type") == "2":
            return "ListObjectsV2"
        return BUCKET_ACTIONS.get((method, subresource)) or f"{method.title()}Bucket{_pascal(subresource)}"
    if method == "PUT" and "x-amz-copy-source" in request.headers:
        return "UploadPartCopy" if subresource else "CopyObject"
    return OBJECT_ACTIONS.get((method, subresource)) or f"{method.title()}Object{_pascal(subresource)}"


def _tier(method: str, action: str) -> str:
    if method == "DELETE" or action == "DeleteObjects":
        return FREE
    return TIER_1 if method in ("PUT", "POST") or action.startswith("List") else TIER_2


def _pascal(subresource: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in subresource.split("-"))
