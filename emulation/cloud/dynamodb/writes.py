"""PutItem, UpdateItem, DeleteItem and BatchWriteItem.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.capacity import Consumed, count_write, report, report_all, write_units
from emulation.cloud.dynamodb.condition_checks import read_condition
from emulation.cloud.dynamodb.conditions import Condition, Scope, holds
from emulation.cloud.dynamodb.item_size import MAX_ITEM_BYTES, item_bytes
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.keys import check_index_keys, check_item_key, check_key, mismatch
from emulation.cloud.dynamodb.paths import Path, project
from emulation.cloud.dynamodb.placeholders import Placeholders
from emulation.cloud.dynamodb.reads import check_distinct
from emulation.cloud.dynamodb.refusals import ConditionFailedError, EmptyKeyError, RequestError, ValidationError
from emulation.cloud.dynamodb.store import Store
from emulation.cloud.dynamodb.tables import find_item, find_table
from emulation.cloud.dynamodb.updates import Update, check_key_untouched, read_update
from emulation.cloud.dynamodb.values import Value, stored_values

CONDITION = "ConditionExpression"
MOST_REQUESTS = 25
ITEM_TOO_LARGE = "Item size has exceeded the maximum allowed size"

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """A write as requested: exactly one of `item` (put) and `update`, or neither (delete, or a check of a condition).

    `key` has all that is needed to find the item, for a put the whole item.
    """

    request: Request
    key: dict[str, Value]
    item: dict[str, Value] | None
    update: Update | None
    condition: Condition | None
    placeholders: Placeholders

    def check_condition(self, old: StoredItem | None) -> None:
        """Raises ConditionFailedError."""
        if self.condition is None:
            return
        attributes = {} if old is None else old.attributes
        if not holds(self.condition, Scope(attributes, self.placeholders.names, self.placeholders.values)):
            shows = self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise ConditionFailedError(old.attributes if shows and old is not None else None)

    def check_keys(self, table: Table) -> None:
        """Raises ValidationError where the write does not fit the table's keys."""
        if self.item is not None:
            check_item_key(table, self.item)
            check_index_keys(table, self.item)
            return
        check_key(table, self.key)
        if self.update is not None:
            check_key_untouched(self.update, table)

    def new_attributes(self, table: Table, old: StoredItem | None) -> dict[str, Value] | None:
        """The item afterwards, None when there is none; raises ValidationError where an update does not fit."""
        if self.update is None:
            return self.item
        before = self.key if old is None else old.attributes
        after = self.update.apply(before)
        check_index_keys(table, after, before)
        if item_bytes(after) > MAX_ITEM_BYTES:
            raise ValidationError("Item size to update has exceeded the maximum allowed size")
        return after


def read_put(request: Request) -> Write:
    """A put; raises RequestError, and ValidationError for an item that is too large."""
    item = stored_values(request["Item"])
    write = _read_write(request, item, item, None)
    if item_bytes(item) > MAX_ITEM_BYTES:
        raise ValidationError(ITEM_TOO_LARGE)
    return write


def read_removal(request: Request) -> Write:
    """A delete, or a check of a condition; raises RequestError."""
    return _read_write(request, stored_values(request["Key"]), None, None)


def read_change(request: Request) -> Write:
    """An update, without expression one that only makes sure that there is an item; raises RequestError."""
    placeholders = Placeholders(request)
    text = request.get("UpdateExpression")
    update = Update((), placeholders) if text is None else read_update(text, placeholders)
    return _read_write(request, stored_values(request["Key"]), None, update)


def _read_write(request: Request, key: dict[str, Value], item: dict[str, Value] | None, update: Update | None) -> Write:
    placeholders = Placeholders(request) if update is None else update.placeholders
    text = request.get(CONDITION)
    condition = None if text is None else read_condition(CONDITION, text, placeholders)
    placeholders.check_all_used()
    return Write(request, key, item, update, condition, placeholders)


