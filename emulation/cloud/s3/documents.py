"""The XML documents that set something on a bucket or an object: moto fails at what is none.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from xml.etree import ElementTree

from emulation.cloud.s3.errors import S3Error

# The root element by subresource. An ACL may come in headers instead.
ROOTS = {
    "accelerate": "AccelerateConfiguration",
    "cors": "CORSConfiguration",
    "encryption": "ServerSideEncryptionConfiguration",
    "inventory": "InventoryConfiguration",
    "legal-hold": "LegalHold",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLoggingStatus",
    "notification": "NotificationConfiguration",
    "object-lock": "ObjectLockConfiguration",
    "ownershipControls": "OwnershipControls",
    "publicAccessBlock": "PublicAccessBlockConfiguration",
    "replication": "ReplicationConfiguration",
    "restore": "RestoreRequest",
    "retention": "Retention",
    "select": "SelectObjectContentRequest",
    "tagging": "Tagging",
    "versioning": "VersioningConfiguration",
    "website": "WebsiteConfiguration",
}
ACL_ROOT = "AccessControlPolicy"


def check_document(method: str, subresource: str, content: bytes, *, has_acl_headers: bool) -> None:
    """Raises MalformedXML where a document is needed and something else came."""
    if method not in ("PUT", "POST"):
        return
    root = ROOTS.get(subresource)
    if subresource == "acl" and not has_acl_headers:
        root = ACL_ROOT
    if root is None:
        return
    try:
        found = ElementTree.fromstring(content)  # noqa: S314 - it came with a verified signature
    except ElementTree.ParseError:
        raise malformed() from None
    if found.tag.rpartition("}")[2] != root or b"<!DOCTYPE" in content:
        raise malformed()


def malformed() -> S3Error:
    """400 MalformedXML."""
    return S3Error(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
