"""tests/api against a deployment, which the local stack stands in for."""

import os

import pytest

from deploy.commands.testing import run_tests
from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY
from tests.deploy.local_stack import LocalStack
from tests.deploy.test_commands import DEV


def environ(stack: LocalStack) -> dict[str, str]:
    return {
        **os.environ,
        "AWS_ENDPOINT_URL": stack.aws_url,
        "AWS_ACCESS_KEY_ID": DEVELOPER_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": DEVELOPER_SECRET_KEY,
    }


def test_tests_of_the_api_run_on_accounts_that_are_made_without_mails_and_removed(
    stack: LocalStack, capfd: pytest.CaptureFixture[str]
) -> None:
    chosen = [
        "tests/api/test_isolation.py",
        "tests/api/test_auth.py",
        "-k",
        "isolation or verif",
        "-p",
        "no:cacheprovider",
    ]
    code = run_tests(stack.deployment, DEV, environ(stack), chosen)

    told = capfd.readouterr().out
    assert code == 0, told
    assert " passed" in told
    assert "a deployment has no /_local/mail" in told
    users = stack.client("cognito-idp").list_users(UserPoolId=stack.deployment.user_pool_id)["Users"]
    # Those that were registered for their mail stay, as nobody knows their ids here.
    assert {one["UserStatus"] for one in users} <= {"UNCONFIRMED"}