class Writes:
    """Writes of single items, each all or nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put_item(self, request: Request, region: str) -> dict[str, Any]:
        """PutItem's answer."""
        _check_return_values(request)
        return self._write(read_put(request), region)

    def delete_item(self, request: Request, region: str) -> dict[str, Any]:
        """DeleteItem's answer."""
        _check_return_values(request)
        return self._write(read_removal(request), region)

    def update_item(self, request: Request, region: str) -> dict[str, Any]:
        """UpdateItem's answer."""
        return self._write(read_change(request), region)

    def _write(self, write: Write, region: str) -> dict[str, Any]:
        table = find_table(region, write.request["TableName"])
        write.check_keys(table)
        old = find_item(table, write.key)
        try:
            write.check_condition(old)
        except ConditionFailedError:
            _note_failed(table, old)
            raise
        attributes = write.new_attributes(table, old)
        new = None if attributes is None else self._store.make_item(table, attributes, old)
        self._store.commit(table, old, new)
        consumed = Consumed(table.name)
        count_write(consumed, table, old, new)
        return _returned(write, old, new) | report(write.request, consumed, is_write=True)

    def batch_write_item(self, request: Request, region: str) -> dict[str, Any]:
        """BatchWriteItem's answer. All requests are checked before the first is done."""
        wanted: dict[str, list[Request]] = request["RequestItems"]
        writes = {name: [_read_batched(one) for one in requests] for name, requests in wanted.items()}
        if sum(map(len, writes.values())) > MOST_REQUESTS:
            raise ValidationError("Too many items requested for the BatchWriteItem call")
        tables = {name: find_table(region, name) for name in writes}
        for name, batch in writes.items():
            for write in batch:
                _check_batched_keys(write, tables[name])
            check_distinct(tables[name], [write.key for write in batch])
        consumed = [self._write_batch(tables[name], batch) for name, batch in writes.items()]
        return {"UnprocessedItems": {}, **report_all(request, consumed, is_write=True)}

    def _write_batch(self, table: Table, batch: list[Write]) -> Consumed:
        consumed = Consumed(table.name)
        for write in batch:
            old = find_item(table, write.key)
            new = None if write.item is None else self._store.make_item(table, write.item, old)
            self._store.commit(table, old, new)
            count_write(consumed, table, old, new)
        return consumed


def _note_failed(table: Table, old: StoredItem | None) -> None:
    """A write whose condition fails costs as much as the item that is there.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
    """
    Consumed(table.name, table_units=write_units(0 if old is None else old.byte_count)).note(is_write=True)


def _read_batched(request: Request) -> Write:
    kinds = [kind for kind in ("PutRequest", "DeleteRequest") if request.get(kind) is not None]
    if len(kinds) != 1:
        fault = "has more than one datatypes set" if kinds else "is empty"
        raise RequestError(f"Supplied AttributeValue {fault}, must contain exactly one of the supported datatypes")
    return (read_put if kinds == ["PutRequest"] else read_removal)(request[kinds[0]])


def _check_batched_keys(write: Write, table: Table) -> None:
    """In a batch a key of another kind is not named."""
    try:
        if write.item is not None:
            check_item_key(table, write.item)
    except EmptyKeyError:
        raise
    except ValidationError:
        raise mismatch() from None
    write.check_keys(table)


def _check_return_values(request: Request) -> None:
    if request.get("ReturnValues", "NONE") not in ("NONE", "ALL_OLD"):
        raise RequestError("Return values set to invalid value")


def _returned(write: Write, old: StoredItem | None, new: StoredItem | None) -> dict[str, Any]:
    """The attributes that ReturnValues asks for."""
    paths: list[Path] = [] if write.update is None else write.update.paths
    before, after = (old.attributes if old else {}), (new.attributes if new else {})
    match write.request.get("ReturnValues", "NONE"):
        case "ALL_OLD":
            attributes = before
        case "ALL_NEW":
            return {"Attributes": after}
        case "UPDATED_OLD":
            attributes = project(before, paths)
        case "UPDATED_NEW":
            attributes = project(after, paths)
        case _:
            return {}
    return {"Attributes": attributes} if attributes else {}
