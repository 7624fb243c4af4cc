"""The functions of deploy/functions/, called by the user pool of the stack."""

from pathlib import Path
from typing import Any

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint, run_local_aws
from tests.emulation.cognito.pool import PASSWORD, new_email
from tests.emulation.cognito.sources import guide
from tests.emulation.refusals import refused

TRIGGERS = guide("cognito-user-pools-working-with-lambda-triggers")


def sign_up(aws: AwsEndpoint, email: str) -> str:
    answer = aws.client("cognito-idp").sign_up(
        ClientId=aws.environment["COGNITO_CLIENT_ID"],
        Username=email,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada"}],
    )
    return str(answer["UserSub"])


def confirm(aws: AwsEndpoint, email: str) -> None:
    aws.client("cognito-idp").admin_confirm_sign_up(UserPoolId=aws.environment["COGNITO_USER_POOL_ID"], Username=email)


def read_profile(aws: AwsEndpoint, user_id: str) -> dict[str, Any]:
    answer = aws.client("dynamodb").get_item(
        TableName=aws.environment["DYNAMODB_TABLE_USERS"], Key={"userId": {"S": user_id}}, ConsistentRead=True
    )
    item: dict[str, Any] = answer.get("Item", {})
    return item


@pytest.mark.aws(
    "A confirmation runs the pool's PostConfirmation function before it is answered",
    guide("user-pool-lambda-post-confirmation"),
)
def test_a_confirmation_has_run_the_function_when_it_is_answered(aws: AwsEndpoint) -> None:
    email = new_email()
    user_id = sign_up(aws, email)
    assert read_profile(aws, user_id) == {}
    confirm(aws, email)
    profile = read_profile(aws, user_id)
    assert profile, "no function was called"
    assert (profile["email"]["S"], profile["name"]["S"]) == (email, "Ada")


@pytest.mark.aws("The failure of a function reaches the caller (UserLambdaValidationException)", TRIGGERS)
def test_a_failing_function_is_told_to_the_caller(tmp_path: Path) -> None:
    with run_local_aws(tmp_path) as aws:
        email = new_email()
        sign_up(aws, email)
        aws.client("dynamodb").delete_table(TableName=aws.environment["DYNAMODB_TABLE_USERS"])
        with refused("UserLambdaValidationException"):
            confirm(aws, email)
