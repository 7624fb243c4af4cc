"""Items that are deleted when their time has come.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.refusals import ValidationError
from emulation.cloud.dynamodb.store import Store
from emulation.cloud.dynamodb.tables import all_items, find_table
from server.clock import Clock

# By whom a stream record says that an item was deleted; Lambda hands the names to functions in small letters.
IDENTITY = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
SWEEP_SECONDS = 1.0
# What should have been deleted longer ago is taken for a mistake and stays.
OLDEST = timedelta(days=5 * 365)


class TimeToLive:
    """Deletes expired items. AWS takes up to a few days for it, this cloud until its next sweep."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def update_time_to_live(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """UpdateTimeToLive's answer."""
        table = find_table(region, request["TableName"])
        wanted = request["TimeToLiveSpecification"]
        enabled = table.ttl["TimeToLiveStatus"] == "ENABLED"
        if enabled and wanted["Enabled"]:
            raise ValidationError("TimeToLive is already enabled")
        if not enabled and not wanted["Enabled"]:
            raise ValidationError("TimeToLive is already disabled")
        if enabled and table.ttl["AttributeName"] != wanted["AttributeName"]:
            raise ValidationError(
                "TimeToLive is active on a different AttributeName: "
                f"current AttributeName is {table.ttl['AttributeName']}"
            )
        table.ttl = (
            {"TimeToLiveStatus": "ENABLED", "AttributeName": wanted["AttributeName"]}
            if wanted["Enabled"]
            else {"TimeToLiveStatus": "DISABLED"}
        )
        return {"TimeToLiveSpecification": dict(wanted)}

    def describe_time_to_live(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """DescribeTimeToLive's answer."""
        return {"TimeToLiveDescription": dict(find_table(region, request["TableName"]).ttl)}

    async def run(self, changed: Callable[[], None]) -> None:
        """Sweep every second until cancelled; `changed` is called when something was deleted."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            if self.sweep():
                changed()

    def sweep(self) -> int:
        """Delete what has expired; how many items that were."""
        expired = [
            (table, item)
            for table, name in _tables_with_ttl()
            for item in all_items(table)
            if self._has_expired(item, name)
        ]
        for table, item in expired:
            self._store.commit(table, item, None, IDENTITY)
        return len(expired)

    def _has_expired(self, item: StoredItem, name: str) -> bool:
        expires_at = item.attributes.get(name, {}).get("N")
        if expires_at is None:
            return False
        written_at = datetime.fromtimestamp(item.written_at, UTC)
        overdue = self._clock.age(written_at).total_seconds() - float(Decimal(expires_at) - Decimal(item.written_at))
        return 0 <= overdue < OLDEST.total_seconds()


def _tables_with_ttl() -> Iterator[tuple[Table, str]]:
    backends: list[Any] = [backend for _, _, backend in dynamodb_backends.iter_backends()]
    for backend in backends:
        for table in list(backend.tables.values()):
            if table.ttl["TimeToLiveStatus"] == "ENABLED":
                yield table, table.ttl["AttributeName"]
