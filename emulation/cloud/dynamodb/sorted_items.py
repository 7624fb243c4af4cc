"""The items of all tables and indexes in their order, which follows every write."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.index_lag import IndexLag, Written
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.pages import Source
from emulation.cloud.dynamodb.partitions import Attributes, Partition, Partitions, Sorting
from emulation.cloud.dynamodb.tables import all_items, items_with_hash


class _Order(NamedTuple):
    """An order that items are kept in. Indexes with one key share theirs, unless one of them lags and the other not."""

    sorting: Sorting
    is_global: bool


class SortedItems:
    """What Query reads. An order is made when it is first read, and is no part of the state.

    moto never gives other items to a table that is there: one that is restored or loaded is another table.
    """

    def __init__(self, lag: IndexLag) -> None:
        self._lag = lag
        self._tables: WeakKeyDictionary[Table, dict[_Order, Partitions]] = WeakKeyDictionary()

    def note(self, table: Table, old: StoredItem | None, new: StoredItem | None) -> None:
        """Follow a write: table and local indexes at once, a global index when it comes to see it."""
        written = Written(table, old, new)
        self._replace(written, is_global=False)
        self._lag.note(written)
        self._catch_up()

    def find(self, source: Source, key: Attributes) -> Partition:
        """The partition with a partition key; of a global index as far as it has come."""
        self._catch_up()
        partitions = self._partitions(source)
        found = partitions.find(source.sorting.hash(key))
        if found is None and not source.is_global:
            partitions.hold(items_with_hash(source.table, key[source.table.hash_key_attr]))
            found = partitions.find(source.sorting.hash(key))
        return found or Partition()

    def all(self, source: Source) -> list[StoredItem]:
        """Everything in a table or index, in no order; of a global index as far as it has come."""
        self._catch_up()
        items = self._lag.items(source.table) if source.is_global else all_items(source.table)
        return [item for item in items if source.sorting.locate(item) is not None]

    def _partitions(self, source: Source) -> Partitions:
        orders = self._tables.setdefault(source.table, {})
        order = _Order(source.sorting, source.is_global)
        if order not in orders:
            orders[order] = Partitions(source.sorting, holds_all=source.is_global)
            if source.is_global:
                orders[order].hold(self._lag.items(source.table))
        return orders[order]

    def _catch_up(self) -> None:
        for written in self._lag.take_seen():
            self._replace(written, is_global=True)

    def _replace(self, written: Written, *, is_global: bool) -> None:
        for order, partitions in self._tables.get(written.table, {}).items():
            if order.is_global is is_global:
                partitions.replace(written.old, written.new)
