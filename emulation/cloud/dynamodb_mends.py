"""Where moto's DynamoDB differs from the documented one, put right.

| moto 5.2.5 | DynamoDB |
|---|---|
| an item may have 405,000 bytes, by a rough count | 409,600 bytes, by the documented count |
| numbers are kept as they were written, with any number of digits | without leading and trailing zeroes, 38 digits |
| a failed UpdateItem leaves what it had done so far | nothing is changed |
| an UpdateItem that creates an item writes two INSERT records | one |
| a write that changes nothing writes a stream record | no record |
| a stream record says us-east-1 in every region | the table's region |
"""

import base64
import copy
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import ItemSizeTooLarge, ItemSizeToUpdateTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamRecord, StreamShard, Table
from moto.dynamodb.responses import DynamoHandler

from emulation.cloud.item_size import MAX_ITEM_BYTES, item_bytes
from emulation.cloud.pickled_items import forget_pickled
from emulation.cloud.stored_values import stored_value

# Their answers hold nothing but text, numbers and binary values: no times, which the wire carries as numbers.
PLAIN_ACTIONS = frozenset(
    {"BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan"}
    | {"TransactGetItems", "TransactWriteItems", "UpdateItem"}
)
RESULT_NAMES = frozenset(
    {"Attributes", "ConsumedCapacity", "Count", "Item", "ItemCollectionMetrics", "Items", "LastEvaluatedKey"}
    | {"Responses", "ScannedCount", "UnprocessedItems", "UnprocessedKeys"}
)

_put_item = Table.put_item
_update_item = DynamoDBBackend.update_item
_serialized = DynamoHandler.serialized


def put_item(table: Table, item_attrs: dict[str, Any], *args: Any, **kwargs: Any) -> Item:
    """Table.put_item with the documented form of numbers and limit of an item's size."""
    stored = {name: stored_value(value) for name, value in item_attrs.items()}
    if item_bytes(stored) > MAX_ITEM_BYTES:
        raise ItemSizeTooLarge
    return _put_item(table, stored, *args, **kwargs)


def update_item(backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Item:
    """DynamoDBBackend.update_item, all or nothing, with one stream record."""
    table = backend.get_table(table_name)
    hash_key, range_key = backend.get_keys_value(table, key)
    current = table.get_item(hash_key, range_key)
    before = copy.deepcopy(current)
    if current is not None:
        forget_pickled(current)
    if kwargs.get("expression_attribute_values"):
        values = kwargs["expression_attribute_values"]
        kwargs["expression_attribute_values"] = {name: stored_value(value) for name, value in values.items()}
    shard, table.stream_shard = table.stream_shard, None
    try:
        item = _update_item(backend, table_name, key, *args, **kwargs)
        if item_bytes(item.to_json()["Attributes"]) > MAX_ITEM_BYTES:
            raise ItemSizeToUpdateTooLarge
    except Exception:
        _put_back(table, hash_key, range_key, before)
        raise
    finally:
        table.stream_shard = shard
    if shard is not None:
        shard.add(before, item)
    return item


def _put_back(table: Table, hash_key: DynamoType, range_key: DynamoType | None, item: Item | None) -> None:
    items: dict[Any, Any] = table.items[hash_key] if range_key else table.items
    place = range_key or hash_key
    if item is None:
        items.pop(place, None)
    else:
        items[place] = item


def add_record(shard: StreamShard, old: Item | None, new: Item | None) -> None:
    """StreamShard.add: one record for a change, none for a write that left the item as it was.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    """
    if old is not None and new is not None and old.attrs == new.attrs:
        return
    event_name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
    view = (shard.table.stream_specification or {})["StreamViewType"]
    number = shard.starting_sequence_number + len(shard.items)
    record = StreamRecord(shard.table, view, event_name, old, new, number)
    record.record["awsRegion"] = shard.table.region_name
    shard.items.append(record)


def serialize(handler: DynamoHandler, action_result: ActionResult) -> tuple[int, dict[str, str], str | bytes]:
    """DynamoHandler.serialized, several times as fast for items: moto's own walks through the service's model."""
    result = action_result.result
    action = handler._get_action()  # noqa: SLF001 - where moto itself finds the action
    if not isinstance(result, dict) or action not in PLAIN_ACTIONS:
        answer: tuple[int, dict[str, str], str | bytes] = _serialized(handler, action_result)
        return answer
    present = {name: value for name, value in result.items() if name in RESULT_NAMES and value is not None}
    body = json.dumps(present, default=lambda binary: base64.b64encode(binary).decode())
    return 200, {"Content-Type": "application/x-amz-json-1.0", **handler.response_headers}, body


MENDS = (
    (Table, "put_item", put_item),
    (DynamoDBBackend, "update_item", update_item),
    (DynamoHandler, "serialized", serialize),
    (StreamShard, "add", add_record),
)


def mend_dynamodb() -> None:
    """Put the mended functions in place of moto's."""
    for owner, name, function in MENDS:
        setattr(owner, name, function)
    # moto counts the whole item again for every attribute that it sets; put_item and update_item count once.
    if "__setitem__" in vars(LimitedSizeDict):
        del LimitedSizeDict.__setitem__
