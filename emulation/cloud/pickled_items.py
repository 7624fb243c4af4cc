"""DynamoDB items and stream records as bytes, made once for each state of theirs: most of a table never changes
between two savings."""

import pickle
from typing import Any, cast

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamRecord

# Where the bytes are kept: beside the attributes, which are all that moto compares and copies.
KEPT_AS = "_pickled"


def reduce_item(item: Item) -> tuple[Any, ...]:
    """An item for a pickle."""
    pickled = vars(item).get(KEPT_AS)
    if pickled is None:
        range_key = None if item.range_key is None else _plain(item.range_key)
        attributes = {name: _plain(value) for name, value in item.attrs.items()}
        pickled = vars(item)[KEPT_AS] = pickle.dumps((_plain(item.hash_key), range_key, attributes), protocol=5)
    return restore_item, (pickled,)


def restore_item(pickled: bytes) -> Item:
    """The item that `reduce_item` took."""
    hash_key, range_key, attributes = pickle.loads(pickled)  # noqa: S301 - part of a checked state file
    item = Item(DynamoType(hash_key), None if range_key is None else DynamoType(range_key), attributes)
    vars(item)[KEPT_AS] = pickled
    return item


def forget_pickled(item: Item) -> None:
    """An item is about to change in place."""
    vars(item).pop(KEPT_AS, None)


def reduce_record(record: StreamRecord) -> tuple[Any, ...]:
    """A stream record, which never changes, for a pickle."""
    pickled = vars(record).get(KEPT_AS)
    if pickled is None:
        pickled = vars(record)[KEPT_AS] = pickle.dumps(record.record, protocol=5)
    return restore_record, (pickled,)


def restore_record(pickled: bytes) -> StreamRecord:
    """The record that `reduce_record` took."""
    record = cast("StreamRecord", StreamRecord.__new__(StreamRecord))
    record.record = pickle.loads(pickled)  # noqa: S301 - part of a checked state file
    vars(record)[KEPT_AS] = pickled
    return record


def _plain(value: DynamoType) -> dict[str, Any]:
    if value.is_list():
        return {value.type: [_plain(part) for part in value.value]}
    if value.is_map():
        return {value.type: {name: _plain(part) for name, part in value.value.items()}}
    return {value.type: value.value}
