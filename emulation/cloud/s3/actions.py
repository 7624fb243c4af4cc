"""The permissions that an operation needs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from emulation.cloud.s3.target import Target, object_arn

# By method and subresource; of an operation with a versionId the action's name has Version in it.
OBJECT_ACTIONS = {
    ("GET", ""): "GetObject",
    ("GET", "acl"): "GetObjectAcl",
    ("GET", "attributes"): "GetObjectAttributes",
    ("GET", "legal-hold"): "GetObjectLegalHold",
    ("GET", "retention"): "GetObjectRetention",
    ("GET", "tagging"): "GetObjectTagging",
    ("GET", "torrent"): "GetObjectTorrent",
    ("GET", "uploadId"): "ListMultipartUploadParts",
    ("PUT", ""): "PutObject",
    ("PUT", "acl"): "PutObjectAcl",
    ("PUT", "legal-hold"): "PutObjectLegalHold",
    ("PUT", "retention"): "PutObjectRetention",
    ("PUT", "tagging"): "PutObjectTagging",
    ("PUT", "uploadId"): "PutObject",
    ("POST", "restore"): "RestoreObject",
    ("POST", "select"): "GetObject",
    ("POST", "uploadId"): "PutObject",
    ("POST", "uploads"): "PutObject",
    ("DELETE", ""): "DeleteObject",
    ("DELETE", "tagging"): "DeleteObjectTagging",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
}
VERSIONED_ACTIONS = {
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
}
BUCKET_READS = {
    "": "ListBucket",
    "accelerate": "GetAccelerateConfiguration",
    "acl": "GetBucketAcl",
    "analytics": "GetAnalyticsConfiguration",
    "cors": "GetBucketCORS",
    "encryption": "GetEncryptionConfiguration",
    "intelligent-tiering": "GetIntelligentTieringConfiguration",
    "inventory": "GetInventoryConfiguration",
    "lifecycle": "GetLifecycleConfiguration",
    "location": "GetBucketLocation",
    "logging": "GetBucketLogging",
    "metrics": "GetMetricsConfiguration",
    "notification": "GetBucketNotification",
    "object-lock": "GetBucketObjectLockConfiguration",
    "ownershipControls": "GetBucketOwnershipControls",
    "policy": "GetBucketPolicy",
    "policyStatus": "GetBucketPolicyStatus",
    "publicAccessBlock": "GetBucketPublicAccessBlock",
    "replication": "GetReplicationConfiguration",
    "requestPayment": "GetBucketRequestPayment",
    "tagging": "GetBucketTagging",
    "uploads": "ListBucketMultipartUploads",
    "versioning": "GetBucketVersioning",
    "versions": "ListBucketVersions",
    "website": "GetBucketWebsite",
}
# Where deleting a setting has an action of its own; else it is the one that writes the setting.
BUCKET_DELETIONS = {"": "DeleteBucket", "policy": "DeleteBucketPolicy", "website": "DeleteBucketWebsite"}

Permission = tuple[str, str]


def needed_permissions(method: str, target: Target, headers: Mapping[str, str]) -> Iterator[Permission]:
    """Each action with the resource that it has to be allowed on. DeleteObjects asks for each key by itself."""
    method = "GET" if method == "HEAD" else method
    if not target.bucket:
        yield "s3:ListAllMyBuckets", "*"
    elif not target.key:
        if (method, target.subresource) != ("POST", "delete"):
            yield f"s3:{_bucket_action(method, target.subresource)}", target.arn
    else:
        action = OBJECT_ACTIONS.get((method, target.subresource), f"{method.title()}Object")
        if target.version_id:
            action = VERSIONED_ACTIONS.get(action, action)
        yield f"s3:{action}", target.arn
        if action == "PutObject":
            yield from _further_permissions(target, headers)


def _bucket_action(method: str, subresource: str) -> str:
    if method == "GET":
        return BUCKET_READS.get(subresource, "ListBucket")
    if method == "POST":
        return "PutObject"
    if method == "DELETE" and subresource in BUCKET_DELETIONS:
        return BUCKET_DELETIONS[subresource]
    if not subresource:
        return "CreateBucket"
    return BUCKET_READS.get(subresource, "PutBucket").replace("Get", "Put", 1)


def _further_permissions(target: Target, headers: Mapping[str, str]) -> Iterator[Permission]:
    if "x-amz-tagging" in headers:
        yield "s3:PutObjectTagging", target.arn
    if "x-amz-acl" in headers or any(name.lower().startswith("x-amz-grant-") for name in headers):
        yield "s3:PutObjectAcl", target.arn
    source = headers.get("x-amz-copy-source")
    if source:
        path, _, version = source.partition("?versionId=")
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        yield ("s3:GetObjectVersion" if version else "s3:GetObject"), object_arn(bucket, key)
