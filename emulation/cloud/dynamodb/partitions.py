"""Items by partition, each partition in the order of its sort key, so that a Query costs what it reads.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.Partitions.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.values import ORDERED_BY, Value

Attributes = Mapping[str, Value]
# The values of a partition key, and those of a sort key, or the first of them.
Hash = tuple[Any, ...]
Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """The attributes, each with its kind, that divide items into partitions, and those that order them there.

    In an index the table's key comes last: it tells apart what the index's own key does not.
    """

    hashes: tuple[tuple[str, str], ...]
    ranges: tuple[tuple[str, str], ...]

    def hash(self, attributes: Attributes) -> Hash:
        """What the items of one partition have in common; raises KeyError for an item without the index's key."""
        return tuple([attributes[name][kind] for name, kind in self.hashes])

    def place(self, attributes: Attributes) -> Place:
        """Orders the items of one partition: texts and binaries by their bytes, numbers by their size."""
        return tuple([ORDERED_BY[kind](attributes[name][kind]) for name, kind in self.ranges])

    def locate(self, item: StoredItem | None) -> tuple[Hash, Place] | None:
        """Partition and place of an item; None for one that has not every attribute of the key, and for no item."""
        if item is None:
            return None
        try:
            return self.hash(item.attributes), self.place(item.attributes)
        except KeyError:
            return None


@dataclass(slots=True)
class Partition:
    """The items of one partition in order, which are stored elsewhere, and the place of each."""

    items: list[StoredItem] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def begin(self, place: Place) -> int:
        """How many items come before all whose places begin with this one."""
        return bisect_left(self.places, place)

    def end(self, place: Place) -> int:
        """How many items there are up to the last whose place begins with this one."""
        return bisect_right(self.places, place, key=lambda one: one[: len(place)])

    def end_of_prefix(self, place: Place) -> int:
        """As `end`, of the last item whose last value in question begins with the last one here."""
        *before, prefix = place
        last = len(before)
        return bisect_right(self.places, place, key=lambda one: (*one[:last], one[last][: len(prefix)]))

    def put(self, place: Place, item: StoredItem) -> None:
        """Put an item into its place, instead of the one that is there."""
        position = bisect_left(self.places, place)
        if self.places[position : position + 1] == [place]:
            self.items[position] = item
        else:
            self.places.insert(position, place)
            self.items.insert(position, item)

    def remove(self, place: Place) -> None:
        """Take out the item in a place."""
        position = bisect_left(self.places, place)
        del self.places[position], self.items[position]


class Partitions:
    """The partitions of a table or an index.

    Of a table only those are held that have been read, since its items can be found by their partition key at any
    time; of a global index, which `holds_all`, every one is.
    """

    def __init__(self, sorting: Sorting, *, holds_all: bool) -> None:
        self._sorting = sorting
        self._holds_all = holds_all
        self._held: dict[Hash, Partition] = {}

    def find(self, key: Hash) -> Partition | None:
        """The partition of a partition key; None for one that is not held, or has no items."""
        return self._held.get(key)

    def hold(self, items: Iterable[StoredItem]) -> None:
        """Hold partitions that were not, given all of their items in any order."""
        groups: dict[Hash, list[tuple[Place, StoredItem]]] = {}
        for item in items:
            found = self._sorting.locate(item)
            if found is not None:
                groups.setdefault(found[0], []).append((found[1], item))
        for key, group in groups.items():
            group.sort(key=itemgetter(0))
            self._held[key] = Partition([item for _, item in group], [place for place, _ in group])

    def replace(self, old: StoredItem | None, new: StoredItem | None) -> None:
        """Put `new` where it belongs, and take `old` away; None stands for no item."""
        before, after = self._sorting.locate(old), self._sorting.locate(new)
        if before is not None and before != after:
            self._remove(*before)
        if after is not None and new is not None:
            self._put(*after, new)

    def _put(self, key: Hash, place: Place, item: StoredItem) -> None:
        partition = self._held.get(key)
        if partition is None and self._holds_all:
            partition = self._held[key] = Partition()
        if partition is not None:
            partition.put(place, item)

    def _remove(self, key: Hash, place: Place) -> None:
        partition = self._held.get(key)
        if partition is not None:
            partition.remove(place)
            if not partition.items:
                del self._held[key]
