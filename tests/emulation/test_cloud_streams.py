import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from moto.dynamodb.models import dynamodb_backends

from emulation.applier import StreamSubscription
from emulation.cloud.data import StreamLedger
from emulation.cloud.dynamodb import DynamoDB, Tokens
from emulation.cloud.functions import Functions
from emulation.cloud.streams import Streams
from emulation.settings import ACCOUNT_ID, REGION
from server.clock import SystemClock
from tests.eventually import until

ENTRY = "tests.emulation.event_function"
Receive = Callable[[dict[str, Any]], Awaitable[Any]]


class Items:
    """Writes of items with the partition key `id`."""

    def __init__(self, dynamodb: DynamoDB) -> None:
        self._dynamodb = dynamodb

    def put(self, table: str, item: dict[str, Any]) -> None:
        self._answer("PutItem", {"TableName": table, "Item": item})

    def set(self, table: str, key: dict[str, Any], number: str) -> None:
        values = {":n": {"N": number}}
        update = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": values}
        self._answer("UpdateItem", {"TableName": table, "Key": key, **update})

    def delete(self, table: str, key: dict[str, Any]) -> None:
        self._answer("DeleteItem", {"TableName": table, "Key": key})

    def expire(self, table: str, name: str) -> None:
        """Let items expire by that attribute, and delete those that have."""
        specification = {"Enabled": True, "AttributeName": name}
        self._answer("UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": specification})
        assert self._dynamodb.time_to_live.sweep() == 1

    def _answer(self, action: str, request: dict[str, Any]) -> None:
        answer = self._dynamodb.answer(action, request, REGION)
        assert answer is not None
        assert answer.status == 200, answer.body


@pytest.fixture
def items() -> Items:
    return Items(DynamoDB(Tokens(), SystemClock(), lambda: uuid4().hex, 0, time.monotonic))


