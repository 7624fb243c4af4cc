import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.cloud_process import CloudProcess

JSON = {"Content-Type": "application/x-amz-json-1.1"}


@pytest.mark.parametrize("target", ["DynamoDB_20120810.NoSuchAction", "AmazonSQS.SendMessage"])
def test_an_unknown_action_is_answered_at_once_with_its_name(cloud: CloudProcess, target: str) -> None:
    status, error = cloud.request("POST", "/", b"{}", JSON | {"X-Amz-Target": target})
    assert (status, error["__type"]) == (501, "NotImplemented")
    assert target.split(".")[1] in error["message"]


def test_an_sdk_does_not_retry_an_unknown_action(cloud: CloudProcess) -> None:
    started = time.monotonic()
    with pytest.raises(ClientError, match="does not emulate cognito-idp:StartUserImportJob"):
        cloud.client("cognito-idp").start_user_import_job(UserPoolId="us-east-1_x", JobId="import-1")
    assert time.monotonic() - started < 2


def test_a_body_that_is_no_json_is_a_serialization_error(cloud: CloudProcess) -> None:
    status, error = cloud.request("POST", "/", b"{", JSON | {"X-Amz-Target": "DynamoDB_20120810.GetItem"})
    assert (status, error["__type"].split("#")[-1]) == (400, "SerializationException")


def test_an_unsigned_cognito_call_goes_to_the_stacks_region(cloud: CloudProcess) -> None:
    client_id = cloud.request("GET", "/_cloud/environment")[1]["COGNITO_CLIENT_ID"]
    body = f'{{"ClientId": "{client_id}", "AuthFlow": "USER_PASSWORD_AUTH", '
    body += '"AuthParameters": {"USERNAME": "nobody@example.com", "PASSWORD": "wrong"}}'
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    status, error = cloud.request("POST", "/", body.encode(), JSON | target)
    assert (status, error["__type"]) == (400, "NotAuthorizedException")


def test_an_objects_key_and_metadata_arrive_as_they_were_sent(cloud: CloudProcess) -> None:
    bucket = cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_IMAGES"]
    s3 = cloud.client("s3")
    key = f"images/{uuid4()}/a b+c%2Fd ü.jpg"
    s3.put_object(Bucket=bucket, Key=key, Body=b"0123456789", ContentType="image/jpeg", Metadata={"my_key": "x"})
    head = s3.head_object(Bucket=bucket, Key=key)
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (10, "image/jpeg", {"my_key": "x"})
    part = s3.get_object(Bucket=bucket, Key=key, Range="bytes=2-4")
    assert (part["ResponseMetadata"]["HTTPStatusCode"], part["Body"].read()) == (206, b"234")


def test_a_large_object_passes(cloud: CloudProcess) -> None:
    bucket = cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_UPLOADS"]
    s3 = cloud.client("s3")
    content = bytes(12 * 1024 * 1024)
    s3.put_object(Bucket=bucket, Key="uploads/large", Body=content)
    assert s3.get_object(Bucket=bucket, Key="uploads/large")["Body"].read() == content
    s3.delete_object(Bucket=bucket, Key="uploads/large")


def test_parallel_requests_are_all_answered(cloud: CloudProcess) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: cloud.request("GET", "/_cloud/health")[0], range(60)))
    assert set(answers) == {200}
