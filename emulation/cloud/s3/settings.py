"""What a document may not set although it fits its schema; moto stores it, or fails.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from xml.etree.ElementTree import Element

from emulation.cloud.s3.documents import check_rule_id, malformed
from emulation.cloud.s3.errors import S3Error, invalid_argument, invalid_request, not_implemented
from emulation.cloud.s3.lifecycle_documents import check_lifecycle
from emulation.cloud.s3.queries import check_part_number
from emulation.cloud.s3.tags import MAX_TAGS, check_tags, pairs_of

MAX_CORS_RULES = 100
MAX_BUCKET_TAGS = 50
# What may be notified; a document's elements of these names hold ARNs.
NOTIFIED = ("Topic", "Queue", "CloudFunction")
CORS_PATTERNS = ("AllowedOrigin", "AllowedHeader", "ExposeHeader")
CORS_METHODS = frozenset({"GET", "PUT", "HEAD", "POST", "DELETE"})


def check_setting(subresource: str, document: Element, *, of_object: bool) -> None:
    """Raise what S3 refuses a document with, on an object or on a bucket."""
    if subresource == "tagging":
        _check_tagging(document, of_object=of_object)
    elif subresource in _CHECKS:
        _CHECKS[subresource](document)


def _check_tagging(document: Element, *, of_object: bool) -> None:
    tags = pairs_of(document)
    if not of_object and len(tags) > MAX_BUCKET_TAGS:
        raise S3Error(400, "BadRequest", f"Bucket tag count cannot be greater than {MAX_BUCKET_TAGS}")
    check_tags(tags, MAX_TAGS if of_object else MAX_BUCKET_TAGS)


def _check_cors(document: Element) -> None:
    if len(document) > MAX_CORS_RULES:
        raise invalid_request(f"The number of CORS rules should not exceed allowed limit of {MAX_CORS_RULES} rules.")
    for method in _texts(document, "AllowedMethod"):
        if method not in CORS_METHODS:
            raise invalid_request(f"Found unsupported HTTP method in CORS config. Unsupported method is {method}")
    _check_wildcards(document)
    for rule in document:
        named = rule.find("{*}ID")
        if named is not None and not (named.text or "").strip():
            # No name at all, which moto cannot read.
            rule.remove(named)
        elif named is not None:
            check_rule_id(str(named.text))
    if not all(text for name in CORS_PATTERNS for text in _texts(document, name)):
        raise malformed()


def _check_wildcards(document: Element) -> None:
    for name in ("AllowedOrigin", "AllowedHeader"):
        for text in _texts(document, name):
            if text.count("*") > 1:
                raise invalid_request(f'{name} "{text}" can not have more than one wildcard.')
    for text in _texts(document, "ExposeHeader"):
        if "*" in text:
            message = f'ExposeHeader "{text}" contains wildcard. We currently do not support wildcard for ExposeHeader.'
            raise invalid_request(message)


def _check_parts(document: Element) -> None:
    """The parts of a completed upload: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html."""
    parts = list(document.iterfind("{*}Part"))
    numbers = [one.findtext("{*}PartNumber", "").strip() for one in parts]
    if not parts or not all(numbers) or not all(one.findtext("{*}ETag") for one in parts):
        raise malformed()
    for number in numbers:
        check_part_number(number)
    if any(int(number) >= int(after) for number, after in pairwise(numbers)):
        raise S3Error(
            400,
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
        )


def _check_notification(document: Element) -> None:
    for kind in NOTIFIED:
        for arn in _texts(document, kind):
            if not arn.startswith("arn:"):
                raise invalid_argument("The ARN is not well formed", kind, arn)
    if any(len(rule) != 2 for rule in document.iterfind(".//{*}FilterRule")):
        raise malformed()
    if not all(_texts(document, "Value")):
        raise invalid_argument("The filter value cannot be empty", "FilterRule.Value", "")
    for name in document.iterfind(".//{*}FilterRule/{*}Name"):
        # The one spelling that moto reads.
        name.text = (name.text or "").strip().lower()


def _check_acl(document: Element) -> None:
    grants = document.find("{*}AccessControlList")
    if grants is None or any(grant.find("{*}Grantee") is None for grant in grants):
        raise S3Error(400, "MalformedACLError", malformed().message)
    if not len(grants):
        raise not_implemented("PutBucketAcl without a grant")


def _check_single_rule(document: Element) -> None:
    if len(document) != 1:
        raise malformed()


def _check_versioning(document: Element) -> None:
    if document.find("{*}Status") is None:
        raise S3Error(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified")


def _check_website(document: Element) -> None:
    redirects = document.find("{*}RedirectAllRequestsTo") is not None
    if redirects and len(document) > 1:
        message = "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules."
        raise invalid_argument(message, "RedirectAllRequestsTo", "not null")
    suffix = document.findtext("{*}IndexDocument/{*}Suffix")
    if not redirects and suffix is None:
        message = "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty"
        raise invalid_argument(message, "IndexDocument", "null")
    if suffix is not None and (not suffix or "/" in suffix):
        raise invalid_argument("The IndexDocument Suffix is not well formed", "IndexDocument", suffix)


def _texts(document: Element, name: str) -> Iterable[str]:
    return ((one.text or "").strip() for one in document.iterfind(f".//{{*}}{name}"))


_CHECKS: dict[str, Callable[[Element], None]] = {
    "acl": _check_acl,
    "cors": _check_cors,
    "encryption": _check_single_rule,
    "lifecycle": check_lifecycle,
    "notification": _check_notification,
    "ownershipControls": _check_single_rule,
    "uploadId": _check_parts,
    "versioning": _check_versioning,
    "website": _check_website,
}
