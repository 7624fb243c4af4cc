"""moto's own ways to the items, put right: PartiQL statements and imports write, GetRecords reads streams."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table

from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.refusals import NAMESPACE, DynamoDBError
from emulation.cloud.dynamodb.statements import batch_execute_statement, execute_statement
from emulation.cloud.dynamodb.store import Store
from emulation.cloud.dynamodb.tables import find_item
from emulation.cloud.dynamodb.values import Value
from emulation.cloud.dynamodb.writes import read_put

IMAGES = ("Keys", "NewImage", "OldImage")


def mend_tables(store: Store) -> None:
    """Let moto's tables write through the store, and its streams give binaries as they were written."""

    def put_item(table: Table, item_attrs: dict[str, Any], *_: Any, **__: Any) -> Item:
        try:
            write = read_put({"TableName": table.name, "Item": item_attrs})
            write.check_keys(table)
        except DynamoDBError as error:
            # The form in which moto answers a refusal.
            raise JsonRESTError(error.code, error.message) from error
        old = find_item(table, write.key)
        new = store.make_item(table, write.key, old)
        store.commit(table, old, new)
        return new

    def delete_item(table: Table, hash_key: DynamoType, range_key: DynamoType | None) -> StoredItem | None:
        keys = [hash_key] if range_key is None else [hash_key, range_key]
        old = find_item(table, dict(zip(table.table_key_attrs, (key.to_json() for key in keys), strict=True)))
        if old is not None:
            store.commit(table, old, None)
        return old

    mends: tuple[tuple[type, str, Callable[..., Any]], ...] = (
        (Table, "put_item", put_item),
        (Table, "delete_item", delete_item),
        (Table, "_get_default_encryption_key", name_key),
        (StreamShard, "get", read_records),
        (DynamoDBBackend, "execute_statement", execute_statement),
        (DynamoDBBackend, "batch_execute_statement", batch_execute_statement),
    )
    for owner, name, function in mends:
        setattr(owner, name, function)
    # moto counts an item's bytes for every attribute that is set, roughly; here they are counted once.
    if "__setitem__" in vars(LimitedSizeDict):
        del LimitedSizeDict.__setitem__


def name_key(_table: Table, account_id: str, region: str) -> str:
    """The ARN of the key that AWS manages for DynamoDB. moto would make one, and a pair of RSA keys for it."""
    arn = f"arn:aws:kms:{region}:{account_id}:key"
    return f"{arn}/{uuid5(NAMESPACE_URL, arn)}"


def read_records(shard: StreamShard, start: int, quantity: int) -> list[dict[str, Any]]:
    """Records from a sequence number on; moto encodes binaries once more, so they are decoded here."""
    first = start - shard.starting_sequence_number
    if first < 0:
        raise JsonRESTError(
            f"{NAMESPACE}TrimmedDataAccessException",
            "The operation attempted to read past the oldest stream record in a shard.",
        )
    return [_with_bytes(record.record) for record in shard.items[first : first + quantity]]


def _with_bytes(record: dict[str, Any]) -> dict[str, Any]:
    change = record["dynamodb"]
    images = {name: _decoded_map(change[name]) for name in IMAGES if name in change}
    return {**record, "dynamodb": {**change, **images}}


def _decoded_map(values: dict[str, Value]) -> dict[str, Value]:
    return {name: _decoded(value) for name, value in values.items()}


def _decoded(value: Value) -> Value:
    [(kind, content)] = value.items()
    match kind:
        case "B":
            return {"B": base64.b64decode(content)}
        case "BS":
            return {"BS": [base64.b64decode(one) for one in content]}
        case "L":
            return {"L": [_decoded(one) for one in content]}
        case "M":
            return {"M": _decoded_map(content)}
    return value
