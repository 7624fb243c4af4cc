from typing import Any

import pytest

from tests.emulation.dynamodb.sources import MEASURED, api
from tests.emulation.dynamodb.tables import Tables, text
from tests.emulation.refusals import refused

DUPLICATES = "Provided list of item keys contains duplicates"


def put(item: dict[str, Any]) -> dict[str, Any]:
    return {"PutRequest": {"Item": item}}


@pytest.mark.aws("BatchWriteItem takes at most 25 requests", api("BatchWriteItem"))
def test_a_batch_of_26_writes_is_refused(tables: Tables) -> None:
    keys = [tables.new_key() for _ in range(26)]
    tables.dynamodb.batch_write_item(RequestItems={tables.plain: [put(key) for key in keys[:25]]})
    with refused("ValidationException"):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: [put(key) for key in keys]})
    assert tables.read(keys[25]) is None


@pytest.mark.aws("BatchWriteItem takes at most 25 requests for all tables together", api("BatchWriteItem"))
def test_26_writes_to_two_tables_are_refused(tables: Tables) -> None:
    plain = [put(tables.new_key()) for _ in range(13)]
    sorted_ = [put({**tables.new_key(), "sk": {"S": "a"}}) for _ in range(13)]
    with refused("ValidationException", "Too many items requested for the BatchWriteItem call"):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: plain, tables.sorted: sorted_})


@pytest.mark.aws("BatchGetItem takes at most 100 keys", api("BatchGetItem"))
def test_a_batch_of_101_reads_is_refused(tables: Tables) -> None:
    keys = [tables.new_key() for _ in range(101)]
    tables.dynamodb.batch_get_item(RequestItems={tables.plain: {"Keys": keys[:100]}})
    with refused("ValidationException"):
        tables.dynamodb.batch_get_item(RequestItems={tables.plain: {"Keys": keys}})


@pytest.mark.aws("a batch may name a key only once, whether to put or to delete it", api("BatchWriteItem"))
def test_a_key_twice_in_a_batch_is_refused(tables: Tables) -> None:
    key = tables.new_key()
    with refused("ValidationException", DUPLICATES):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: [put(key), {"DeleteRequest": {"Key": key}}]})
    with refused("ValidationException", DUPLICATES):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: [put({**key, "a": text(1)}), put(key)]})
    with refused("ValidationException", DUPLICATES):
        tables.dynamodb.batch_get_item(RequestItems={tables.plain: {"Keys": [key, key]}})
    assert tables.read(key) is None


@pytest.mark.aws("a batch with one item that cannot be written writes none", api("BatchWriteItem"))
@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"pk": {"N": "1"}}, "The provided key element does not match the schema"),
        ({"a": {"S": "b"}}, "The provided key element does not match the schema"),
        ({"pk": {"S": "large"}, "t": text(409_600)}, "Item size has exceeded the maximum allowed size"),
    ],
)
def test_a_batch_with_a_wrong_item_is_refused_whole(tables: Tables, item: dict[str, Any], fault: str) -> None:
    good = tables.new_key()
    with refused("ValidationException", fault):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: [put(good), put(item)]})
    assert tables.read(good) is None


@pytest.mark.aws("a request of a batch is exactly one put or delete", MEASURED)
def test_a_batch_request_is_one_thing(tables: Tables) -> None:
    key = tables.new_key()
    with refused("ValidationException"):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: [{}]})
    with refused("ValidationException"):
        tables.dynamodb.batch_write_item(RequestItems={tables.plain: [{**put(key), "DeleteRequest": {"Key": key}}]})
    with refused("ValidationException"):
        tables.dynamodb.batch_write_item(RequestItems={})


@pytest.mark.aws("batches write and read items of several tables", api("BatchGetItem"))
def test_a_batch_reads_what_a_batch_wrote(tables: Tables) -> None:
    plain, other, gone = tables.new_key(), {**tables.new_key(), "sk": {"S": "a"}}, tables.put(tables.new_key())
    answer = tables.dynamodb.batch_write_item(
        RequestItems={
            tables.plain: [put({**plain, "a": text(1)}), {"DeleteRequest": {"Key": gone}}],
            tables.sorted: [put(other)],
        }
    )
    assert answer["UnprocessedItems"] == {}
    found = tables.dynamodb.batch_get_item(
        RequestItems={tables.plain: {"Keys": [plain, gone]}, tables.sorted: {"Keys": [other]}}
    )
    assert found["Responses"] == {tables.plain: [{**plain, "a": text(1)}], tables.sorted: [other]}
    assert found["UnprocessedKeys"] == {}


@pytest.mark.aws("BatchGetItem answers at most 16 MB and names the keys that are left", api("BatchGetItem"))
def test_what_exceeds_16_megabytes_is_left_unprocessed(tables: Tables) -> None:
    keys = [tables.new_key() for _ in range(42)]
    for key in keys:
        tables.put({**key, "t": text(409_000)})
    answer = tables.dynamodb.batch_get_item(RequestItems={tables.plain: {"Keys": keys}})
    left = answer["UnprocessedKeys"][tables.plain]["Keys"]
    assert len(answer["Responses"][tables.plain]) + len(left) == 42
    assert left
    for key in keys:
        tables.dynamodb.delete_item(TableName=tables.plain, Key=key)
