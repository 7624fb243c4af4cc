"""moto's tables, read: their keys, their indexes, their items."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import GlobalSecondaryIndex, SecondaryIndex, Table

from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.refusals import ValidationError, resource_not_found
from emulation.cloud.dynamodb.values import Value
from emulation.settings import ACCOUNT_ID


@dataclass(frozen=True, slots=True)
class KeySchema:
    """The names of a key's attributes, and the kind (S, N or B) of each."""

    hash_names: tuple[str, ...]
    range_names: tuple[str, ...]
    kinds: dict[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index; `projected` are the attributes that it holds, None for all of them."""

    name: str
    is_global: bool
    schema: KeySchema
    projected: frozenset[str] | None

    def entry(self, item: StoredItem | None) -> dict[str, Value] | None:
        """What the index holds of an item; None when it has not all of the index's key attributes."""
        if item is None:
            return None
        attributes = item.attributes
        for name, kind in self.schema.kinds.items():
            if kind not in attributes.get(name, ()):
                return None
        if self.projected is None:
            return attributes
        return {name: value for name, value in attributes.items() if name in self.projected}


def backend_of(region: str) -> DynamoDBBackend:
    """Moto's model of DynamoDB in a region."""
    backend: DynamoDBBackend = dynamodb_backends[ACCOUNT_ID][region]
    return backend


def find_table(region: str, name: str) -> Table:
    """A table by its name or ARN; raises ResourceNotFoundException."""
    table = backend_of(region).tables.get(name.removeprefix(f"arn:aws:dynamodb:{region}:{ACCOUNT_ID}:table/"))
    if table is None:
        raise resource_not_found()
    return table


def key_schema(table: Table) -> KeySchema:
    """The primary key."""
    if table.range_key_attr is None:
        return KeySchema((table.hash_key_attr,), (), {table.hash_key_attr: table.hash_key_type})
    kinds = {table.hash_key_attr: table.hash_key_type, table.range_key_attr: str(table.range_key_type)}
    return KeySchema((table.hash_key_attr,), (table.range_key_attr,), kinds)


def list_indexes(table: Table) -> list[Index]:
    """The secondary indexes by name, which is the order in which DynamoDB checks their keys."""
    return [_read_index(table, one) for one in sorted(table.all_indexes(), key=lambda index: str(index.name))]


def find_index(table: Table, name: str) -> Index:
    """An index by its name; raises ValidationError."""
    for index in table.all_indexes():
        if index.name == name:
            return _read_index(table, index)
    raise ValidationError(f"The table does not have the specified index: {name}")


def _read_index(table: Table, index: SecondaryIndex) -> Index:
    kinds = {definition["AttributeName"]: definition["AttributeType"] for definition in table.attr}
    hash_names, range_names = (
        tuple(key["AttributeName"] for key in index.schema if key["KeyType"] == role) for role in ("HASH", "RANGE")
    )
    keys = (*hash_names, *range_names)
    projected: frozenset[str] | None = None
    if (index.projection or {}).get("ProjectionType", "ALL") != "ALL":
        included = index.projection.get("NonKeyAttributes") or []
        projected = frozenset([*table.table_key_attrs, *keys, *included])
    schema = KeySchema(hash_names, range_names, {name: kinds[name] for name in keys})
    return Index(index.name, isinstance(index, GlobalSecondaryIndex), schema, projected)


def _places(table: Table) -> dict[DynamoType, Any]:
    """The items by partition key; by partition and sort key where the table has both."""
    places: dict[DynamoType, Any] = table.items
    return places


def find_item(table: Table, key: dict[str, Value]) -> StoredItem | None:
    """The item with a primary key, whatever else the mapping holds."""
    found = _places(table).get(DynamoType(key[table.hash_key_attr]))
    if found is not None and table.range_key_attr is not None:
        found = found.get(DynamoType(key[table.range_key_attr]))
    item: StoredItem | None = found
    return item


def items_with_hash(table: Table, value: Value) -> list[StoredItem]:
    """The items with a partition key, in no order."""
    found = _places(table).get(DynamoType(value))
    if found is None:
        return []
    return [found] if table.range_key_attr is None else list(found.values())


def all_items(table: Table) -> Iterator[StoredItem]:
    """All items of a table, in no order."""
    for found in _places(table).values():
        if table.range_key_attr is None:
            yield found
        else:
            yield from found.values()


def place_item(table: Table, item: StoredItem) -> None:
    """Put an item into its place."""
    places = _places(table)
    if item.range_key is None:
        places[item.hash_key] = item
    else:
        places[item.hash_key][item.range_key] = item


def remove_item(table: Table, item: StoredItem) -> None:
    """Take an item out of its place."""
    places = _places(table)
    if item.range_key is not None:
        del places[item.hash_key][item.range_key]
    if item.range_key is None or not places[item.hash_key]:
        del places[item.hash_key]
