"""What Query and Scan read from: a table or one of its indexes, in its order, page by page.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.capacity import Consumed, item_read_units, read_units
from emulation.cloud.dynamodb.item_size import item_bytes
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.keys import check_key
from emulation.cloud.dynamodb.partitions import Place, Sorting
from emulation.cloud.dynamodb.refusals import ValidationError
from emulation.cloud.dynamodb.tables import Index, KeySchema, find_index, key_schema
from emulation.cloud.dynamodb.values import Value, ordered

MAX_PAGE_BYTES = 1024 * 1024

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A table, or the index of it that a request names."""

    table: Table
    index: Index | None
    schema: KeySchema
    sorting: Sorting

    @property
    def is_global(self) -> bool:
        """Whether it is a global index."""
        return self.index is not None and self.index.is_global

    @property
    def start_names(self) -> frozenset[str]:
        """The attributes of a LastEvaluatedKey: the table's key and the index's."""
        return frozenset([*self.table.table_key_attrs, *self.schema.kinds])

    def place(self, attributes: Mapping[str, Value]) -> Place:
        """Orders all items, as a Scan reads them: by partition, and there as a Query does."""
        hashes = (ordered(attributes[name]) for name in self.schema.hash_names)
        return (self.scattered(attributes), *hashes, *self.sorting.place(attributes))

    def scattered(self, attributes: Mapping[str, Value]) -> int:
        """A number that scatters partition keys, as DynamoDB's own hash does."""
        number = 0
        for name in self.schema.hash_names:
            [content] = attributes[name].values()
            number = crc32(content.encode(), number)
        return number

    def check_start(self, key: dict[str, Value], detail: str) -> None:
        """Raises ValidationError unless `key` could be a LastEvaluatedKey of this source."""
        fault = ValidationError(f"The provided starting key is invalid{detail}")
        if key.keys() != self.start_names:
            raise fault
        if any(kind not in key[name] for name, kind in self.schema.kinds.items()):
            raise fault
        try:
            check_key(self.table, {name: key[name] for name in self.table.table_key_attrs})
        except ValidationError as error:
            raise ValidationError(f"The provided starting key is invalid: {error.message}") from None


def open_source(request: Request, table: Table) -> Source:
    """The table or index that a Query or Scan reads; raises ValidationError."""
    name = request.get("IndexName")
    if name is None:
        return _source(table, None, key_schema(table))
    index = find_index(table, name)
    if index.is_global and request.get("ConsistentRead"):
        raise ValidationError("Consistent reads are not supported on global secondary indexes")
    return _source(table, index, index.schema)


def _source(table: Table, index: Index | None, schema: KeySchema) -> Source:
    kinds = {**schema.kinds, **({} if index is None else key_schema(table).kinds)}
    hashes = tuple((name, kinds.pop(name)) for name in schema.hash_names)
    return Source(table, index, schema, Sorting(hashes, tuple(kinds.items())))


@dataclass(slots=True)
class Page:
    """The items of one page as the source holds them, what reading it consumed, and where the next page starts."""

    items: list[Mapping[str, Value]]
    texts: list[str] | None
    consumed: Consumed
    last_key: dict[str, Value] | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How much to read, and whether an index has to fetch whole items from its table."""

    limit: int | None
    consistent: bool
    fetches: bool


def read_page(source: Source, items: Iterable[StoredItem], wanted: PageRequest) -> Page:
    """One page of items, which are in order: until the limit, or 1 MB, or the end."""
    consumed = Consumed(source.table.name)
    taken: list[StoredItem] = []
    held: list[Mapping[str, Value]] = []
    total = 0
    stopped = False
    # An index that holds a part of each item only.
    projecting = None if source.index is None or source.index.projected is None else source.index
    for item in items:
        entry = item.attributes if projecting is None else projecting.entry(item) or {}
        size = item.byte_count if projecting is None else item_bytes(entry)
        if taken and total + size > MAX_PAGE_BYTES:
            stopped = True
            break
        total += size
        taken.append(item)
        held.append(item.attributes if wanted.fetches else entry)
        if wanted.fetches:
            consumed.table_units += item_read_units(item, wanted.consistent)
        if len(taken) == wanted.limit:
            # DynamoDB stops here without a look at what follows.
            stopped = True
            break
    units = read_units(total, wanted.consistent)
    if source.index is None:
        consumed.table_units += units
    else:
        consumed.add_index(source.index, units)
    last_key = {name: taken[-1].attributes[name] for name in source.start_names} if stopped else None
    texts = [item.text for item in taken] if projecting is None else None
    return Page(held, texts, consumed, last_key)
