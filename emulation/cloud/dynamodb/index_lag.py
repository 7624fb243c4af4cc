"""Global secondary indexes that follow their table after a while, as on AWS they do.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Writes
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.tables import all_items, items_with_hash
from emulation.cloud.dynamodb.values import Value

Seconds = Callable[[], float]


class IndexLag:
    """Remembers what items were before their latest writes, as long as an index does not see those."""

    def __init__(self, lag_seconds: float, monotonic: Seconds) -> None:
        self._lag_seconds = lag_seconds
        self._monotonic = monotonic
        self._recent: deque[tuple[float, Table, StoredItem | None, StoredItem | None]] = deque()

    def note(self, table: Table, old: StoredItem | None, new: StoredItem | None) -> None:
        """Note a write."""
        if self._lag_seconds:
            self._forget()
            self._recent.append((self._monotonic(), table, old, new))

    def items(self, table: Table, partition: Value | None = None) -> list[StoredItem]:
        """The table's items as its global indexes see them, in no order; with a partition key at least its items."""
        items = list(all_items(table)) if partition is None else items_with_hash(table, partition)
        self._forget()
        if not self._recent:
            return items
        before: dict[str, StoredItem | None] = {}
        for _, one, old, new in self._recent:
            if one is table:
                before.setdefault(_identity(old or new), old)
        unseen = [item for item in before.values() if item is not None]
        return unseen + [item for item in items if _identity(item) not in before]

    def _forget(self) -> None:
        seen_until = self._monotonic() - self._lag_seconds
        while self._recent and self._recent[0][0] <= seen_until:
            self._recent.popleft()


def _identity(item: Any) -> str:
    return str(item.key)
