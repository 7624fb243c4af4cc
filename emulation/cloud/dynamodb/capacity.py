"""The capacity that requests consume.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
In a transaction the table's units are doubled, an index's are not, and a repeated one is billed as a read: measured,
https://github.com/paritysuite/dynamodb-conformance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.models.table import Table

from emulation.cloud.aws_call import note_units
from emulation.cloud.dynamodb.item_size import item_bytes
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.tables import Index, list_indexes

READ_UNIT_BYTES = 4096
WRITE_UNIT_BYTES = 1024
TRANSACTION_FACTOR = 2


@dataclass
class Consumed:
    """Units of one table and its indexes; `kind` is ReadCapacityUnits or WriteCapacityUnits in a transaction."""

    table_name: str
    kind: str = ""
    table_units: float = 0.0
    global_units: dict[str, float] = field(default_factory=dict)
    local_units: dict[str, float] = field(default_factory=dict)

    def add_index(self, index: Index, units: float) -> None:
        """Count units of an index."""
        counted = self.global_units if index.is_global else self.local_units
        counted[index.name] = counted.get(index.name, 0.0) + units

    def shown(self, detail: str) -> dict[str, Any]:
        """As ReturnConsumedCapacity asks: TOTAL, or INDEXES with each index."""
        total = self.table_units + sum(self.global_units.values()) + sum(self.local_units.values())
        answer: dict[str, Any] = {"TableName": self.table_name, **self._units(total)}
        if detail == "INDEXES":
            answer["Table"] = self._units(self.table_units)
            for name, units in (
                ("GlobalSecondaryIndexes", self.global_units),
                ("LocalSecondaryIndexes", self.local_units),
            ):
                if units:
                    answer[name] = {index: self._units(one) for index, one in units.items()}
        return answer

    def note(self, *, is_write: bool) -> None:
        """Have the units in the request log, whether or not they are asked for."""
        note_units(self.table_name, self.table_units, is_write=is_write)
        for counted in (self.global_units, self.local_units):
            for index, units in counted.items():
                note_units(f"{self.table_name}/{index}", units, is_write=is_write)

    def _units(self, units: float) -> dict[str, float]:
        return {"CapacityUnits": units, **({self.kind: units} if self.kind else {})}


def read_units(size: int, consistent: bool) -> float:
    """Units of reading `size` bytes at once; nothing costs as much as the smallest item."""
    units = max(1, -(-size // READ_UNIT_BYTES))
    return float(units) if consistent else units / 2


def item_read_units(item: StoredItem | None, consistent: bool) -> float:
    """Units of reading one item, or of finding that there is none."""
    return read_units(0 if item is None else item.byte_count, consistent)


def write_units(size: int) -> float:
    """Units of writing `size` bytes."""
    return float(max(1, -(-size // WRITE_UNIT_BYTES)))


def count_write(consumed: Consumed, table: Table, old: StoredItem | None, new: StoredItem | None) -> None:
    """Count a write: the larger of the item's two states, and what changed in each index."""
    sizes = [item.byte_count for item in (old, new) if item is not None]
    factor = TRANSACTION_FACTOR if consumed.kind else 1
    consumed.table_units += factor * write_units(max(sizes, default=0))
    if old is new:
        return
    for index in list_indexes(table):
        units = _index_write_units(index, old, new)
        if units:
            consumed.add_index(index, units)


def _index_write_units(index: Index, old: StoredItem | None, new: StoredItem | None) -> float:
    before, after = index.entry(old), index.entry(new)
    if before == after:
        return 0.0
    if before is None or after is None:
        return write_units(item_bytes(before or after or {}))
    if any(before[name] != after[name] for name in index.schema.kinds):
        return write_units(item_bytes(before)) + write_units(item_bytes(after))
    return write_units(max(item_bytes(before), item_bytes(after)))


def report(request: Mapping[str, Any], consumed: Consumed, *, is_write: bool) -> dict[str, Any]:
    """Have the units of a request in the log, and answer with them as far as it asks for ConsumedCapacity."""
    consumed.note(is_write=is_write)
    detail = request.get("ReturnConsumedCapacity", "NONE")
    return {} if detail == "NONE" else {"ConsumedCapacity": consumed.shown(detail)}


def report_all(request: Mapping[str, Any], consumed: Iterable[Consumed], *, is_write: bool) -> dict[str, Any]:
    """The same of a request on several tables, which is answered with a list."""
    told = [report(request, one, is_write=is_write) for one in consumed]
    shown = [one["ConsumedCapacity"] for one in told if one]
    return {"ConsumedCapacity": shown} if shown else {}
