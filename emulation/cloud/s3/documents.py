"""The XML documents of requests, held to the service's own description, as S3 does before anything else.

The description is the one that botocore ships: which elements there are, which are required, their types and
enumerations. moto fails at most of what does not fit it.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from emulation.cloud.descriptions import describe_service
from emulation.cloud.s3.errors import S3Error, invalid_argument

# The root element and its shape in the description, by method and subresource.
DOCUMENTS = {
    ("POST", "delete"): ("Delete", "Delete"),
    ("POST", "restore"): ("RestoreRequest", "RestoreRequest"),
    ("POST", "select"): ("SelectObjectContentRequest", "SelectObjectContentRequest"),
    ("POST", "uploadId"): ("CompleteMultipartUpload", "CompletedMultipartUpload"),
    ("PUT", "accelerate"): ("AccelerateConfiguration", "AccelerateConfiguration"),
    ("PUT", "acl"): ("AccessControlPolicy", "AccessControlPolicy"),
    ("PUT", "cors"): ("CORSConfiguration", "CORSConfiguration"),
    ("PUT", "encryption"): ("ServerSideEncryptionConfiguration", "ServerSideEncryptionConfiguration"),
    ("PUT", "inventory"): ("InventoryConfiguration", "InventoryConfiguration"),
    ("PUT", "legal-hold"): ("LegalHold", "ObjectLockLegalHold"),
    ("PUT", "lifecycle"): ("LifecycleConfiguration", "BucketLifecycleConfiguration"),
    ("PUT", "logging"): ("BucketLoggingStatus", "BucketLoggingStatus"),
    ("PUT", "notification"): ("NotificationConfiguration", "NotificationConfiguration"),
    ("PUT", "object-lock"): ("ObjectLockConfiguration", "ObjectLockConfiguration"),
    ("PUT", "ownershipControls"): ("OwnershipControls", "OwnershipControls"),
    ("PUT", "publicAccessBlock"): ("PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"),
    ("PUT", "replication"): ("ReplicationConfiguration", "ReplicationConfiguration"),
    ("PUT", "retention"): ("Retention", "ObjectLockRetention"),
    ("PUT", "tagging"): ("Tagging", "Tagging"),
    ("PUT", "versioning"): ("VersioningConfiguration", "VersioningConfiguration"),
    ("PUT", "website"): ("WebsiteConfiguration", "WebsiteConfiguration"),
}
NEW_BUCKET = "CreateBucketConfiguration", "CreateBucketConfiguration"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
MAX_RULE_ID_LENGTH = 255
SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"

Shape = Mapping[str, Any]


def read_document(method: str, subresource: str, content: bytes) -> Element | None:
    """The document of a request that has one, None for others; raises MalformedXML, or what a value is refused with.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    described = DOCUMENTS.get((method, subresource))
    return None if described is None else parse_document(content, *described)


def parse_document(content: bytes, root: str, shape: str) -> Element:
    """The root element of a document of this shape; raises MalformedXML."""
    try:
        found = ElementTree.fromstring(content)  # noqa: S314 - it came with a verified signature
    except (ElementTree.ParseError, LookupError, ValueError):
        raise malformed() from None
    if local_name(found) != root or b"<!DOCTYPE" in content:
        raise malformed()
    _check(found, shape)
    return found


def plain_text(document: Element) -> bytes:
    """The document as SDKs spell it: moto reads no prefixes of namespaces."""
    plain = _plain(document)
    plain.set("xmlns", NAMESPACE)
    text: bytes = ElementTree.tostring(plain, "utf-8")
    return text


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def check_rule_id(text: str) -> None:
    """Raise InvalidArgument for an id that is too long, of a rule of CORS or of a lifecycle."""
    if len(text) > MAX_RULE_ID_LENGTH:
        raise invalid_argument(f"ID length should not exceed allowed limit of {MAX_RULE_ID_LENGTH}", "ID", text)


def malformed() -> S3Error:
    """400 MalformedXML."""
    return S3Error(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def _plain(element: Element) -> Element:
    plain = Element(local_name(element))
    plain.text = element.text
    for name, value in element.attrib.items():
        if name.startswith(SCHEMA_INSTANCE):
            plain.set("xmlns:xsi", SCHEMA_INSTANCE.strip("{}"))
            plain.set(f"xsi:{name.removeprefix(SCHEMA_INSTANCE)}", value)
    plain.extend(_plain(child) for child in element)
    return plain


@cache
def _shapes() -> Mapping[str, Shape]:
    shapes: Mapping[str, Shape] = describe_service("s3")["shapes"]
    return shapes


def _check(element: Element, name: str) -> None:
    shape = _shapes()[name]
    if shape["type"] in ("structure", "list") and any((text or "").strip() for text in _texts_between(element)):
        raise malformed()
    match shape["type"]:
        case "structure":
            _check_structure(element, shape)
        case "list":
            for child in element:
                if local_name(child) != shape["member"].get("locationName", "member"):
                    raise malformed()
                _check(child, shape["member"]["shape"])
        case kind:
            _check_scalar(element, name, kind, shape)


def _texts_between(element: Element) -> Iterator[str | None]:
    yield element.text
    yield from (child.tail for child in element)


def _check_structure(element: Element, shape: Shape) -> None:
    members = {one.get("locationName", name): (name, one) for name, one in shape["members"].items()}
    seen = {
        name
        for spelled, (name, one) in members.items()
        if one.get("xmlAttribute") and f"{SCHEMA_INSTANCE}{spelled.rpartition(':')[2]}" in element.attrib
    }
    for child in element:
        name, member = members.get(local_name(child), ("", {}))
        inner = _shapes()[member["shape"]] if member and not member.get("xmlAttribute") else {}
        is_repeated = inner.get("flattened") or member.get("flattened")
        if not inner or (name in seen and not is_repeated):
            raise malformed()
        seen.add(name)
        _check(child, inner["member"]["shape"] if is_repeated else member["shape"])
    if not seen.issuperset(shape.get("required", ())):
        raise malformed()


def _check_scalar(element: Element, name: str, kind: str, shape: Shape) -> None:
    text = (element.text or "").strip()
    if len(element) or not _is_of_type(kind, text, shape):
        raise malformed()
    # A filter is spelled Prefix or prefix.
    given = text.lower() if name == "FilterRuleName" else text
    if given not in shape.get("enum", (given,)):
        raise _no_choice(name, text)


def _is_of_type(kind: str, text: str, shape: Shape) -> bool:
    match kind:
        case "integer" | "long":
            return text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20
        case "boolean":
            return text.lower() in ("true", "false", "1", "0")
        case "timestamp" if shape.get("timestampFormat") == "iso8601":
            try:
                datetime.fromisoformat(text)
            except ValueError:
                return False
    return True


def _no_choice(shape: str, text: str) -> S3Error:
    """What refuses a value outside an enumeration."""
    match shape:
        case "Event":
            return invalid_argument("The event is not supported for notifications", "Event", text)
        case "FilterRuleName":
            return invalid_argument("filter rule name must be either prefix or suffix", "FilterRule.Name", text)
        case "BucketLocationConstraint":
            return S3Error(
                400,
                "InvalidLocationConstraint",
                "The specified location-constraint is not valid",
                {"LocationConstraint": text},
            )
    return malformed()
