"""The signatures of requests to DynamoDB and of Cognito's operations of administrators."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import botocore.session
import pytest
from botocore.credentials import Credentials

from emulation.cloud.identity.permissions import UNSIGNED
from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.refusals import refused
from tests.emulation.signing import SignedCall

SIGNING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"
DYNAMODB_ERRORS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"
# DynamoDB's own words, recorded in the order of its checks.
DYNAMODB_WORDS = "https://github.com/architect/dynalite/blob/main/index.js"
COGNITO_API = "https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
COMMON = "com.amazon.coral.service#"


def list_tables(aws: AwsEndpoint, **options: Any) -> SignedCall:
    return SignedCall(aws, "dynamodb", "ListTables", {}, **options)


def refusal_of(call: SignedCall) -> tuple[int, str, str]:
    """Status, type and message."""
    status, answer = call.send()
    return status, answer.get("__type", "none"), answer.get("message", "")


@pytest.mark.aws("A call signed with a right secret is answered.", SIGNING)
def test_a_right_signature_is_accepted(aws: AwsEndpoint) -> None:
    status, answer = list_tables(aws).send()
    assert status == 200
    assert aws.environment["DYNAMODB_TABLE_GUITARS"] in answer["TableNames"]


@pytest.mark.aws("A call signed with a wrong secret is an InvalidSignatureException.", SIGNING)
def test_a_wrong_secret_is_refused(aws: AwsEndpoint) -> None:
    with refused("InvalidSignatureException", MISMATCH):
        open_client(aws.url, "dynamodb", "local", "wrong").list_tables()


@pytest.mark.aws("An administrator's call to Cognito with a wrong secret is an InvalidSignatureException.", SIGNING)
def test_a_wrong_secret_is_refused_by_cognito(aws: AwsEndpoint) -> None:
    cognito = open_client(aws.url, "cognito-idp", "local", "wrong")
    with refused("InvalidSignatureException", MISMATCH):
        cognito.admin_get_user(UserPoolId=aws.environment["COGNITO_USER_POOL_ID"], Username=f"{uuid4()}@example.com")


@pytest.mark.aws("An access key that nobody has is an UnrecognizedClientException.", DYNAMODB_ERRORS)
@pytest.mark.parametrize(("service", "operation"), [("dynamodb", "list_tables"), ("cognito-idp", "list_user_pools")])
def test_an_unknown_access_key_is_refused(aws: AwsEndpoint, service: str, operation: str) -> None:
    arguments = {"MaxResults": 1} if service == "cognito-idp" else {}
    with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
        getattr(open_client(aws.url, service, "AKIAIOSFODNN7EXAMPLE"), operation)(**arguments)


@pytest.mark.aws("A session token that belongs to no key is an UnrecognizedClientException.", DYNAMODB_ERRORS)
def test_a_foreign_session_token_is_refused(aws: AwsEndpoint) -> None:
    call = list_tables(aws, credentials=Credentials("local", "local", "of-another-account"))
    status, code, _ = refusal_of(call)
    assert (status, code) == (400, f"{COMMON}UnrecognizedClientException")


@pytest.mark.aws("A call to DynamoDB without a signature is a MissingAuthenticationTokenException.", DYNAMODB_ERRORS)
@pytest.mark.parametrize("header", [None, "Bearer token", "Basic bG9jYWw6bG9jYWw="])
def test_a_missing_signature_is_refused(aws: AwsEndpoint, header: str | None) -> None:
    call = list_tables(aws)
    del call.headers["Authorization"]
    call.headers |= {"Authorization": header} if header else {}
    assert refusal_of(call) == (
        400,
        f"{COMMON}MissingAuthenticationTokenException",
        "Request is missing Authentication Token",
    )


@pytest.mark.aws("An administrator's call to Cognito needs a signature.", COGNITO_API)
def test_cognitos_administrators_sign(aws: AwsEndpoint) -> None:
    call = SignedCall(aws, "cognito-idp", "ListUserPools", {"MaxResults": 1})
    del call.headers["Authorization"]
    status, code, _ = refusal_of(call)
    assert (status, code) == (400, "MissingAuthenticationTokenException")


@pytest.mark.aws("A user's call to Cognito needs no signature, and one that is wrong is not looked at.", COGNITO_API)
@pytest.mark.parametrize("header", [None, "AWS4-HMAC-SHA256 nonsense"])
def test_cognitos_users_do_not_sign(aws: AwsEndpoint, header: str | None) -> None:
    call = SignedCall(aws, "cognito-idp", "GetUser", {"AccessToken": f"of-nobody-{uuid4()}"})
    del call.headers["Authorization"]
    call.headers |= {"Authorization": header} if header else {}
    assert refusal_of(call)[1] == "NotAuthorizedException"


def test_the_unsigned_operations_are_those_of_the_sdk() -> None:
    model = botocore.session.get_session().get_service_model("cognito-idp")
    unsigned = {name for name in model.operation_names if model.operation_model(name).auth_type == "none"}
    assert unsigned == UNSIGNED


@pytest.mark.aws("A body that was changed on the way does not match its signature.", SIGNING)
def test_a_changed_body_is_refused(aws: AwsEndpoint) -> None:
    call = list_tables(aws)
    call.body = b'{"Limit": 1}'
    assert refusal_of(call) == (400, f"{COMMON}InvalidSignatureException", MISMATCH)


@pytest.mark.aws("A signed header that was changed on the way does not match its signature.", SIGNING)
def test_a_changed_action_is_refused(aws: AwsEndpoint) -> None:
    call = list_tables(aws)
    call.headers["X-Amz-Target"] = "DynamoDB_20120810.DescribeLimits"
    assert refusal_of(call) == (400, f"{COMMON}InvalidSignatureException", MISMATCH)


@pytest.mark.aws(
    "A signature that is older than five minutes is expired.",
    "https://github.com/aws/aws-sdk-js-v3/issues/7605",
)
def test_an_old_signature_is_expired(aws: AwsEndpoint) -> None:
    status, code, message = refusal_of(list_tables(aws, age=timedelta(minutes=5, seconds=5)))
    assert (status, code) == (400, f"{COMMON}InvalidSignatureException")
    time = r"\d{8}T\d{6}Z"
    assert re.fullmatch(rf"Signature expired: {time} is now earlier than {time} \({time} - 5 min\.\)", message)


@pytest.mark.aws(
    "A signature from more than five minutes ahead is not yet current.",
    "https://github.com/aws/aws-sdk-js/issues/1652",
)
def test_a_signature_of_the_future_is_refused(aws: AwsEndpoint) -> None:
    status, code, message = refusal_of(list_tables(aws, age=timedelta(minutes=-6)))
    assert (status, code) == (400, f"{COMMON}InvalidSignatureException")
    time = r"\d{8}T\d{6}Z"
    assert re.fullmatch(rf"Signature not yet current: {time} is still later than {time} \({time} \+ 5 min\.\)", message)


def test_a_request_that_is_under_way_does_not_age_with_the_clock(aws: AwsEndpoint) -> None:
    under_way = list_tables(aws)
    aws.advance(3600)
    assert under_way.send()[0] == 200


@pytest.mark.aws("A signature counts for the service that it was made for.", SIGNING)
def test_a_signature_for_another_service_is_refused(aws: AwsEndpoint) -> None:
    assert refusal_of(list_tables(aws, scope="s3")) == (
        400,
        f"{COMMON}InvalidSignatureException",
        "Credential should be scoped to correct service: 'dynamodb'. ",
    )


@pytest.mark.aws("The day in the scope is the day of the signature.", DYNAMODB_WORDS)
def test_a_scope_of_another_day_is_refused(aws: AwsEndpoint) -> None:
    call = list_tables(aws)
    day = call.headers["X-Amz-Date"][:8]
    call.headers["Authorization"] = call.headers["Authorization"].replace(f"/{day}/", "/20130301/")
    status, code, message = refusal_of(call)
    assert (status, code) == (400, f"{COMMON}InvalidSignatureException")
    assert message.startswith("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date")


@pytest.mark.aws("What is missing in the Authorization header is named.", DYNAMODB_WORDS)
@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("AWS4-HMAC-SHA256 Credential=local/20130301/us-east-1/dynamodb/aws4_request, SignedHeaders=host", "Signature"),
        ("AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0", "Credential"),
        ("AWS4-HMAC-SHA256 Credential=local/20130301/us-east-1/dynamodb/aws4_request, Signature=0", "SignedHeaders"),
    ],
)
def test_an_incomplete_header_is_refused(aws: AwsEndpoint, header: str, reason: str) -> None:
    call = list_tables(aws)
    call.headers["Authorization"] = header
    message = f"Authorization header requires '{reason}' parameter. Authorization={header}"
    assert refusal_of(call) == (400, f"{COMMON}IncompleteSignatureException", message)


@pytest.mark.aws("A malformed part of the Authorization header is named.", DYNAMODB_WORDS)
@pytest.mark.parametrize(
    ("old", "new", "code", "reason"),
    [
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", "IncompleteSignatureException", "Unsupported AWS 'algorithm'"),
        ("/aws4_request", "", "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited"),
        ("aws4_request", "aws5_request", "InvalidSignatureException", "Credential should be scoped with a valid term"),
        (";host;", ";", "InvalidSignatureException", "'Host' must be a 'SignedHeader' in the AWS Authorization."),
    ],
)
def test_a_malformed_header_is_refused(aws: AwsEndpoint, old: str, new: str, code: str, reason: str) -> None:
    call = list_tables(aws)
    assert old in call.headers["Authorization"]
    call.headers["Authorization"] = call.headers["Authorization"].replace(old, new)
    status, found, message = refusal_of(call)
    assert (status, found) == (400, f"{COMMON}{code}")
    assert message.startswith(reason)


@pytest.mark.aws("A signature needs the time at which it was made.", DYNAMODB_WORDS)
@pytest.mark.parametrize(
    ("date", "reason"),
    [(None, "Authorization header requires existence of either a 'X-Amz-Date'"), ("2013", "Date must be in ISO-8601")],
)
def test_a_signature_without_a_readable_time_is_refused(aws: AwsEndpoint, date: str | None, reason: str) -> None:
    call = list_tables(aws)
    del call.headers["X-Amz-Date"]
    call.headers |= {"X-Amz-Date": date} if date else {}
    status, code, message = refusal_of(call)
    assert (status, code) == (400, f"{COMMON}IncompleteSignatureException")
    assert message.startswith(reason)
