"""Tags, as they come with an upload or in a document.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from urllib.parse import parse_qsl, urlencode
from xml.etree.ElementTree import Element

from emulation.cloud.s3.documents import parse_document
from emulation.cloud.s3.errors import S3Error

MAX_TAGS = 10
MAX_KEY_LENGTH = 128
MAX_VALUE_LENGTH = 256


def read_tags(header: str | None) -> dict[str, str]:
    """The tags of an x-amz-tagging header, which is encoded like a query; raises BadRequest or InvalidTag."""
    if not header:
        return {}
    return check_tags(parse_qsl(header, keep_blank_values=True), MAX_TAGS)


def check_tags(pairs: list[tuple[str, str]], most: int) -> dict[str, str]:
    """The tags of these keys and values, `most` of them; raises BadRequest or InvalidTag."""
    if len(pairs) > most:
        raise S3Error(400, "BadRequest", f"Object tags cannot be greater than {most}")
    tags = dict(pairs)
    if len(tags) < len(pairs):
        raise S3Error(400, "InvalidTag", "Cannot provide multiple Tags with the same key")
    for key, value in tags.items():
        if key.startswith("aws:"):
            raise S3Error(400, "InvalidTag", "System tags cannot be added/updated by requester", {"TagKey": key})
        if not key.strip() or len(key) > MAX_KEY_LENGTH:
            raise S3Error(400, "InvalidTag", "The TagKey you have provided is invalid", {"TagKey": key})
        if len(value) > MAX_VALUE_LENGTH:
            raise S3Error(400, "InvalidTag", "The TagValue you have provided is invalid", {"TagValue": value})
    return tags


def header_of_xml(text: str) -> str:
    """The `tagging` field of a form, which is XML, as the header of the same meaning; raises MalformedXML."""
    document = parse_document(text.encode(), "Tagging", "Tagging")
    return urlencode(pairs_of(document))


def pairs_of(document: Element) -> list[tuple[str, str]]:
    """The keys and values in a document of tags."""
    return [(one.findtext("{*}Key", ""), one.findtext("{*}Value", "")) for one in document.iterfind(".//{*}Tag")]
