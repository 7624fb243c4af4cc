"""Who STS says that one is."""

import pytest
from botocore.exceptions import ClientError

from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.refusals import refused

CALLER_IDENTITY = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"
ERRORS = "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"


@pytest.mark.aws("GetCallerIdentity names the role and the session behind the access key.", CALLER_IDENTITY)
def test_a_function_is_told_its_role(aws: AwsEndpoint) -> None:
    answer = open_client(aws.url, "sts", "UserFunction").get_caller_identity()
    assert answer["Account"] == "123456789012"
    assert answer["Arn"] == (
        "arn:aws:sts::123456789012:assumed-role/guitar-collection-UserFunctionRole/guitar-collection-user-dev"
    )
    assert answer["UserId"].endswith(":guitar-collection-user-dev")


@pytest.mark.aws("GetCallerIdentity names the user behind the access key.", CALLER_IDENTITY)
def test_the_developer_is_told_the_user(aws: AwsEndpoint) -> None:
    assert aws.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/local"


@pytest.mark.aws("STS knows no made-up access key.", ERRORS)
def test_sts_refuses_an_unknown_key(aws: AwsEndpoint) -> None:
    with refused("InvalidClientTokenId", status=403):
        open_client(aws.url, "sts", "AKIAIOSFODNN7EXAMPLE").get_caller_identity()


@pytest.mark.aws("STS refuses a wrong secret.", ERRORS)
def test_sts_refuses_a_wrong_secret(aws: AwsEndpoint) -> None:
    with refused("SignatureDoesNotMatch", status=403):
        open_client(aws.url, "sts", "local", "wrong").get_caller_identity()


def test_another_action_of_sts_is_not_emulated(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError, match="does not emulate sts:AssumeRole"):
        cloud.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/somebody", RoleSessionName="session")
