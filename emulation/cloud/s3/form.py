"""A multipart/form-data body: the fields before the file, and the file.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emulation.cloud.s3.errors import S3Error, invalid_argument, precondition_failed

MAX_FIELDS_BYTES = 20 * 1024
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_PARAMETER = re.compile(r'(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` by name in lower case, in the form's order; what comes after the file is ignored, as S3 does."""

    fields: dict[str, str]
    file_name: str
    content: bytes


def read_form(content_type: str, body: bytes) -> Form:
    """The form; raises S3Error where it is none, lacks the file, or its fields are too large."""
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data"):
        raise precondition_failed("Bucket POST must be of the enclosure-type multipart/form-data")
    if boundary is None:
        raise _malformed()
    fields: dict[str, str] = {}
    size = 0
    for head, content in _parts(body, (boundary[1] or boundary[2]).encode()):
        parameters = {found[1].lower(): found[2] for found in _PARAMETER.finditer(head)}
        name = parameters.get("name", "").lower()
        if name == "file":
            return Form(fields, parameters.get("filename", ""), content)
        size += len(name) + len(content)
        if size > MAX_FIELDS_BYTES:
            raise S3Error(
                400,
                "MaxPostPreDataLengthExceeded",
                "Your POST request fields preceding the upload file were too large.",
                {"MaxPostPreDataLengthBytes": MAX_FIELDS_BYTES},
            )
        fields[name] = content.decode("utf-8", "replace")
    raise invalid_argument("POST requires exactly one file upload per request.", "file", "0")


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Head and content of each part."""
    delimiter = b"\r\n--" + boundary
    framed = b"\r\n" + body
    position = framed.find(delimiter) + len(delimiter)
    while framed[position : position + 2] == b"\r\n":
        start = framed.find(b"\r\n\r\n", position)
        end = framed.find(delimiter, start)
        if start < 0 or end < 0:
            raise _malformed()
        yield framed[position:start].decode("utf-8", "replace"), framed[start + 4 : end]
        position = end + len(delimiter)
    if framed[position : position + 2] != b"--":
        raise _malformed()


def _malformed() -> S3Error:
    return S3Error(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
