"""The permissions that an operation needs; what the local cloud does not carry out is refused by its name.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from collections.abc import Iterator, Mapping

from emulation.cloud.s3.errors import S3Error, method_not_allowed, not_implemented
from emulation.cloud.s3.queries import check_part_number
from emulation.cloud.s3.target import Target, object_arn, read_copy_source

Actions = Mapping[tuple[str, str], str]

# By method and subresource; of an operation with a versionId the action's name has Version in it.
OBJECT_ACTIONS: Actions = {
    ("GET", ""): "GetObject",
    ("GET", "acl"): "GetObjectAcl",
    ("GET", "attributes"): "GetObjectAttributes",
    ("GET", "legal-hold"): "GetObjectLegalHold",
    ("GET", "tagging"): "GetObjectTagging",
    ("GET", "uploadId"): "ListMultipartUploadParts",
    ("HEAD", ""): "GetObject",
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
# What can be set on a bucket, by its subresource: the name within the actions that read and write it.
SETTINGS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
# Deleting a setting needs the right to write it, but for two.
DELETIONS = {
    **{
        name: f"Put{SETTINGS[name]}"
        for name in ("cors", "encryption", "lifecycle", "ownershipControls", "publicAccessBlock", "replication")
    },
    "policy": "DeleteBucketPolicy",
    "tagging": "PutBucketTagging",
    "website": "DeleteBucketWebsite",
}
BUCKET_ACTIONS: Actions = {
    ("GET", ""): "ListBucket",
    ("GET", "location"): "GetBucketLocation",
    ("GET", "policyStatus"): "GetBucketPolicyStatus",
    ("GET", "uploads"): "ListBucketMultipartUploads",
    ("GET", "versions"): "ListBucketVersions",
    ("HEAD", ""): "ListBucket",
    ("PUT", ""): "CreateBucket",
    ("DELETE", ""): "DeleteBucket",
    **{("GET", name): f"Get{setting}" for name, setting in SETTINGS.items()},
    **{("PUT", name): f"Put{setting}" for name, setting in SETTINGS.items()},
    **{("DELETE", name): action for name, action in DELETIONS.items()},
}
SERVICE_ACTIONS: Actions = {("GET", ""): "ListAllMyBuckets"}
# A POST on a bucket is a form, which is checked by itself, or DeleteObjects, which asks for each key by itself.
DELETE_OBJECTS = ("POST", "delete")
UPLOAD_PART = ("PUT", "uploadId")
# What AWS has and moto does not: moto would take the operation for the plain one on the bucket or the object.
OBJECT_LACKS: Actions = {
    ("GET", "retention"): "GetObjectRetention",
    ("GET", "torrent"): "GetObjectTorrent",
    ("PUT", "encryption"): "UpdateObjectEncryption",
    ("PUT", "renameObject"): "RenameObject",
}
BUCKET_LACKS: Actions = {
    ("DELETE", "analytics"): "DeleteBucketAnalyticsConfiguration",
    ("DELETE", "intelligent-tiering"): "DeleteBucketIntelligentTieringConfiguration",
    ("DELETE", "inventory"): "DeleteBucketInventoryConfiguration",
    ("DELETE", "metadataConfiguration"): "DeleteBucketMetadataConfiguration",
    ("DELETE", "metadataTable"): "DeleteBucketMetadataTableConfiguration",
    ("DELETE", "metrics"): "DeleteBucketMetricsConfiguration",
    ("GET", "abac"): "GetBucketAbac",
    ("GET", "analytics"): "GetBucketAnalyticsConfiguration",
    ("GET", "intelligent-tiering"): "GetBucketIntelligentTieringConfiguration",
    ("GET", "metadataConfiguration"): "GetBucketMetadataConfiguration",
    ("GET", "metadataTable"): "GetBucketMetadataTableConfiguration",
    ("GET", "metrics"): "GetBucketMetricsConfiguration",
    ("GET", "requestPayment"): "GetBucketRequestPayment",
    ("GET", "session"): "CreateSession",
    ("POST", "metadataConfiguration"): "CreateBucketMetadataConfiguration",
    ("POST", "metadataTable"): "CreateBucketMetadataTableConfiguration",
    ("PUT", "abac"): "PutBucketAbac",
    ("PUT", "analytics"): "PutBucketAnalyticsConfiguration",
    ("PUT", "intelligent-tiering"): "PutBucketIntelligentTieringConfiguration",
    ("PUT", "metadataInventoryTable"): "UpdateBucketMetadataInventoryTableConfiguration",
    ("PUT", "metadataJournalTable"): "UpdateBucketMetadataJournalTableConfiguration",
    ("PUT", "metrics"): "PutBucketMetricsConfiguration",
    ("PUT", "requestPayment"): "PutBucketRequestPayment",
}

Permission = tuple[str, str]


def check_operation(method: str, target: Target) -> None:
    """Raise unless exactly this method on exactly this subresource is what will be carried out.

    405 MethodNotAllowed where AWS has no such operation, 501 where it has.
    """
    asked = method, target.subresource
    known, lacking = _tables(target)
    if asked in known:
        if asked == UPLOAD_PART:
            # moto would take a part without a number for the whole object.
            check_part_number(target.query.get("partNumber", ""))
    elif asked != DELETE_OBJECTS or target.key or not target.bucket:
        operation = lacking.get(asked)
        raise not_implemented(operation) if operation else _not_allowed(method, target)


def needed_permissions(method: str, target: Target, headers: Mapping[str, str]) -> Iterator[Permission]:
    """Each action with the resource that it has to be allowed on, of an operation that `check_operation` let pass."""
    if not target.bucket:
        yield "s3:ListAllMyBuckets", "*"
        return
    asked = method, target.subresource
    if not target.key:
        if asked != DELETE_OBJECTS:
            yield f"s3:{BUCKET_ACTIONS[asked]}", target.arn
        return
    action = OBJECT_ACTIONS[asked]
    if target.version_id:
        action = VERSIONED_ACTIONS.get(action, action)
    yield f"s3:{action}", target.arn
    if action == "PutObject":
        yield from _further_permissions(target, headers)


def _tables(target: Target) -> tuple[Actions, Actions]:
    if target.key:
        return OBJECT_ACTIONS, OBJECT_LACKS
    return (BUCKET_ACTIONS, BUCKET_LACKS) if target.bucket else (SERVICE_ACTIONS, {})


def _not_allowed(method: str, target: Target) -> S3Error:
    plain = "OBJECT" if target.key else "BUCKET" if target.bucket else "SERVICE"
    return method_not_allowed(method, target.subresource.upper() or plain)


def _further_permissions(target: Target, headers: Mapping[str, str]) -> Iterator[Permission]:
    if "x-amz-tagging" in headers:
        yield "s3:PutObjectTagging", target.arn
    if "x-amz-acl" in headers or any(name.lower().startswith("x-amz-grant-") for name in headers):
        yield "s3:PutObjectAcl", target.arn
    if headers.get("x-amz-copy-source"):
        source = read_copy_source(headers["x-amz-copy-source"])
        yield ("s3:GetObjectVersion" if source.version_id else "s3:GetObject"), object_arn(source.bucket, source.key)
