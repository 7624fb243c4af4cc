"""Items as they are stored: DynamoDB's JSON, which never changes, under the interface of moto's items."""

import json
from functools import cached_property
from typing import Any, cast

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamRecord

from emulation.cloud.dynamodb.item_size import item_bytes
from emulation.cloud.dynamodb.values import Value


class StoredItem(Item):
    """An item. A write puts another one in its place, so whoever holds one holds a moment's state.

    `written_at` is when the item, or its time to live, was written: seconds since 1970.
    """

    def __init__(self, attributes: dict[str, Value], key_names: tuple[str, ...], written_at: float) -> None:
        self.attributes = attributes
        self.key_names = key_names
        self.written_at = written_at
        self.hash_key = DynamoType(attributes[key_names[0]])
        self.range_key = DynamoType(attributes[key_names[1]]) if len(key_names) > 1 else None

    @cached_property
    def attrs(self) -> LimitedSizeDict:  # type: ignore[override]
        """The attributes as moto's own actions (export, PartiQL) read them."""
        return LimitedSizeDict({name: DynamoType(value) for name, value in self.attributes.items()})

    @cached_property
    def byte_count(self) -> int:
        """The size that DynamoDB counts."""
        return item_bytes(self.attributes)

    @cached_property
    def text(self) -> str:
        """The item's JSON, made once for all its answers and savings."""
        return json.dumps(self.attributes, separators=(",", ":"))

    @property
    def key(self) -> dict[str, Value]:
        """The primary key."""
        return {name: self.attributes[name] for name in self.key_names}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredItem) and self.attributes == other.attributes

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict[int, Any]) -> "StoredItem":
        return self


def reduce_item(item: StoredItem) -> tuple[Any, ...]:
    """An item for a pickle: its JSON, as most of a table never changes between two savings."""
    return restore_item, (item.text, item.key_names, item.written_at)


def restore_item(text: str, key_names: tuple[str, ...], written_at: float) -> StoredItem:
    """The item that `reduce_item` took."""
    item = StoredItem(json.loads(text), key_names, written_at)
    vars(item)["text"] = text
    return item


def reduce_record(record: StreamRecord) -> tuple[Any, ...]:
    """A stream record for a pickle."""
    return restore_record, (record.record,)


def restore_record(content: dict[str, Any]) -> StreamRecord:
    """A record of a stream with that content; moto's own constructor makes the content as well."""
    record = cast("StreamRecord", StreamRecord.__new__(StreamRecord))
    record.record = content
    return record
