"""The parameters of a query, which moto takes for numbers, tokens and uploads without a look.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

import re
from collections.abc import Mapping

from moto.s3.models import FakeBucket

from emulation.cloud.s3.errors import S3Error, invalid_argument
from emulation.cloud.s3.listing import read_token
from emulation.cloud.s3.target import Target

COUNTS = ("max-keys", "max-parts", "max-uploads")
MOST = (1 << 31) - 1
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
PART_NUMBERS = range(1, 10_001)
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")


def check_query(method: str, target: Target) -> None:
    """Raise InvalidArgument for what no listing or read can be asked with."""
    if method not in ("GET", "HEAD"):
        return
    query = target.query
    for name in COUNTS:
        if name in query:
            _check_count(name, query[name])
    if query.get("encoding-type", "url") != "url":
        message = "Invalid Encoding Method specified in Request"
        raise invalid_argument(message, "encoding-type", query["encoding-type"])
    if "continuation-token" in query and not target.key:
        _check_token(query["continuation-token"])
    if "partNumber" in query:
        check_part_number(query["partNumber"])


def check_part_number(text: str) -> None:
    """Raise InvalidArgument for what numbers no part of a multipart upload."""
    if not text.isdecimal() or int(text[:6]) not in PART_NUMBERS:
        message = f"Part number must be an integer between {PART_NUMBERS[0]} and {PART_NUMBERS[-1]}, inclusive"
        raise invalid_argument(message, "partNumber", text)


def check_upload(bucket: FakeBucket, target: Target) -> None:
    """Raise NoSuchUpload unless the multipart upload is one of this key."""
    upload_id = target.query.get("uploadId")
    if upload_id is None:
        return
    upload = bucket.multiparts.get(upload_id)
    if upload is None or upload.key_name != target.key:
        message = (
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
            "completed."
        )
        raise S3Error(404, "NoSuchUpload", message, {"UploadId": upload_id})


def check_copy_range(headers: Mapping[str, str], size: int) -> None:
    """Raise InvalidArgument for a range that is none of the source's.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
    """
    text = headers.get("x-amz-copy-source-range")
    if text is None:
        return
    found = _RANGE.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        message = (
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy"
        )
        raise invalid_argument(message, "x-amz-copy-source-range", text)
    if int(found[2]) >= size:
        message = f"Range specified is not valid for source object of size: {size}"
        raise invalid_argument(message, "x-amz-copy-source-range", text)


def _check_count(name: str, text: str) -> None:
    try:
        count = int(text)
    except ValueError:
        count = MOST + 1
    if count > MOST:
        raise invalid_argument(f"Provided {name} not an integer or within integer range", name, text)
    if count < 0:
        raise invalid_argument(f"Argument {name} must be an integer between 0 and {MOST}", name, text)


def _check_token(token: str) -> None:
    try:
        known = bool(read_token(token))
    except ValueError:
        known = False
    if not known:
        raise invalid_argument("The continuation token provided is incorrect", "continuation-token", token)
