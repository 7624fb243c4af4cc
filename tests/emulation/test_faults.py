"""Faults on demand: what a call meets that is to fail, and who is spared."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from emulation.settings import DEVELOPER_ACCESS_KEY
from tests.aws_clients import open_client
from tests.emulation.cloud_process import CloudProcess

FUNCTION = "GuitarsFunction"


@pytest.fixture(autouse=True)
def without_faults(cloud: CloudProcess) -> Iterator[None]:
    """Every test leaves the cloud as well as it found it."""
    yield
    cloud.request("DELETE", "/_cloud/faults")


def add(cloud: CloudProcess, **fault: Any) -> dict[str, Any]:
    status, told = cloud.request("POST", "/_cloud/faults", json.dumps(fault).encode())
    assert status == 201, told
    added: dict[str, Any] = told
    return added


def tables(cloud: CloudProcess) -> str:
    _, told = cloud.request("GET", "/_cloud/environment")
    name: str = told["DYNAMODB_TABLE_GUITARS"]
    return name


def read(cloud: CloudProcess, access_key: str = FUNCTION) -> Any:
    key = {"userId": {"S": "nobody"}, "guitarId": {"S": "none"}}
    return open_client(cloud.url, "dynamodb", access_key).get_item(TableName=tables(cloud), Key=key)


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    response: Any = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def test_a_throttled_table_asks_to_try_again_as_dynamodb_does(cloud: CloudProcess) -> None:
    add(cloud, kind="throttle", service="dynamodb")
    with pytest.raises(ClientError) as error:
        read(cloud)
    assert code_of(error) == (400, "ThrottlingException")


def test_a_failing_bucket_answers_as_s3_does(cloud: CloudProcess) -> None:
    s3 = open_client(cloud.url, "s3", "ImagesFunction")
    for kind, answer in (("throttle", (503, "SlowDown")), ("error", (500, "InternalError"))):
        cloud.request("DELETE", "/_cloud/faults")
        add(cloud, kind=kind, service="s3", action="GetObject")
        with pytest.raises(ClientError) as error:
            s3.get_object(Bucket="any", Key="any")
        assert code_of(error) == answer


def test_a_dropped_call_is_not_carried_out_and_a_lost_one_is(cloud: CloudProcess) -> None:
    dynamodb = open_client(cloud.url, "dynamodb")
    for kind, is_there in (("drop", False), ("lost", True)):
        key = {"userId": {"S": kind}, "guitarId": {"S": kind}}
        add(cloud, kind=kind, service="dynamodb", action="PutItem", times=1, developer=True)
        with pytest.raises(ConnectionClosedError):
            dynamodb.put_item(TableName=tables(cloud), Item=key)
        assert ("Item" in dynamodb.get_item(TableName=tables(cloud), Key=key)) is is_there


def test_a_conflict_refuses_a_write_and_cancels_a_transaction_as_dynamodb_does(cloud: CloudProcess) -> None:
    dynamodb, table = open_client(cloud.url, "dynamodb", FUNCTION), tables(cloud)
    item = {"userId": {"S": "nobody"}, "guitarId": {"S": "conflict"}}
    put = {"Put": {"TableName": table, "Item": item}}
    add(cloud, kind="conflict", service="dynamodb")
    with pytest.raises(ClientError) as error:
        dynamodb.put_item(TableName=table, Item=item)
    assert code_of(error) == (400, "TransactionConflictException")
    with pytest.raises(ClientError) as error:
        dynamodb.transact_write_items(
            TransactItems=[put, {"Put": put["Put"] | {"Item": item | {"userId": {"S": "b"}}}}]
        )
    assert code_of(error) == (400, "TransactionCanceledException")
    response: Any = error.value.response
    assert [reason["Code"] for reason in response["CancellationReasons"]] == ["None", "TransactionConflict"]
    assert response["Error"]["Message"].endswith("specific reasons [None, TransactionConflict]")
    assert "Item" not in dynamodb.get_item(TableName=table, Key=item)


def test_a_transaction_may_still_be_under_way(cloud: CloudProcess) -> None:
    dynamodb, table = open_client(cloud.url, "dynamodb", FUNCTION), tables(cloud)
    item = {"userId": {"S": "nobody"}, "guitarId": {"S": "under way"}}
    add(cloud, kind="in-progress")
    with pytest.raises(ClientError) as error:
        dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}}])
    assert code_of(error) == (400, "TransactionInProgressException")
    dynamodb.put_item(TableName=table, Item=item)


def test_a_throttled_transaction_says_so_for_the_part_that_was(cloud: CloudProcess) -> None:
    dynamodb, table = open_client(cloud.url, "dynamodb", FUNCTION), tables(cloud)
    gets = [{"Get": {"TableName": table, "Key": {"userId": {"S": "a"}, "guitarId": {"S": one}}}} for one in "ab"]
    add(cloud, kind="throttle", service="dynamodb")
    with pytest.raises(ClientError) as error:
        dynamodb.transact_get_items(TransactItems=gets)
    response: Any = error.value.response
    assert [reason["Code"] for reason in response["CancellationReasons"]] == ["None", "ThrottlingError"]


def test_the_developer_is_spared_unless_the_fault_says_otherwise(cloud: CloudProcess) -> None:
    add(cloud, kind="error", service="dynamodb")
    assert "Item" not in read(cloud, DEVELOPER_ACCESS_KEY)
    add(cloud, kind="error", service="dynamodb", developer=True)
    with pytest.raises(ClientError) as error:
        read(cloud, DEVELOPER_ACCESS_KEY)
    assert code_of(error) == (500, "InternalServerError")


def test_a_fault_spares_the_first_calls_and_ends_after_as_many_as_it_was_told(cloud: CloudProcess) -> None:
    fault = add(cloud, kind="throttle", service="dynamodb", action="GetItem", skip=1, times=1)
    read(cloud)
    with pytest.raises(ClientError):
        read(cloud)
    read(cloud)
    _, told = cloud.request("GET", "/_cloud/faults")
    assert [(one["id"], one["met"], one["hits"]) for one in told["faults"]] == [(fault["id"], 3, 1)]


def test_a_share_of_the_calls_is_hit(cloud: CloudProcess) -> None:
    add(cloud, kind="throttle", service="dynamodb", action="GetItem", share=0.5)
    for _ in range(60):
        with contextlib.suppress(ClientError):
            read(cloud)
    _, told = cloud.request("GET", "/_cloud/faults")
    assert told["faults"][0]["met"] == 60
    assert 0 < told["faults"][0]["hits"] < 60


def test_a_slow_call_is_answered_all_the_same(cloud: CloudProcess) -> None:
    add(cloud, kind="latency", milliseconds=30, service="dynamodb")
    assert "Item" not in read(cloud)
    _, told = cloud.request("GET", "/_cloud/requests?kind=aws&limit=1")
    assert told["requests"][0]["calls"][0]["ms"] >= 30


def test_one_fault_ends_and_the_others_stay(cloud: CloudProcess) -> None:
    first, second = add(cloud, kind="drop", service="s3"), add(cloud, kind="error", service="s3")
    assert cloud.request("DELETE", f"/_cloud/faults?id={first['id']}")[0] == 204
    assert cloud.request("DELETE", f"/_cloud/faults?id={first['id']}")[0] == 404
    _, told = cloud.request("GET", "/_cloud/faults")
    assert [one["id"] for one in told["faults"]] == [second["id"]]


@pytest.mark.parametrize(
    "fault",
    [
        {},
        [],
        {"kind": "flood"},
        {"kind": "error", "service": "ec2"},
        {"kind": "error", "share": 0},
        {"kind": "error", "share": 1.1},
        {"kind": "error", "share": True},
        {"kind": "error", "milliseconds": 5},
        {"kind": "latency"},
        {"kind": "error", "times": -1},
        {"kind": "error", "action": ""},
        {"kind": "error", "when": "always"},
        {"kind": "conflict", "service": "s3"},
        {"kind": "conflict", "action": "GetItem"},
        {"kind": "in-progress", "service": "dynamodb", "action": "PutItem"},
    ],
)
def test_what_describes_no_fault_is_refused_with_a_sentence(cloud: CloudProcess, fault: Any) -> None:
    status, told = cloud.request("POST", "/_cloud/faults", json.dumps(fault).encode())
    assert status == 400
    assert told["message"].endswith(".")