@pytest.fixture
def table() -> str:
    """A table of its own, with a stream of both images."""
    name = f"table-{uuid4()}"
    dynamodb_backends[ACCOUNT_ID][REGION].create_table(
        name,
        schema=[{"AttributeName": "id", "KeyType": "HASH"}],
        attr=[{"AttributeName": "id", "AttributeType": "S"}],
        streams={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        throughput=None,
        global_indexes=None,
        indexes=None,
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    return name


class Delivery:
    """Streams at work on one table, with a function that the test gives."""

    def __init__(self, table: str, receive: Receive, ledger: StreamLedger | None = None, **options: int) -> None:
        subscription = StreamSubscription(
            table_name=table,
            entry=ENTRY,
            batch_size=options.get("batch_size", 10),
            maximum_retry_attempts=options.get("maximum_retry_attempts", 1),
            timeout_seconds=options.get("timeout_seconds", 5),
            bisect_on_error=bool(options.get("bisect_on_error", False)),
        )
        self.ledger = ledger or StreamLedger()
        self._functions = Functions(lambda _entry: self._open(receive), lambda _span: None)
        self._streams = Streams([subscription], self.ledger, self._functions, SystemClock(), lambda: None)

    @asynccontextmanager
    async def _open(self, receive: Receive) -> AsyncIterator[Receive]:
        yield receive

    async def __aenter__(self) -> Streams:
        self._task = asyncio.create_task(self._streams.run())
        return self._streams

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._functions.close()


class Batches(list[list[dict[str, Any]]]):
    """The batches that a function was given."""

    async def __call__(self, event: dict[str, Any]) -> None:
        self.append(event["Records"])

    @property
    def records(self) -> list[dict[str, Any]]:
        return [record for batch in self for record in batch]


async def test_a_change_is_delivered_as_lambda_documents_it(items: Items, table: str) -> None:
    items.put(table, {"id": {"S": "a"}, "binary": {"B": "AP8="}, "list": {"L": [{"N": "1"}]}})
    items.set(table, {"id": {"S": "a"}}, "2")
    items.delete(table, {"id": {"S": "a"}})
    received = Batches()
    async with Delivery(table, received):
        await until(lambda: len(received.records) == 3)
    put = {"id": {"S": "a"}, "binary": {"B": "AP8="}, "list": {"L": [{"N": "1"}]}}
    updated = {**put, "n": {"N": "2"}}
    first, second, third = (record["dynamodb"] for record in received.records)
    assert [record["eventName"] for record in received.records] == ["INSERT", "MODIFY", "REMOVE"]
    assert (first["Keys"], first["NewImage"], "OldImage" in first) == ({"id": {"S": "a"}}, put, False)
    assert (second["OldImage"], second["NewImage"]) == (put, updated)
    assert (third["OldImage"], "NewImage" in third) == (updated, False)
    assert first["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert int(first["SequenceNumber"]) < int(second["SequenceNumber"]) < int(third["SequenceNumber"])
    assert isinstance(first["ApproximateCreationDateTime"], float)
    for record in received.records:
        assert record["eventSource"] == "aws:dynamodb"
        assert record["awsRegion"] == REGION
        assert record["eventSourceARN"].startswith(f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{table}/stream/")
    assert len({record["eventID"] for record in received.records}) == 3


async def test_a_function_is_told_that_an_item_expired(items: Items, table: str) -> None:
    received = Batches()
    items.put(table, {"id": {"S": "a"}, "until": {"N": str(int(time.time()) - 10)}})
    items.put(table, {"id": {"S": "b"}, "until": {"N": str(int(time.time()) + 3600)}})
    items.expire(table, "until")
    async with Delivery(table, received):
        await until(lambda: len(received.records) == 3)
    assert [record.get("userIdentity") for record in received.records] == [
        None,
        None,
        {"principalId": "dynamodb.amazonaws.com", "type": "Service"},
    ]


async def test_a_write_that_changes_nothing_makes_no_record(items: Items, table: str) -> None:
    received = Batches()
    for text in ("x", "x", "y"):
        items.put(table, {"id": {"S": "a"}, "text": {"S": text}})
    async with Delivery(table, received):
        await until(lambda: len(received.records) == 2)
    assert [record["eventName"] for record in received.records] == ["INSERT", "MODIFY"]


async def test_an_update_that_creates_an_item_makes_one_record(items: Items, table: str) -> None:
    received = Batches()
    items.set(table, {"id": {"S": "a"}}, "2")
    async with Delivery(table, received):
        await until(lambda: len(received.records) > 0)
    assert [record["eventName"] for record in received.records] == ["INSERT"]
    assert received.records[0]["dynamodb"]["NewImage"] == {"id": {"S": "a"}, "n": {"N": "2"}}


async def test_records_come_in_order_and_in_batches_of_the_subscribed_size(items: Items, table: str) -> None:
    received = Batches()
    async with Delivery(table, received, batch_size=4) as streams:
        for number in range(1000):
            items.put(table, {"id": {"S": str(number)}})
        streams.wake()
        await until(lambda: len(received.records) == 1000)
    assert [record["dynamodb"]["Keys"]["id"]["S"] for record in received.records] == [str(n) for n in range(1000)]
    assert max(len(batch) for batch in received) == 4


async def test_a_failed_batch_is_tried_again_before_the_next(items: Items, table: str) -> None:
    received = Batches()

    async def fail_once(event: dict[str, Any]) -> None:
        await received(event)
        if len(received) == 1:
            raise RuntimeError("S3 is not there")

    for number in range(2):
        items.put(table, {"id": {"S": str(number)}})
    delivery = Delivery(table, fail_once, batch_size=1)
    async with delivery:
        await until(lambda: len(received) == 3)
    assert [batch[0]["dynamodb"]["Keys"]["id"]["S"] for batch in received] == ["0", "0", "1"]
    assert not delivery.ledger.dead_letters


async def test_what_fails_to_the_end_is_a_dead_letter_and_the_next_is_delivered(items: Items, table: str) -> None:
    received = Batches()

    async def fail_for_zero(event: dict[str, Any]) -> None:
        await received(event)
        if event["Records"][0]["dynamodb"]["Keys"]["id"]["S"] == "0":
            raise RuntimeError("never")

    for number in range(2):
        items.put(table, {"id": {"S": str(number)}})
    delivery = Delivery(table, fail_for_zero, batch_size=1, maximum_retry_attempts=2)
    async with delivery:
        await until(lambda: len(received) == 4)
    (letter,) = delivery.ledger.dead_letters.values()
    assert (letter["entry"], letter["tableName"], letter["attempts"]) == (ENTRY, table, 3)
    assert letter["error"] == "RuntimeError: never"
    assert letter["records"] == received[0]


async def test_a_bad_record_is_found_by_halving_the_batch(items: Items, table: str) -> None:
    delivered = Batches()

    async def fail_for_two(event: dict[str, Any]) -> None:
        if any(record["dynamodb"]["Keys"]["id"]["S"] == "2" for record in event["Records"]):
            raise RuntimeError("never")
        await delivered(event)

    for number in range(5):
        items.put(table, {"id": {"S": str(number)}})
    delivery = Delivery(table, fail_for_two, maximum_retry_attempts=0, bisect_on_error=1)
    async with delivery:
        await until(lambda: len(delivered.records) == 4)
    assert [record["dynamodb"]["Keys"]["id"]["S"] for record in delivered.records] == ["0", "1", "3", "4"]
    (letter,) = delivery.ledger.dead_letters.values()
    assert [record["dynamodb"]["Keys"]["id"]["S"] for record in letter["records"]] == ["2"]


async def test_a_function_that_is_too_slow_has_failed(items: Items, table: str) -> None:
    async def hang(_event: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    items.put(table, {"id": {"S": "0"}})
    delivery = Delivery(table, hang, timeout_seconds=1, maximum_retry_attempts=0)
    async with delivery:
        await until(lambda: len(delivery.ledger.dead_letters) == 1)
    (letter,) = delivery.ledger.dead_letters.values()
    assert letter["error"] == "FunctionTimeoutError: Task timed out after 1.00 seconds"


async def test_delivery_goes_on_where_it_was(items: Items, table: str) -> None:
    first, second = Batches(), Batches()
    ledger = StreamLedger()
    items.put(table, {"id": {"S": "0"}})
    async with Delivery(table, first, ledger):
        await until(lambda: len(first.records) == 1 and bool(ledger.next_numbers))
    items.put(table, {"id": {"S": "1"}})
    async with Delivery(table, second, ledger):
        await until(lambda: len(second.records) == 1)
    assert second.records[0]["dynamodb"]["Keys"] == {"id": {"S": "1"}}


async def test_what_was_interrupted_is_delivered_again(items: Items, table: str) -> None:
    started = asyncio.Event()

    async def hang(_event: dict[str, Any]) -> None:
        started.set()
        await asyncio.Event().wait()

    ledger, received = StreamLedger(), Batches()
    items.put(table, {"id": {"S": "0"}})
    async with Delivery(table, hang, ledger):
        await started.wait()
    async with Delivery(table, received, ledger):
        await until(lambda: len(received.records) == 1)


async def test_delivered_records_are_trimmed_and_numbers_go_on(items: Items, table: str) -> None:
    received = Batches()
    async with Delivery(table, received, batch_size=100) as streams:
        for number in range(500):
            items.put(table, {"id": {"S": str(number)}})
        streams.wake()
        await until(lambda: len(received.records) == 500)
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[table].stream_shard
        assert shard is not None
        assert len(shard.items) == 200
        items.put(table, {"id": {"S": "last"}})
        streams.wake()
        await until(lambda: len(received.records) == 501)
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in received.records]
    assert numbers == list(range(numbers[0], numbers[0] + 501))
