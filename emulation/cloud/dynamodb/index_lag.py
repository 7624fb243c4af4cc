"""Global secondary indexes that follow their table after a while, as on AWS they do.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Writes
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.tables import all_items

Seconds = Callable[[], float]


class Written(NamedTuple):
    """A write: the item before it and after it."""

    table: Table
    old: StoredItem | None
    new: StoredItem | None


class IndexLag:
    """Remembers the latest writes for as long as an index does not see them."""

    def __init__(self, lag_seconds: float, monotonic: Seconds) -> None:
        self._lag_seconds = lag_seconds
        self._monotonic = monotonic
        self._unseen: deque[tuple[float, Written]] = deque()

    def note(self, written: Written) -> None:
        """Note a write."""
        self._unseen.append((self._monotonic() + self._lag_seconds, written))

    def take_seen(self) -> Iterator[Written]:
        """The writes that have come to be seen since they were last asked for, in their order."""
        now = self._monotonic()
        while self._unseen and self._unseen[0][0] <= now:
            yield self._unseen.popleft()[1]

    def items(self, table: Table) -> list[StoredItem]:
        """The table's items as its global indexes see them, in no order."""
        before: dict[str, StoredItem | None] = {}
        for _, (one, old, new) in self._unseen:
            if one is table:
                before.setdefault(_identity(old or new), old)
        if not before:
            return list(all_items(table))
        unchanged = [item for item in all_items(table) if _identity(item) not in before]
        return unchanged + [item for item in before.values() if item is not None]


def _identity(item: Any) -> str:
    return str(item.key)
