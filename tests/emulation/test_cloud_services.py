from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.signing import SignedCall

JSON = {"Content-Type": "application/x-amz-json-1.1"}


@pytest.mark.parametrize("target", ["DynamoDB_20120810.NoSuchAction", "AmazonSQS.SendMessage"])
def test_an_unknown_action_is_answered_at_once_with_its_name(cloud: CloudProcess, target: str) -> None:
    status, error = cloud.request("POST", "/", b"{}", JSON | {"X-Amz-Target": target})
    assert (status, error["__type"]) == (501, "NotImplemented")
    assert target.split(".")[1] in error["message"]


def test_an_sdk_does_not_retry_an_unknown_action(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError, match="does not emulate cognito-idp:StartUserImportJob") as refused:
        cloud.client("cognito-idp").start_user_import_job(UserPoolId="us-east-1_x", JobId="import-1")
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0


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


def test_each_answer_has_the_head_of_its_service_and_names_no_other_software(cloud: CloudProcess) -> None:
    environment = cloud.request("GET", "/_cloud/environment")[1]
    bucket, pool = environment["S3_BUCKET_UPLOADS"], environment["COGNITO_USER_POOL_ID"]
    s3, dynamodb, cognito = (cloud.client(name) for name in ("s3", "dynamodb", "cognito-idp"))
    heads = {
        "AmazonS3": [
            head_of(s3.put_object, Bucket=bucket, Key="uploads/head", Body=b"x"),
            head_of(s3.get_object, Bucket=bucket, Key="uploads/head"),
            head_of(s3.list_objects_v2, Bucket=bucket),
            head_of(s3.delete_object, Bucket=bucket, Key="uploads/head"),
            head_of(s3.get_object, Bucket=bucket, Key="uploads/none"),
        ],
        "application/x-amz-json-1.0": [
            head_of(dynamodb.list_tables),
            head_of(dynamodb.get_item, TableName="none", Key={"a": {"S": "a"}}),
            head_of(dynamodb.put_item, TableName="none", Item={}),
        ],
        "application/x-amz-json-1.1": [
            head_of(cognito.describe_user_pool, UserPoolId=pool),
            head_of(cognito.list_users, UserPoolId=pool),
            head_of(cognito.admin_get_user, UserPoolId=pool, Username="nobody"),
            head_of(cognito.get_user, AccessToken="none"),
        ],
    }

    for mark, told in heads.items():
        for head in told:
            assert head["HTTPHeaders"].get("server", head["HTTPHeaders"].get("content-type")) == mark, head
            own = "x-amz-request-id" if mark == "AmazonS3" else "x-amzn-requestid"
            assert head["RequestId"] == head["HTTPHeaders"][own]
            assert "status" not in head["HTTPHeaders"]
    assert "content-type" not in heads["AmazonS3"][3]["HTTPHeaders"]


def head_of(call: Callable[..., Any], **parameters: Any) -> Any:
    """What the SDK keeps of an answer's head, a refusal's too."""
    try:
        return call(**parameters)["ResponseMetadata"]
    except ClientError as error:
        return error.response["ResponseMetadata"]


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


CALLS_OF_USERS: dict[str, dict[str, Any]] = {
    "SignUp": {"Username": "a", "Password": "b", "UserAttributes": [{"Name": "email", "Value": "a@example.com"}]},
    "InitiateAuth": {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "a", "PASSWORD": "b"}},
    "RespondToAuthChallenge": {"ChallengeName": "SOFTWARE_TOKEN_MFA", "ChallengeResponses": {"USERNAME": "a"}},
    "GetUser": {"AccessToken": "a"},
    "AdminGetUser": {"UserPoolId": "us-east-1_a", "Username": "a"},
    "AdminCreateUser": {"UserPoolId": "us-east-1_a", "Username": "a"},
}


@pytest.mark.aws(
    "A parameter of another type than the documented one is refused with SerializationException",
    "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html",
)
@pytest.mark.parametrize("action", CALLS_OF_USERS)
def test_a_parameter_of_another_type_is_refused(aws: AwsEndpoint, action: str) -> None:
    body = CALLS_OF_USERS[action]
    for name in body:
        for value in (5, True, [5], "\ud800" if isinstance(body[name], str) else "text"):
            status, answer = SignedCall(aws, "cognito-idp", action, {**body, name: value}).send()
            assert (status, answer["__type"].rpartition("#")[2]) == (400, "SerializationException"), (name, value)


STREAMS = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html"
NO_STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/none/stream/2026-01-01T00:00:00.000"


@pytest.mark.aws("What names no stream, shard or iterator is refused, each with its error", STREAMS)
@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("DescribeStream", {}, "ValidationException"),
        ("DescribeStream", {"StreamArn": "x" * 40}, "ValidationException"),
        ("DescribeStream", {"StreamArn": NO_STREAM}, "ResourceNotFoundException"),
        ("GetRecords", {"ShardIterator": "x"}, "ValidationException"),
        ("GetRecords", {"ShardIterator": f"{NO_STREAM}|1|x"}, "ValidationException"),
        ("GetRecords", {"ShardIterator": 5}, "SerializationException"),
    ],
)
def test_what_is_no_stream_is_refused(aws: AwsEndpoint, action: str, body: dict[str, Any], code: str) -> None:
    status, answer = SignedCall(aws, "dynamodbstreams", action, body).send()
    assert (status, answer["__type"].rpartition("#")[2]) == (400, code)
