from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulation.dynamodb.sources import LIMITS, TYPES, UPDATES, api, guide
from tests.emulation.dynamodb.tables import Tables, number, text
from tests.emulation.refusals import refused

MAX_ITEM_BYTES = 409_600


def is_refused(call: Any, **request: Any) -> bool:
    try:
        call(**request)
    except ClientError as error:
        return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")
    return False


@pytest.mark.aws("200 parallel updates that append to a list are all kept", UPDATES)
def test_two_hundred_parallel_appends_are_all_kept(tables: Tables) -> None:
    for _ in range(5):
        key = tables.new_key()
        tables.put({**key, "notes": {"L": []}})

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(partial(append_note, tables, key), range(200)))
        item = tables.read(key)
        assert item is not None
        assert sorted(int(note["N"]) for note in item["notes"]["L"]) == list(range(200))


def append_note(tables: Tables, key: dict[str, Any], place: int) -> None:
    tables.dynamodb.update_item(
        TableName=tables.plain,
        Key=key,
        UpdateExpression="SET notes = list_append(notes, :one)",
        ExpressionAttributeValues={":one": {"L": [number(place)]}},
    )


@pytest.mark.aws("of 50 parallel puts that require a new key, one succeeds", guide("Expressions.ConditionExpressions"))
def test_one_of_fifty_conditional_puts_wins(tables: Tables) -> None:
    key = tables.new_key()

    def put(place: int) -> bool:
        return is_refused(
            tables.dynamodb.put_item,
            TableName=tables.plain,
            Item={**key, "by": number(place)},
            ConditionExpression="attribute_not_exists(pk)",
        )

    with ThreadPoolExecutor(20) as pool:
        refusals = list(pool.map(put, range(50)))
    assert sorted(refusals) == [False, *[True] * 49]


@pytest.mark.aws("a failed condition returns the item when ReturnValuesOnConditionCheckFailure asks", api("PutItem"))
@pytest.mark.parametrize("action", ["put_item", "update_item", "delete_item"])
def test_a_failed_condition_returns_the_item_when_asked(tables: Tables, action: str) -> None:
    item = tables.put({**tables.new_key(), "name": {"S": "Ada"}})
    target = {"Item": item} if action == "put_item" else {"Key": {"pk": item["pk"]}}
    with pytest.raises(ClientError) as refusal:
        getattr(tables.dynamodb, action)(
            TableName=tables.plain,
            **target,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refusal.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert refusal.value.response["Item"] == item  # type: ignore[typeddict-item]


def item_of(tables: Tables, size: int) -> dict[str, Any]:
    """An item of exactly `size` bytes: the names pk and t, the key's 36 bytes and a text."""
    return {**tables.new_key(), "t": text(size - len("pk") - 36 - len("t"))}


@pytest.mark.aws("an item may have 409,600 bytes and no more, attribute names included", LIMITS)
def test_an_item_of_409600_bytes_is_taken_and_one_byte_more_refused(tables: Tables) -> None:
    tables.put(item_of(tables, MAX_ITEM_BYTES))
    with refused("ValidationException", "Item size has exceeded the maximum allowed size"):
        tables.put(item_of(tables, MAX_ITEM_BYTES + 1))


@pytest.mark.aws("an update that would make an item too large changes nothing", LIMITS)
def test_an_update_that_makes_an_item_too_large_changes_nothing(tables: Tables) -> None:
    item = tables.put(item_of(tables, MAX_ITEM_BYTES - 10))
    with refused("ValidationException", "Item size to update has exceeded the maximum allowed size"):
        tables.dynamodb.update_item(
            TableName=tables.plain,
            Key={"pk": item["pk"]},
            UpdateExpression="SET a = :a, b = :b",
            ExpressionAttributeValues={":a": text(1), ":b": text(20)},
        )
    assert tables.read({"pk": item["pk"]}) == item


@pytest.mark.aws("a refused update of a key without item leaves no item behind", api("UpdateItem"))
def test_a_refused_update_of_a_new_item_leaves_none_behind(tables: Tables) -> None:
    key = tables.new_key()
    with refused("ValidationException"):
        tables.dynamodb.update_item(
            TableName=tables.plain,
            Key=key,
            UpdateExpression="SET a = :a",
            ExpressionAttributeValues={":a": text(MAX_ITEM_BYTES)},
        )
    assert tables.read(key) is None


@pytest.mark.aws("every type of value comes back as it was written", TYPES)
def test_every_type_of_value_comes_back_as_it_was(tables: Tables) -> None:
    item = {
        **tables.new_key(),
        "number": {"N": "1962.5"},
        "binary": {"B": b"\x00\xff"},
        "binaries": {"BS": [b"\x01", b"\x02"]},
        "texts": {"SS": ["a", "ü"]},
        "nothing": {"NULL": True},
        "no": {"BOOL": False},
        "list": {"L": [{"B": b"\xfe"}, {"M": {"deep": {"L": [{"S": ""}]}}}]},
    }
    assert tables.read({"pk": tables.put(item)["pk"]}) == item


@pytest.mark.aws("numbers are stored without superfluous zeroes and without exponent", TYPES)
@pytest.mark.parametrize(
    ("written", "read"),
    [("1962.50", "1962.5"), ("00042", "42"), ("-0", "0"), ("1.5E2", "150"), ("1.0", "1"), ("1E-5", "0.00001")],
)
def test_a_number_comes_back_without_superfluous_zeroes(tables: Tables, written: str, read: str) -> None:
    key = tables.new_key()
    tables.put({**key, "put": {"L": [{"N": written}]}})
    tables.dynamodb.update_item(
        TableName=tables.plain,
        Key=key,
        UpdateExpression="SET u = :n",
        ExpressionAttributeValues={":n": {"N": written}},
    )
    assert tables.read(key) == {**key, "put": {"L": [{"N": read}]}, "u": {"N": read}}


@pytest.mark.aws("ReturnValues gives the old or new item, or the updated attributes alone", api("UpdateItem"))
@pytest.mark.parametrize(
    ("wanted", "returned"),
    [
        ("NONE", None),
        ("ALL_OLD", {"a": {"N": "1"}, "m": {"M": {"x": {"S": "old"}, "y": {"S": "kept"}}}}),
        ("UPDATED_OLD", {"a": {"N": "1"}, "m": {"M": {"x": {"S": "old"}}}}),
        ("ALL_NEW", {"a": {"N": "3"}, "m": {"M": {"x": {"S": "new"}, "y": {"S": "kept"}}}}),
        ("UPDATED_NEW", {"a": {"N": "3"}, "m": {"M": {"x": {"S": "new"}}}}),
    ],
)
def test_an_update_returns_what_is_asked(tables: Tables, wanted: str, returned: dict[str, Any] | None) -> None:
    key = tables.new_key()
    tables.put({**key, "a": {"N": "1"}, "m": {"M": {"x": {"S": "old"}, "y": {"S": "kept"}}}})
    answer = tables.dynamodb.update_item(
        TableName=tables.plain,
        Key=key,
        UpdateExpression="ADD a :two SET m.x = :x",
        ExpressionAttributeValues={":two": {"N": "2"}, ":x": {"S": "new"}},
        ReturnValues=wanted,
    )
    whole = {**key, **returned} if returned is not None and wanted.startswith("ALL") else returned
    assert answer.get("Attributes") == whole
