from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.dynamodb.sources import CAPACITY, INDEXES, MEASURED, TRANSACTIONS, api
from tests.emulation.dynamodb.tables import Tables, number, text


def item_of(tables: Tables, size: int, **more: Any) -> dict[str, Any]:
    """An item of `plain` of exactly so many bytes."""
    return {**tables.new_key(), "t": text(size - 2 - 36 - 1), **more}


@pytest.mark.aws("a read consumes 1 unit for each 4 KB begun, half of it when eventually consistent", CAPACITY)
@pytest.mark.parametrize(("size", "units"), [(100, 1), (4096, 1), (4097, 2), (100_000, 25), (409_600, 100)])
def test_a_read_consumes_by_size_and_consistency(tables: Tables, size: int, units: int) -> None:
    item = tables.put(item_of(tables, size))
    request = {"TableName": tables.plain, "Key": {"pk": item["pk"]}, "ReturnConsumedCapacity": "TOTAL"}
    for consistent, expected in ((True, units), (False, units / 2)):
        answer = tables.dynamodb.get_item(**request, ConsistentRead=consistent)
        assert answer["ConsumedCapacity"] == {"TableName": tables.plain, "CapacityUnits": expected}


@pytest.mark.aws("reading an item that is not there consumes the least", CAPACITY)
def test_a_missing_item_consumes_the_least(tables: Tables) -> None:
    answer = tables.dynamodb.get_item(TableName=tables.plain, Key=tables.new_key(), ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 0.5


@pytest.mark.aws("a write consumes 1 unit for each KB begun of the larger of the item's two states", CAPACITY)
def test_a_write_consumes_by_the_larger_size(tables: Tables) -> None:
    item = item_of(tables, 3000)
    request = {"TableName": tables.plain, "ReturnConsumedCapacity": "TOTAL"}

    def units(answer: dict[str, Any]) -> float:
        return float(answer["ConsumedCapacity"]["CapacityUnits"])

    key = {"pk": item["pk"]}
    assert units(tables.dynamodb.put_item(Item=item, **request)) == 3
    assert units(tables.dynamodb.put_item(Item={**key, "t": text(1)}, **request)) == 3
    assert units(tables.dynamodb.put_item(Item={**key, "t": text(1)}, **request)) == 1
    grown = {"UpdateExpression": "SET t = :t", "ExpressionAttributeValues": {":t": text(5000)}}
    assert units(tables.dynamodb.update_item(Key=key, **grown, **request)) == 5
    assert units(tables.dynamodb.delete_item(Key=key, **request)) == 5
    assert units(tables.dynamodb.delete_item(Key=key, **request)) == 1


@pytest.mark.aws("capacity is answered when asked for alone", api("GetItem"))
def test_capacity_is_answered_when_asked(tables: Tables) -> None:
    key = tables.put(tables.new_key())
    assert "ConsumedCapacity" not in tables.dynamodb.get_item(TableName=tables.plain, Key=key)
    answer = tables.dynamodb.get_item(TableName=tables.plain, Key=key, ReturnConsumedCapacity="INDEXES")
    units = {"CapacityUnits": 0.5}
    assert answer["ConsumedCapacity"] == {"TableName": tables.plain, **units, "Table": units}


@pytest.fixture
def owner(tables: Tables) -> str:
    """A partition of `sorted` with ten items of 1,500 bytes or so, all in one group."""
    owner = str(uuid4())
    for place in range(10):
        tables.put(
            {
                "pk": {"S": owner},
                "sk": {"S": f"{place:02}"},
                "group": {"S": owner},
                "rank": number(place),
                "t": text(1500 - 2 - 36 - 2 - 2 - 5 - 36 - 4 - 2 - 1),
            },
            tables.sorted,
        )
    return owner


def query(tables: Tables, owner: str, condition: str = "pk = :p", **request: Any) -> dict[str, Any]:
    values = {":p": {"S": owner}, **request.pop("values", {})}
    answer: dict[str, Any] = tables.dynamodb.query(
        TableName=tables.sorted,
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
        ReturnConsumedCapacity=request.pop("detail", "TOTAL"),
        **request,
    )
    return answer


@pytest.mark.aws("a Query consumes by the sum of what it reads, rounded up once", CAPACITY)
def test_a_query_consumes_by_the_sum(tables: Tables, owner: str) -> None:
    # Ten items of 1,500 bytes, the first without a byte in its rank 0: 14,999 bytes are 4 units, where ten would be 10.
    assert query(tables, owner, ConsistentRead=True)["ConsumedCapacity"]["CapacityUnits"] == 4
    assert query(tables, owner)["ConsumedCapacity"]["CapacityUnits"] == 2


@pytest.mark.aws("a filter does not lessen what a Query consumes", CAPACITY)
def test_a_filtered_query_consumes_what_it_reads(tables: Tables, owner: str) -> None:
    answer = query(tables, owner, ConsistentRead=True, FilterExpression="attribute_exists(nowhere)", Select="COUNT")
    assert (answer["Count"], answer["ScannedCount"], answer["ConsumedCapacity"]["CapacityUnits"]) == (0, 10, 4)


@pytest.mark.aws("a Query that finds nothing consumes the least", CAPACITY)
def test_a_query_without_result_consumes_the_least(tables: Tables) -> None:
    assert query(tables, str(uuid4()))["ConsumedCapacity"]["CapacityUnits"] == 0.5


@pytest.mark.aws("reading an index consumes the index's units, which INDEXES shows apart", INDEXES)
def test_a_query_of_an_index_shows_its_units(tables: Tables, owner: str) -> None:
    names = {"ExpressionAttributeNames": {"#g": "group"}}
    answer = query(tables, owner, "#g = :p", IndexName="by_group", detail="INDEXES", **names)
    assert answer["ConsumedCapacity"] == {
        "TableName": tables.sorted,
        "CapacityUnits": 2.0,
        "Table": {"CapacityUnits": 0.0},
        "GlobalSecondaryIndexes": {"by_group": {"CapacityUnits": 2.0}},
    }


@pytest.mark.aws("a write consumes units of each index by what changes in it", INDEXES)
def test_a_write_consumes_units_of_the_indexes_it_changes(tables: Tables) -> None:
    key = {**tables.new_key(), "sk": {"S": "a"}}
    full = {**key, "group": {"S": "g"}, "rank": number(1), "label": {"S": "l"}}

    def put(item: dict[str, Any]) -> dict[str, Any]:
        answer = tables.dynamodb.put_item(TableName=tables.sorted, Item=item, ReturnConsumedCapacity="INDEXES")
        shown = answer["ConsumedCapacity"]
        indexes = {**shown.get("GlobalSecondaryIndexes", {}), **shown.get("LocalSecondaryIndexes", {})}
        units = {name: one["CapacityUnits"] for name, one in indexes.items()}
        assert shown["CapacityUnits"] == shown["Table"]["CapacityUnits"] + sum(units.values())
        return units

    assert put(key) == {}
    assert put(full) == {"by_group": 1, "by_label": 1, "by_rank": 1}
    assert put(full) == {}
    # by_label holds keys alone, so it does not see a change of another attribute.
    assert put({**full, "t": text(1500)}) == {"by_group": 2, "by_rank": 2}
    # Another key of the index is a delete and an insert.
    assert put({**full, "t": text(1500), "label": {"S": "m"}}) == {"by_group": 2, "by_rank": 2, "by_label": 2}
    assert put(key) == {"by_group": 2, "by_rank": 2, "by_label": 1}


@pytest.mark.aws("a batch consumes the units of each item, shown by table", api("BatchWriteItem"))
def test_a_batch_consumes_for_each_item(tables: Tables) -> None:
    items = [item_of(tables, 1500) for _ in range(3)]
    written = tables.dynamodb.batch_write_item(
        RequestItems={tables.plain: [{"PutRequest": {"Item": item}} for item in items]}, ReturnConsumedCapacity="TOTAL"
    )
    assert written["ConsumedCapacity"] == [{"TableName": tables.plain, "CapacityUnits": 6.0}]
    keys = [{"pk": item["pk"]} for item in items]
    read = tables.dynamodb.batch_get_item(
        RequestItems={tables.plain: {"Keys": keys, "ConsistentRead": True}}, ReturnConsumedCapacity="TOTAL"
    )
    assert read["ConsumedCapacity"] == [{"TableName": tables.plain, "CapacityUnits": 3.0}]


@pytest.mark.aws("a transaction consumes twice as much", TRANSACTIONS)
def test_a_transaction_consumes_twice_as_much(tables: Tables) -> None:
    item = item_of(tables, 1500)
    put = {"Put": {"TableName": tables.plain, "Item": item}}
    check = {
        "ConditionCheck": {
            "TableName": tables.plain,
            "Key": tables.new_key(),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    written = tables.dynamodb.transact_write_items(TransactItems=[put, check], ReturnConsumedCapacity="INDEXES")
    units = {"CapacityUnits": 6.0, "WriteCapacityUnits": 6.0}
    assert written["ConsumedCapacity"] == [{"TableName": tables.plain, **units, "Table": units}]
    get = {"Get": {"TableName": tables.plain, "Key": {"pk": item["pk"]}}}
    missing = {"Get": {"TableName": tables.plain, "Key": tables.new_key()}}
    read = tables.dynamodb.transact_get_items(TransactItems=[get, missing], ReturnConsumedCapacity="TOTAL")
    assert read["ConsumedCapacity"] == [{"TableName": tables.plain, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}]


@pytest.mark.aws("in a transaction the units of an index are not doubled", MEASURED)
def test_a_transaction_does_not_double_the_units_of_an_index(tables: Tables) -> None:
    item = {**tables.new_key(), "sk": {"S": "a"}, "label": {"S": "l"}}
    [shown] = tables.dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": tables.sorted, "Item": item}}], ReturnConsumedCapacity="INDEXES"
    )["ConsumedCapacity"]
    assert (shown["Table"]["CapacityUnits"], shown["CapacityUnits"]) == (2, 3)
    assert shown["GlobalSecondaryIndexes"]["by_label"]["CapacityUnits"] == 1
