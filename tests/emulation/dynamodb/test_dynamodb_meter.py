"""The meter agrees with units that were computed by hand."""

import json
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.dynamodb.tables import Tables, number, text

Units = dict[str, float]
# Gives the call to be metered, once what it needs is there.
Prepare = Callable[[Tables], Callable[[], Any]]


def plain_item(size: int) -> dict[str, Any]:
    """Of `plain`, of exactly so many bytes: two names and an id of 36."""
    return {"pk": {"S": str(uuid4())}, "t": text(size - 2 - 36 - 1)}


def sorted_item(size: int, **more: Any) -> dict[str, Any]:
    """Of `sorted`, of so many bytes without what is added."""
    return {"pk": {"S": str(uuid4())}, "sk": {"S": "a"}, "t": text(size - 2 - 36 - 2 - 1 - 1), **more}


def put(size: int) -> Prepare:
    return lambda tables: lambda: tables.put(plain_item(size))


def get(size: int, *, consistent: bool) -> Prepare:
    def prepare(tables: Tables) -> Callable[[], Any]:
        key = {"pk": tables.put(plain_item(size))["pk"]}
        return lambda: tables.dynamodb.get_item(TableName=tables.plain, Key=key, ConsistentRead=consistent)

    return prepare


def update(size: int) -> Prepare:
    def prepare(tables: Tables) -> Callable[[], Any]:
        key = {"pk": tables.put(plain_item(size))["pk"]}
        change = {"UpdateExpression": "SET t = :t", "ExpressionAttributeValues": {":t": text(1)}}
        return lambda: tables.dynamodb.update_item(TableName=tables.plain, Key=key, **change)

    return prepare


def refused_put(size: int) -> Prepare:
    def prepare(tables: Tables) -> Callable[[], Any]:
        there = tables.put(plain_item(size))

        def call() -> None:
            with suppress(tables.dynamodb.exceptions.ConditionalCheckFailedException):
                tables.dynamodb.put_item(
                    TableName=tables.plain,
                    Item={"pk": there["pk"]},
                    ConditionExpression="attribute_not_exists(pk)",
                )

        return call

    return prepare


def put_indexed(tables: Tables) -> Callable[[], Any]:
    # 1,000 bytes in the table; with the index's keys a little above 1 KB.
    item = sorted_item(1000, group={"S": str(uuid4())}, rank=number(1))
    return lambda: tables.put(item, tables.sorted)


def move_in_index(tables: Tables) -> Callable[[], Any]:
    item = tables.put(sorted_item(500, group={"S": str(uuid4())}, rank=number(1)), tables.sorted)
    return lambda: tables.put({**item, "group": {"S": str(uuid4())}}, tables.sorted)


def put_outside_the_indexes(tables: Tables) -> Callable[[], Any]:
    return lambda: tables.put(sorted_item(500), tables.sorted)


def filtered_query(tables: Tables) -> Callable[[], Any]:
    owner = {"S": str(uuid4())}
    for place in range(10):
        # 1,500 bytes each: 15,000 together are 4 units of 4 KB, half of it when eventually consistent.
        tables.put({**sorted_item(1500), "pk": owner, "sk": {"S": str(place)}}, tables.sorted)
    return lambda: tables.dynamodb.query(
        TableName=tables.sorted,
        KeyConditionExpression="pk = :p",
        FilterExpression="attribute_exists(nothing)",
        ExpressionAttributeValues={":p": owner},
    )


def transact(*sizes: int) -> Prepare:
    def prepare(tables: Tables) -> Callable[[], Any]:
        puts = [{"Put": {"TableName": tables.plain, "Item": plain_item(size)}} for size in sizes]
        return lambda: tables.dynamodb.transact_write_items(TransactItems=puts)

    return prepare


# What is done -> read units, and write units of the table and of each index.
CASES: dict[str, tuple[Prepare, float, Units]] = {
    "1,024 bytes are one unit": (put(1024), 0, {"plain": 1}),
    "a byte more is another one": (put(1025), 0, {"plain": 2}),
    "4,096 bytes, consistent": (get(4096, consistent=True), 1, {}),
    "4,096 bytes, eventually consistent": (get(4096, consistent=False), 0.5, {}),
    "4,097 bytes, consistent": (get(4097, consistent=True), 2, {}),
    "4,097 bytes, eventually consistent": (get(4097, consistent=False), 1, {}),
    "the larger of before and after": (update(2049), 0, {"plain": 3}),
    "a refused write costs what is there": (refused_put(3000), 0, {"plain": 3}),
    "an item that two indexes take in": (put_indexed, 0, {"sorted": 2, "sorted/by_group": 2, "sorted/by_rank": 2}),
    "a new key in an index is two writes there": (
        move_in_index,
        0,
        {"sorted": 1, "sorted/by_group": 2, "sorted/by_rank": 1},
    ),
    "an item without an index's keys": (put_outside_the_indexes, 0, {"sorted": 1}),
    "a filter takes nothing off": (filtered_query, 2, {}),
    "a transaction costs double": (transact(1024, 1025), 0, {"plain": 2 * 1 + 2 * 2}),
}


def clear_meter(aws: AwsEndpoint) -> None:
    """Set it to zero."""
    request = urllib.request.Request(f"{aws.url}/_cloud/meter", method="DELETE")  # noqa: S310 - loopback
    urllib.request.urlopen(request).close()  # noqa: S310 - loopback


def read_meter(aws: AwsEndpoint, tables: Tables) -> tuple[float, Units]:
    """Read units, and write units by the tables' short names, since the meter was set to zero."""
    with urllib.request.urlopen(f"{aws.url}/_cloud/meter") as answer:  # noqa: S310 - loopback
        rows = json.load(answer)["usage"]
    names = {tables.plain: "plain", tables.sorted: "sorted"}
    reads, writes = 0.0, Units()
    for row in rows:
        reads += sum(units for name, units in row["readUnits"].items() if name.partition("/")[0] in names)
        for name, units in row["writeUnits"].items():
            table, slash, index = name.partition("/")
            if table in names:
                short = names[table] + slash + index
                writes[short] = writes.get(short, 0.0) + units
    return reads, writes


@pytest.mark.parametrize(("prepare", "reads", "writes"), CASES.values(), ids=CASES.keys())
def test_the_meter_counts_what_was_computed_by_hand(
    aws: AwsEndpoint, tables: Tables, prepare: Prepare, reads: float, writes: Units
) -> None:
    call = prepare(tables)
    clear_meter(aws)
    call()
    assert read_meter(aws, tables) == (reads, writes)


def test_a_cancelled_transaction_counts_nothing(aws: AwsEndpoint, tables: Tables) -> None:
    there = tables.put(plain_item(100))
    clear_meter(aws)
    condition = {"TableName": tables.plain, "Key": {"pk": there["pk"]}, "ConditionExpression": "attribute_exists(no)"}
    with pytest.raises(ClientError):
        tables.dynamodb.transact_write_items(TransactItems=[{"ConditionCheck": condition}])
    assert read_meter(aws, tables) == (0.0, {})
