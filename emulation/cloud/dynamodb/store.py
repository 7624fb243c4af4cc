"""Writes put into effect: the item in its table, the record in the table's stream.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from collections.abc import Callable
from typing import Any

from moto.core.utils import utcnow
from moto.dynamodb.models.table import StreamShard, Table

from emulation.cloud.dynamodb.item_size import item_bytes
from emulation.cloud.dynamodb.items import StoredItem, restore_record
from emulation.cloud.dynamodb.sorted_items import SortedItems
from emulation.cloud.dynamodb.tables import place_item, remove_item
from emulation.cloud.dynamodb.values import Value
from server.clock import Clock


class Store:
    """The one place where items are written."""

    def __init__(self, clock: Clock, items: SortedItems, new_id: Callable[[], str]) -> None:
        self._clock = clock
        self._new_id = new_id
        self._items = items

    def make_item(self, table: Table, attributes: dict[str, Value], old: StoredItem | None) -> StoredItem:
        """An item for the table; as long as its time to live is left alone, that counts from when it was written."""
        lives_by = table.ttl.get("AttributeName", "")
        kept = old is not None and lives_by in attributes and old.attributes.get(lives_by) == attributes[lives_by]
        written_at = old.written_at if kept and old is not None else self._clock.now().timestamp()
        return StoredItem(attributes, tuple(table.table_key_attrs), written_at)

    def commit(
        self, table: Table, old: StoredItem | None, new: StoredItem | None, identity: dict[str, str] | None = None
    ) -> None:
        """Put `new` where `old` is; `identity` says who did it when it was no request."""
        if new is not None:
            place_item(table, new)
        elif old is not None:
            remove_item(table, old)
        self._items.note(table, old, new)
        # A write that leaves the item as it was makes no record.
        if old != new and table.stream_shard is not None:
            self._record(table.stream_shard, old, new, identity)

    def _record(
        self, shard: StreamShard, old: StoredItem | None, new: StoredItem | None, identity: dict[str, str] | None
    ) -> None:
        changed = new or old
        if changed is None:
            return
        table = shard.table
        view = (table.stream_specification or {})["StreamViewType"]
        images: dict[str, dict[str, Value]] = {}
        if new is not None and view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
            images["NewImage"] = new.attributes
        if old is not None and view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"):
            images["OldImage"] = old.attributes
        content: dict[str, Any] = {
            "eventID": self._new_id(),
            "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": table.region_name,
            "dynamodb": {
                "ApproximateCreationDateTime": utcnow().replace(microsecond=0),
                "Keys": changed.key,
                **images,
                "SequenceNumber": str(shard.starting_sequence_number + len(shard.items)),
                "SizeBytes": item_bytes(changed.key) + sum(map(item_bytes, images.values())),
                "StreamViewType": view,
            },
        }
        if identity is not None:
            content["userIdentity"] = identity
        shard.items.append(restore_record(content))
