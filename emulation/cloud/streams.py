"""Delivers the records of the tables' streams to the functions that subscribe to them, as Lambda's poller does.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

import asyncio
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.models.utilities import dynamo_json_dump

from emulation.applier import StreamSubscription
from emulation.cloud.data import StreamLedger
from emulation.cloud.functions import FunctionRunner
from emulation.settings import ACCOUNT_ID, REGION
from server.clock import Clock, to_iso

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
# Read by every subscription, and kept for those who look at the stream themselves (DynamoDB keeps a day).
KEPT_RECORDS = 200
# Each with all records of a batch.
KEPT_LETTERS = 100


class Streams:
    """One task per subscription; each delivers its table's records in order, at least once."""

    def __init__(
        self,
        subscriptions: Iterable[StreamSubscription],
        ledger: StreamLedger,
        functions: FunctionRunner,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._subscriptions = tuple(subscriptions)
        self._ledger = ledger
        self._functions = functions
        self._clock = clock
        self._changed = changed
        self._written = {subscription: asyncio.Event() for subscription in self._subscriptions}

    def wake(self) -> None:
        """Look for new records."""
        for written in self._written.values():
            written.set()

    def count_undelivered(self) -> int:
        """How many records are still to be delivered, those under way included."""
        return sum(self._count_ahead(subscription) for subscription in self._subscriptions)

    async def redeliver(self, number: str) -> bool:
        """Give the records of a dead letter to their function once more; whether it has taken them."""
        letters = dict(self._ledger.dead_letters.glance())
        letter = letters[number]
        timeout = next((one.timeout_seconds for one in self._subscriptions if one.entry == letter["entry"]), None)
        if timeout is None:
            return False
        try:
            await self._functions.invoke(letter["entry"], {"Records": letter["records"]}, timeout)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return False
        self._ledger.dead_letters.pop(number, None)
        self._changed()
        return True

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as group:
            for subscription in self._subscriptions:
                group.create_task(self._follow(subscription))

    async def _follow(self, subscription: StreamSubscription) -> None:
        written = self._written[subscription]
        while True:
            written.clear()
            records = self._next_records(subscription)
            if not records:
                await written.wait()
                continue
            await self._deliver(subscription, records)
            self._advance(subscription, records)

    def _next_records(self, subscription: StreamSubscription) -> list[dict[str, Any]]:
        """The next batch, as Lambda hands it to a function."""
        table, shard = _stream_of(subscription)
        if table is None or shard is None:
            return []
        number = self._ledger.next_numbers.get(_position_key(subscription, table), shard.starting_sequence_number)
        first = max(0, number - shard.starting_sequence_number)
        records = json.loads(
            dynamo_json_dump([one.record for one in shard.items[first : first + subscription.batch_size]])
        )
        return [_to_event({**record, "eventSourceARN": _stream_arn(table)}) for record in records]

    def _count_ahead(self, subscription: StreamSubscription) -> int:
        table, shard = _stream_of(subscription)
        if table is None or shard is None:
            return 0
        number = self._ledger.next_numbers.get(_position_key(subscription, table), shard.starting_sequence_number)
        return len(shard.items) - max(0, number - shard.starting_sequence_number)

    async def _deliver(self, subscription: StreamSubscription, records: list[dict[str, Any]]) -> None:
        """Call the function until it succeeds or its attempts are used up; then its records are a dead letter."""
        pause = FIRST_PAUSE_SECONDS
        attempt = 1
        while True:
            try:
                await self._functions.invoke(subscription.entry, {"Records": records}, subscription.timeout_seconds)
            except Exception as error:
                traceback.print_exc(file=sys.stderr)
                if subscription.bisect_on_error and len(records) > 1:
                    # Splitting does not count as an attempt.
                    middle = len(records) // 2
                    await self._deliver(subscription, records[:middle])
                    await self._deliver(subscription, records[middle:])
                    return
                # A maximum of -1 retries until the records expire.
                if attempt == subscription.maximum_retry_attempts + 1:
                    self._give_up(subscription, records, error)
                    return
            else:
                return
            attempt += 1
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 2)

    def _give_up(self, subscription: StreamSubscription, records: list[dict[str, Any]], error: Exception) -> None:
        letter = {
            "entry": subscription.entry,
            "tableName": subscription.table_name,
            "error": f"{type(error).__name__}: {error}",
            "attempts": subscription.maximum_retry_attempts + 1,
            "at": to_iso(self._clock.now()),
            "records": records,
        }
        self._ledger.dead_letters.add(letter, KEPT_LETTERS)

    def _advance(self, subscription: StreamSubscription, records: list[dict[str, Any]]) -> None:
        table, shard = _stream_of(subscription)
        # Not the same stream any more when the table was made anew meanwhile.
        if table is None or shard is None or records[-1]["eventSourceARN"] != _stream_arn(table):
            return
        last = int(records[-1]["dynamodb"]["SequenceNumber"])
        self._ledger.next_numbers[_position_key(subscription, table)] = last + 1
        self._trim(table, shard)
        self._changed()

    def _trim(self, table: Table, shard: StreamShard) -> None:
        readers = [one for one in self._subscriptions if one.table_name == table.name]
        start = shard.starting_sequence_number
        read = min(self._ledger.next_numbers.get(_position_key(one, table), start) for one in readers) - start
        surplus = min(read, len(shard.items) - KEPT_RECORDS)
        if surplus > 0:
            del shard.items[:surplus]
            shard.starting_sequence_number += surplus


def _to_event(record: dict[str, Any]) -> dict[str, Any]:
    """A record as Lambda spells it."""
    identity = record.get("userIdentity")
    if identity is None:
        return record
    return {**record, "userIdentity": {"principalId": identity["PrincipalId"], "type": identity["Type"]}}


def _stream_of(subscription: StreamSubscription) -> tuple[Table | None, StreamShard | None]:
    table = dynamodb_backends[ACCOUNT_ID][REGION].tables.get(subscription.table_name)
    return (table, table.stream_shard) if table is not None else (None, None)


def _stream_arn(table: Table) -> str:
    return f"{table.table_arn}/stream/{table.latest_stream_label}"


def _position_key(subscription: StreamSubscription, table: Table) -> str:
    return f"{subscription.entry} {_stream_arn(table)}"
