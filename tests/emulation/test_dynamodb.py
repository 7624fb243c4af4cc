from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.cloud_process import CloudProcess

MAX_ITEM_BYTES = 409_600


@pytest.fixture(scope="module")
def table(cloud: CloudProcess) -> str:
    return str(cloud.request("GET", "/_cloud/environment")[1]["DYNAMODB_TABLE_USERS"])


@pytest.fixture(scope="module")
def dynamodb(cloud: CloudProcess) -> Any:
    return cloud.client("dynamodb")


def new_key() -> dict[str, dict[str, str]]:
    return {"userId": {"S": str(uuid4())}}


def error_code(call: Callable[[], Any]) -> str:
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_two_hundred_parallel_appends_are_all_kept(dynamodb: Any, table: str) -> None:
    key = new_key()
    dynamodb.put_item(TableName=table, Item={**key, "notes": {"L": []}})

    def append(number: int) -> None:
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET notes = list_append(notes, :one)",
            ExpressionAttributeValues={":one": {"L": [{"N": str(number)}]}},
        )

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(append, range(200)))
    notes = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]["notes"]["L"]
    assert sorted(int(note["N"]) for note in notes) == list(range(200))


def test_one_of_fifty_conditional_puts_wins(dynamodb: Any, table: str) -> None:
    key = new_key()

    def put(number: int) -> str:
        item = {**key, "by": {"N": str(number)}}
        return error_code(
            lambda: dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(userId)")
        )

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(put, range(50)))
    assert sorted(codes) == ["", *["ConditionalCheckFailedException"] * 49]


def test_a_failed_condition_returns_the_item_when_asked(dynamodb: Any, table: str) -> None:
    item = {**new_key(), "name": {"S": "Ada"}}
    dynamodb.put_item(TableName=table, Item=item)
    with pytest.raises(ClientError) as refusal:
        dynamodb.put_item(
            TableName=table,
            Item=item,
            ConditionExpression="attribute_not_exists(userId)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refusal.value.response["Item"] == item  # type: ignore[typeddict-item]


def item_of(size: int) -> dict[str, Any]:
    """An item of exactly `size` bytes: the names userId and t, the key's 36 bytes and a text."""
    key = new_key()
    return {**key, "t": {"S": "x" * (size - len("userId") - 36 - len("t"))}}


def test_an_item_of_409600_bytes_is_taken_and_one_byte_more_refused(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=item_of(MAX_ITEM_BYTES))
    with pytest.raises(ClientError, match="Item size has exceeded the maximum allowed size"):
        dynamodb.put_item(TableName=table, Item=item_of(MAX_ITEM_BYTES + 1))


def test_an_update_that_makes_an_item_too_large_changes_nothing(dynamodb: Any, table: str) -> None:
    item = item_of(MAX_ITEM_BYTES - 10)
    dynamodb.put_item(TableName=table, Item=item)
    with pytest.raises(ClientError, match="Item size to update has exceeded the maximum allowed size"):
        dynamodb.update_item(
            TableName=table,
            Key={"userId": item["userId"]},
            UpdateExpression="SET a = :a, b = :b",
            ExpressionAttributeValues={":a": {"S": "1"}, ":b": {"S": "x" * 20}},
        )
    assert dynamodb.get_item(TableName=table, Key={"userId": item["userId"]})["Item"] == item


def test_a_refused_update_of_a_new_item_leaves_none_behind(dynamodb: Any, table: str) -> None:
    key = new_key()
    with pytest.raises(ClientError):
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET a = :a",
            ExpressionAttributeValues={":a": {"S": "x" * MAX_ITEM_BYTES}},
        )
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key)


def test_a_transaction_that_fails_changes_nothing(dynamodb: Any, table: str) -> None:
    first, second = new_key(), new_key()
    dynamodb.put_item(TableName=table, Item=second)
    transaction = [
        {"Put": {"TableName": table, "Item": first}},
        {"Put": {"TableName": table, "Item": second, "ConditionExpression": "attribute_not_exists(userId)"}},
    ]
    code = error_code(lambda: dynamodb.transact_write_items(TransactItems=transaction))
    assert code == "TransactionCanceledException"
    assert "Item" not in dynamodb.get_item(TableName=table, Key=first)


def test_every_type_of_value_comes_back_as_it_was(dynamodb: Any, table: str) -> None:
    item = {
        **new_key(),
        "number": {"N": "1962.5"},
        "binary": {"B": b"\x00\xff"},
        "binaries": {"BS": [b"\x01", b"\x02"]},
        "texts": {"SS": ["a", "ü"]},
        "nothing": {"NULL": True},
        "no": {"BOOL": False},
        "list": {"L": [{"B": b"\xfe"}, {"M": {"deep": {"L": [{"S": ""}]}}}]},
    }
    dynamodb.put_item(TableName=table, Item=item)
    assert dynamodb.get_item(TableName=table, Key={"userId": item["userId"]})["Item"] == item


@pytest.mark.parametrize(
    ("written", "read"),
    [("1962.50", "1962.5"), ("00042", "42"), ("-0", "0"), ("1.5E2", "150"), ("1.0", "1"), ("1E-5", "0.00001")],
)
def test_a_number_comes_back_without_superfluous_zeroes(dynamodb: Any, table: str, written: str, read: str) -> None:
    key = new_key()
    dynamodb.put_item(TableName=table, Item={**key, "put": {"L": [{"N": written}]}})
    dynamodb.update_item(
        TableName=table, Key=key, UpdateExpression="SET u = :n", ExpressionAttributeValues={":n": {"N": written}}
    )
    item = dynamodb.get_item(TableName=table, Key=key)["Item"]
    assert item == {**key, "put": {"L": [{"N": read}]}, "u": {"N": read}}


def test_a_number_has_at_most_38_digits(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item={**new_key(), "n": {"N": "1" * 38}})
    with pytest.raises(ClientError, match="more than 38 significant digits"):
        dynamodb.put_item(TableName=table, Item={**new_key(), "n": {"N": "1" * 39}})
