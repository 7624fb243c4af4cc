"""Keys as DynamoDB checks them, in the words of each operation.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

import base64
from collections.abc import Mapping

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.refusals import EmptyKeyError, ValidationError
from emulation.cloud.dynamodb.tables import KeySchema, key_schema, list_indexes
from emulation.cloud.dynamodb.values import Value

MAX_HASH_BYTES = 2048
MAX_RANGE_BYTES = 1024
EMPTY_KINDS = {"S": "string", "B": "binary"}


def mismatch() -> ValidationError:
    """A key that is not the table's."""
    return ValidationError("The provided key element does not match the schema")


def empty_kind(value: Value) -> str:
    """What an empty text or binary is called; nothing for another value."""
    [(kind, content)] = value.items()
    return EMPTY_KINDS.get(kind, "") if content == "" else ""


def check_not_empty(name: str, value: Value) -> None:
    """Raises ValidationError for an empty text or binary as a key attribute's value."""
    kind = empty_kind(value)
    if kind:
        raise EmptyKeyError(
            "One or more parameter values are not valid. "
            f"The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}"
        )


def check_key(table: Table, key: Mapping[str, Value]) -> None:
    """Raises ValidationError unless `key` is a primary key of the table, no more and no less."""
    schema = key_schema(table)
    if key.keys() != schema.kinds.keys():
        raise mismatch()
    for name, kind in schema.kinds.items():
        if kind not in key[name]:
            raise mismatch()
        check_not_empty(name, key[name])
    _check_sizes(schema, key)


def check_item_key(table: Table, item: Mapping[str, Value]) -> None:
    """Raises ValidationError unless the item has the table's primary key."""
    schema = key_schema(table)
    for name, kind in schema.kinds.items():
        if name not in item:
            raise ValidationError(f"One or more parameter values were invalid: Missing the key {name} in the item")
        if kind not in item[name]:
            raise ValidationError(
                "One or more parameter values were invalid: "
                f"Type mismatch for key {name} expected: {kind} actual: {next(iter(item[name]))}"
            )
        check_not_empty(name, item[name])
    _check_sizes(schema, item)


def _check_sizes(schema: KeySchema, item: Mapping[str, Value]) -> None:
    if _key_bytes(item[schema.hash_names[0]]) > MAX_HASH_BYTES:
        raise ValidationError(
            "One or more parameter values were invalid: "
            f"Size of hashkey has exceeded the maximum size limit of{MAX_HASH_BYTES} bytes"
        )
    if schema.range_names and _key_bytes(item[schema.range_names[0]]) > MAX_RANGE_BYTES:
        raise ValidationError(
            "One or more parameter values were invalid: "
            f"Aggregated size of all range keys has exceeded the size limit of {MAX_RANGE_BYTES} bytes"
        )


def _key_bytes(value: Value) -> int:
    [(kind, content)] = value.items()
    if kind == "N":
        return 0  # every number is short enough
    return len(base64.b64decode(content) if kind == "B" else content.encode())


def check_index_keys(table: Table, item: Mapping[str, Value], before: Mapping[str, Value] | None = None) -> None:
    """Raises ValidationError when an attribute that is an index's key cannot be one.

    `before` is the item that an update changes: what it leaves alone is not looked at, and the words are others.
    """
    for index in list_indexes(table):
        for name, kind in index.schema.kinds.items():
            value = item.get(name)
            if value is None or (before is not None and before.get(name) == value):
                continue
            if kind not in value:
                raise ValidationError(
                    f"One or more parameter values were invalid: Type mismatch for Index Key {name} "
                    f"Expected: {kind} Actual: {next(iter(value))} IndexName: {index.name}"
                )
            empty = empty_kind(value)
            if empty:
                raise _empty_index_key(
                    empty, "" if before is not None else f" IndexName: {index.name}, IndexKey: {name}"
                )


def _empty_index_key(kind: str, place: str) -> EmptyKeyError:
    attempt = (
        "A value specified for a secondary index key is not supported."
        if place
        else "The update expression attempted to update a secondary index key to a value that is not supported."
    )
    return EmptyKeyError(
        f"One or more parameter values are not valid. {attempt} "
        f"The AttributeValue for a key attribute cannot contain an empty {kind} value.{place}"
    )
