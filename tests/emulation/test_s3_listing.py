"""Listings in pages, and the parameters of a query that S3 refuses."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.refusals import refused
from tests.emulation.s3_http import send_signed
from tests.emulation.test_durability import running

LISTING = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"
FIRST_LISTING = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html"
ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
READING = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"
PART_COPY = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html"

KEYS = ("a b/é.jpg", "a/1", "a/2", "c", "d/e", "f")
ENTRIES = ["a b/", "a/", "c", "d/", "f"]


@pytest.fixture
def bucket(aws: AwsEndpoint) -> str:
    """A bucket with keys, in folders and outside."""
    return fill(aws.client("s3"))


def fill(s3: Any) -> str:
    name = f"listing-{uuid4()}"
    s3.create_bucket(Bucket=name)
    for key in KEYS:
        s3.put_object(Bucket=name, Key=key, Body=b"0123456789")
    return name


def entries(page: dict[str, Any]) -> list[str]:
    keys = [one["Key"] for one in page.get("Contents", [])]
    return sorted([*keys, *(one["Prefix"] for one in page.get("CommonPrefixes", []))])


@pytest.mark.aws("Keys and common prefixes count as one each, and pages have no gap", LISTING)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_of_keys_and_prefixes(aws: AwsEndpoint, bucket: str, size: int) -> None:
    pages = (
        aws.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size})
    )
    found = [entries(page) for page in pages]
    assert [one for page in found for one in page] == ENTRIES
    assert {len(page) for page in found[:-1]} <= {size}


@pytest.mark.aws("ListObjects counts common prefixes too, and says behind what the next page begins", FIRST_LISTING)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_of_the_first_version(aws: AwsEndpoint, bucket: str, size: int) -> None:
    s3, found = aws.client("s3"), []
    marker = ""
    for _ in ENTRIES:
        page = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=size, Marker=marker)
        found += entries(page)
        marker = page.get("NextMarker", "")
        assert page["IsTruncated"] == bool(marker)
        assert len(entries(page)) <= size
        if not marker:
            break
    assert found == ENTRIES


def test_a_page_follows_over_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as cloud:
        bucket = fill(cloud.client("s3"))
        first = cloud.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=4)
    with running(tmp_path) as cloud:
        token = first["NextContinuationToken"]
        second = cloud.client("s3").list_objects_v2(Bucket=bucket, ContinuationToken=token)
    assert (*entries(first), *entries(second)) == KEYS


@pytest.mark.aws("A page has 1,000 keys at most, whatever MaxKeys says", LISTING)
def test_a_page_has_a_thousand_keys(aws: AwsEndpoint) -> None:
    s3, name = aws.client("s3"), f"many-{uuid4()}"
    s3.create_bucket(Bucket=name)
    for number in range(1001):
        s3.put_object(Bucket=name, Key=f"{number:04}", Body=b"")
    page = s3.list_objects_v2(Bucket=name, MaxKeys=5000)
    assert (page["KeyCount"], page["IsTruncated"]) == (1000, True)


@pytest.mark.aws("A count, an encoding or a token that is none is InvalidArgument", ERRORS)
@pytest.mark.parametrize(
    "query",
    [
        "list-type=2&max-keys=many",
        "list-type=2&max-keys=-1",
        "list-type=2&max-keys=2147483648",
        "list-type=2&encoding-type=rot13",
        "list-type=2&continuation-token=nonsense",
        "list-type=2&continuation-token=",
        "max-keys=many",
        "versions&max-keys=many",
        "uploads&max-uploads=many",
    ],
)
def test_an_impossible_listing_is_refused(aws: AwsEndpoint, bucket: str, query: str) -> None:
    assert send_signed("GET", f"{aws.url}/{bucket}?{query}").refusal == (400, "InvalidArgument")


@pytest.mark.aws("A part is read by a number from 1 to 10,000", READING)
@pytest.mark.parametrize("number", ["0", "one", "10001"])
def test_no_part_can_be_read_by_what_is_no_number(aws: AwsEndpoint, bucket: str, number: str) -> None:
    assert send_signed("GET", f"{aws.url}/{bucket}/c?partNumber={number}").refusal == (400, "InvalidArgument")


@pytest.mark.aws("An upload that is not there, or is another key's, is 404 NoSuchUpload", ERRORS)
def test_an_upload_that_is_not_there_is_refused(aws: AwsEndpoint, bucket: str) -> None:
    s3 = aws.client("s3")
    others = s3.create_multipart_upload(Bucket=bucket, Key="other")["UploadId"]
    for upload_id in ("nonsense", others):
        upload = {"Bucket": bucket, "Key": "k", "UploadId": upload_id}
        with refused("NoSuchUpload", status=404):
            s3.upload_part(**upload, PartNumber=1, Body=b"part")
        with refused("NoSuchUpload", status=404):
            s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": "x"}]})
        with refused("NoSuchUpload", status=404):
            s3.list_parts(**upload)
        with refused("NoSuchUpload", status=404):
            s3.abort_multipart_upload(**upload)


@pytest.mark.aws("A part is copied from a range of its source, and from no other", PART_COPY)
def test_a_part_is_copied_from_a_range(aws: AwsEndpoint, bucket: str) -> None:
    s3 = aws.client("s3")
    upload = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
    source = {"Bucket": bucket, "Key": "c"}
    for wrong in ("bytes=0-10", "bytes=5-2", "bytes=2-", "all"):
        with refused("InvalidArgument"):
            s3.upload_part_copy(**upload, PartNumber=1, CopySource=source, CopySourceRange=wrong)
    copied = s3.upload_part_copy(**upload, PartNumber=1, CopySource=source, CopySourceRange="bytes=2-4")
    part = {"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]}
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"234"
