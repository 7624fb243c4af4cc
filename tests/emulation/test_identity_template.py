"""The template's policies are what the local cloud enforces."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.aws_clients import open_client
from tests.emulation.cloud_copy import copy_cloud
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.refusals import refused
from tests.eventually import wait_until

CHANGES = {
    "Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem]": (
        "Action: [dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem]"
    ),
    "          Statement:\n            - Effect: Allow\n              Action: dynamodb:PutItem\n": (
        "          Statement:\n"
        "            - Effect: Deny\n              Action: dynamodb:Put*\n              Resource: '*'\n"
        "            - Effect: Allow\n              Action: dynamodb:PutItem\n"
    ),
}
Start = Callable[[dict[str, str]], CloudProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a local AWS whose template has other texts in it."""
    started: list[CloudProcess] = []

    def start(changes: dict[str, str]) -> CloudProcess:
        started.append(copy_cloud(tmp_path, changes))
        return started[-1]

    yield start
    for process in started:
        process.stop()


def test_what_the_template_does_not_allow_is_refused(start: Start) -> None:
    cloud = start(CHANGES).wait_until_ready()
    table = cloud.request("GET", "/_cloud/environment")[1]["DYNAMODB_TABLE_USERS"]
    item = {"userId": {"S": "somebody"}}
    user: Any = open_client(cloud.url, "dynamodb", "UserFunction")
    user.put_item(TableName=table, Item=item)
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
    with refused(
        "AccessDeniedException",
        "User: arn:aws:sts::123456789012:assumed-role/guitar-collection-UserFunctionRole/guitar-collection-user-dev "
        f"is not authorized to perform: dynamodb:GetItem on resource: {arn} "
        "because no identity-based policy allows the dynamodb:GetItem action",
    ):
        user.get_item(TableName=table, Key=item)
    # A matching Deny wins over every Allow.
    with refused(
        "AccessDeniedException",
        "User: arn:aws:sts::123456789012:assumed-role/guitar-collection-PostConfirmationFunctionRole/"
        "guitar-collection-post-confirmation-dev is not authorized to perform: dynamodb:PutItem on resource: "
        f"{arn} with an explicit deny in an identity-based policy",
    ):
        open_client(cloud.url, "dynamodb", "PostConfirmationFunction").put_item(TableName=table, Item=item)


def test_a_policy_that_cannot_be_enforced_stops_the_cloud_with_a_sentence(start: Start) -> None:
    statement = "            - Effect: Allow\n              Action: cognito-idp:GetUser\n"
    condition = f"{statement}              Condition: {{StringEquals: {{aws:RequestedRegion: us-east-1}}}}\n"
    cloud = start({statement: condition})
    reason = "AuthorizerFunction.Policies: the local cloud cannot enforce Condition of a policy statement."
    wait_until(lambda: reason in cloud.log)
    assert "The local stack cannot be created" in cloud.log
