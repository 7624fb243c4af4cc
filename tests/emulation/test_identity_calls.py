"""The record of who called what."""

from typing import Any
from uuid import uuid4

from tests.emulation.cloud_process import CloudProcess
from tests.emulation.refusals import refused
from tests.emulation.signing import client_of


def calls_on(cloud: CloudProcess, resource: str) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = cloud.request("GET", "/_cloud/calls")[1]
    return [call for call in calls if call["resource"].endswith(resource)]


def test_calls_are_recorded_with_their_caller(cloud: CloudProcess) -> None:
    table = f"unknown-{uuid4()}"
    with refused("ResourceNotFoundException"):
        cloud.client("dynamodb").get_item(TableName=table, Key={"id": {"S": "1"}})
    with refused("AccessDeniedException"):
        client_of(cloud.url, "dynamodb", "UserFunction").get_item(TableName=table, Key={"id": {"S": "1"}})
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
    assert calls_on(cloud, table) == [
        {"caller": "local", "action": "dynamodb:GetItem", "resource": arn, "allowed": True},
        {"caller": "UserFunction", "action": "dynamodb:GetItem", "resource": arn, "allowed": False},
    ]


def test_a_call_that_nobody_signed_is_nobodys(cloud: CloudProcess) -> None:
    before = len(cloud.request("GET", "/_cloud/calls")[1])
    with refused("InvalidSignatureException"):
        client_of(cloud.url, "dynamodb", "UserFunction", "wrong").list_tables()
    assert len(cloud.request("GET", "/_cloud/calls")[1]) == before


def test_the_record_is_bounded(cloud: CloudProcess) -> None:
    table = f"unknown-{uuid4()}"
    requests = {f"{table}-{number}": {"Keys": [{"id": {"S": "1"}}]} for number in range(100)}
    for _ in range(101):
        with refused("ResourceNotFoundException"):
            cloud.client("dynamodb").batch_get_item(RequestItems=requests)
    assert len(cloud.request("GET", "/_cloud/calls")[1]) == 10_000
