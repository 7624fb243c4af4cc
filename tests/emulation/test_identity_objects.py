"""What each function of the template, and the CDN, may do with objects, and that it is refused all the rest."""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from emulation.settings import CDN_ACCESS_KEY
from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import AwsEndpoint

ACTIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"
# By identity, the rights that the probes below find.
ALLOWED: Mapping[str, frozenset[str]] = {
    "AuthFunction": frozenset(),
    "AuthorizerFunction": frozenset(),
    "CleanupFunction": frozenset(
        {
            "images:DeleteObjectVersion",
            "images:PutObjectTagging",
            "images:ListBucketVersions",
            "receipts:DeleteObjectVersion",
            "receipts:PutObjectTagging",
            "receipts:ListBucketVersions",
        }
    ),
    "GuitarsFunction": frozenset({"images:GetObject", "receipts:GetObject"}),
    "ImagesFunction": frozenset(
        {
            *(f"uploads:{action}" for action in ("GetObject", "PutObject", "DeleteObject")),
            *(f"images:{action}" for action in ("GetObject", "PutObject", "PutObjectTagging")),
            *(f"receipts:{action}" for action in ("GetObject", "PutObject", "PutObjectTagging")),
        }
    ),
    "PostConfirmationFunction": frozenset(),
    "UserFunction": frozenset(),
    CDN_ACCESS_KEY: frozenset({"images:GetObject"}),
}
TAGS = {"TagSet": [{"Key": "attachment", "Value": "attached"}]}
Probes = Mapping[str, Callable[[Any], Any]]


def probes_of(bucket: str, key: str, version_id: str) -> Probes:
    """Calls that need one right each, by that right; what deletes comes last."""
    one = {"Bucket": bucket, "Key": key}
    return {
        "GetObject": lambda s3: s3.get_object(**one),
        "PutObject": lambda s3: s3.put_object(**one, Body=b"other"),
        "GetObjectTagging": lambda s3: s3.get_object_tagging(**one),
        "PutObjectTagging": lambda s3: s3.put_object_tagging(**one, Tagging=TAGS),
        "ListBucket": lambda s3: s3.list_objects_v2(Bucket=bucket),
        "ListBucketVersions": lambda s3: s3.list_object_versions(Bucket=bucket),
        "GetBucketCORS": lambda s3: s3.get_bucket_cors(Bucket=bucket),
        "DeleteObject": lambda s3: s3.delete_object(**one),
        "DeleteObjectVersion": lambda s3: s3.delete_object(**one, VersionId=version_id),
    }


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def refusal_of(call: Callable[[Any], Any], client: Any) -> str:
    """The code of the refusal; empty when the call was allowed."""
    try:
        call(client)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.mark.aws("A role may do with objects what its policies allow, and nothing else.", ACTIONS)
@pytest.mark.parametrize("identity", sorted(ALLOWED))
def test_an_identity_may_only_what_its_policies_allow(aws: AwsEndpoint, identity: str) -> None:
    developer, client = aws.client("s3"), open_client(aws.url, "s3", identity)
    answers: dict[str, str] = {}
    for place in ("uploads", "images", "receipts"):
        bucket = aws.environment["S3_BUCKET_UPLOADS" if place == "uploads" else "S3_BUCKET_IMAGES"]
        key = f"{place}/{uuid4()}/1"
        version_id = developer.put_object(Bucket=bucket, Key=key, Body=b"one").get("VersionId", "null")
        for action, call in probes_of(bucket, key, version_id).items():
            answers[f"{place}:{action}"] = refusal_of(call, client)
    assert {name for name, code in answers.items() if not code} == ALLOWED[identity]
    assert set(answers.values()) <= {"", "AccessDenied"}


@pytest.mark.aws("A URL may do no more than whoever signed it.", ACTIONS)
def test_a_url_has_the_rights_of_its_signer(aws: AwsEndpoint) -> None:
    bucket, key = aws.environment["S3_BUCKET_IMAGES"], f"receipts/{uuid4()}/1.pdf"
    aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b"receipt")
    answers = {}
    for function in ("GuitarsFunction", "UserFunction"):
        url = open_client(aws.url, "s3", function).generate_presigned_url("get_object", {"Bucket": bucket, "Key": key})
        answers[function] = status_of(url)
    assert answers == {"GuitarsFunction": 200, "UserFunction": 403}
