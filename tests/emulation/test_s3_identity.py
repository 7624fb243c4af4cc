"""The CDN may read pictures and list nothing; the cleanup function may list and delete versions, and read nothing."""

import json
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from emulation.settings import CDN_ACCESS_KEY
from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import images, send, uploads

GET_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"
ACTIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"
DENIED = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html"
DELETE_OBJECTS = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"
CLEANUP = "CleanupFunction"


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    answer: Any = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


@pytest.mark.aws("To who may not list the bucket a missing key is 403 AccessDenied", GET_OBJECT)
def test_a_missing_key_is_denied_to_who_may_not_list(aws: AwsEndpoint) -> None:
    cdn = open_client(aws.url, "s3", CDN_ACCESS_KEY)
    with pytest.raises(ClientError) as error:
        cdn.get_object(Bucket=images(aws), Key=f"images/{uuid4()}")
    assert refusal(error) == (403, "AccessDenied")
    with pytest.raises(ClientError) as error:
        cdn.head_object(Bucket=images(aws), Key=f"images/{uuid4()}")
    assert refusal(error) == (403, "403")


@pytest.mark.aws("To who may list the bucket a missing key is 404 NoSuchKey", GET_OBJECT)
def test_a_missing_key_is_not_found_by_who_may_list(aws: AwsEndpoint) -> None:
    developer = open_client(aws.url, "s3")
    with pytest.raises(ClientError) as error:
        developer.get_object(Bucket=images(aws), Key=f"images/{uuid4()}")
    assert refusal(error) == (404, "NoSuchKey")
    with pytest.raises(ClientError) as error:
        developer.head_object(Bucket=images(aws), Key=f"images/{uuid4()}")
    assert refusal(error) == (404, "404")


@pytest.mark.aws("A deleted object is missing too, to who may not list it is denied", GET_OBJECT)
def test_a_deleted_object_is_denied_to_who_may_not_list(aws: AwsEndpoint) -> None:
    key = f"images/{uuid4()}"
    developer, cdn = open_client(aws.url, "s3"), open_client(aws.url, "s3", CDN_ACCESS_KEY)
    developer.put_object(Bucket=images(aws), Key=key, Body=b"picture")
    assert cdn.get_object(Bucket=images(aws), Key=key)["Body"].read() == b"picture"
    developer.delete_object(Bucket=images(aws), Key=key)
    with pytest.raises(ClientError) as error:
        cdn.get_object(Bucket=images(aws), Key=key)
    assert refusal(error) == (403, "AccessDenied")
    with pytest.raises(ClientError) as error:
        developer.get_object(Bucket=images(aws), Key=key)
    assert refusal(error) == (404, "NoSuchKey")
    assert error.value.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"


@pytest.mark.aws("An operation that no policy allows is denied, with user, action and resource named", DENIED)
def test_what_no_policy_allows_is_denied(aws: AwsEndpoint) -> None:
    key = f"images/{uuid4()}"
    with pytest.raises(ClientError) as error:
        open_client(aws.url, "s3", CLEANUP).put_object(Bucket=images(aws), Key=key, Body=b"picture")
    assert refusal(error) == (403, "AccessDenied")
    message = error.value.response["Error"]["Message"]
    assert message.endswith(
        f'is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::{images(aws)}/{key}" '
        "because no identity-based policy allows the s3:PutObject action"
    )


@pytest.mark.aws("A right holds for the resources that the policy names", ACTIONS)
def test_a_right_holds_for_its_resources(aws: AwsEndpoint) -> None:
    key = f"receipts/{uuid4()}"
    open_client(aws.url, "s3").put_object(Bucket=images(aws), Key=key, Body=b"receipt")
    for identity, bucket in ((CDN_ACCESS_KEY, images(aws)), (CLEANUP, uploads(aws))):
        with pytest.raises(ClientError) as error:
            open_client(aws.url, "s3", identity).get_object(Bucket=bucket, Key=key)
        assert refusal(error) == (403, "AccessDenied")


@pytest.mark.aws("Listing versions is another right than listing objects", ACTIONS)
def test_listing_versions_is_a_right_of_its_own(aws: AwsEndpoint) -> None:
    cleanup = open_client(aws.url, "s3", CLEANUP)
    assert cleanup.list_object_versions(Bucket=images(aws), Prefix=f"images/{uuid4()}").get("Versions", []) == []
    with pytest.raises(ClientError) as error:
        cleanup.list_objects_v2(Bucket=images(aws))
    assert refusal(error) == (403, "AccessDenied")


@pytest.mark.aws("DeleteObjects answers each key by itself", DELETE_OBJECTS)
def test_a_deletion_of_many_asks_for_each_key(aws: AwsEndpoint) -> None:
    developer, key = open_client(aws.url, "s3"), f"images/{uuid4()}"
    version = developer.put_object(Bucket=images(aws), Key=key, Body=b"picture")["VersionId"]
    objects = {"Objects": [{"Key": key, "VersionId": version}]}
    refused = open_client(aws.url, "s3", CDN_ACCESS_KEY).delete_objects(Bucket=images(aws), Delete=objects)
    assert [(one["Key"], one["Code"]) for one in refused["Errors"]] == [(key, "AccessDenied")]
    done = open_client(aws.url, "s3", CLEANUP).delete_objects(Bucket=images(aws), Delete=objects)
    assert [one["VersionId"] for one in done["Deleted"]] == [version]
    assert "Versions" not in developer.list_object_versions(Bucket=images(aws), Prefix=key)


@pytest.mark.aws("A presigned URL may what its signer may when it is used", DENIED)
def test_a_url_of_who_may_not_is_denied(aws: AwsEndpoint) -> None:
    url = open_client(aws.url, "s3", CDN_ACCESS_KEY).generate_presigned_url(
        "put_object", Params={"Bucket": uploads(aws), "Key": f"uploads/{uuid4()}"}
    )
    assert send("PUT", url, b"picture").refusal == (403, "AccessDenied")


@pytest.mark.aws("A bucket that does not exist is 404 NoSuchBucket", GET_OBJECT)
def test_a_missing_bucket_is_not_found(aws: AwsEndpoint) -> None:
    with pytest.raises(ClientError) as error:
        open_client(aws.url, "s3").get_object(Bucket=f"no-bucket-{uuid4()}", Key="a")
    assert refusal(error) == (404, "NoSuchBucket")


def test_a_policy_that_wants_tls_does_not_lock_out_the_local_http(aws: AwsEndpoint) -> None:
    s3, bucket = aws.client("s3"), f"tls-{uuid4()}"
    s3.create_bucket(Bucket=bucket)
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket=bucket, Key="k", Body=b"content")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"content"
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
