import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.dynamodb.sources import TTL, api, guide
from tests.emulation.dynamodb.tables import Tables, number
from tests.emulation.refusals import refused
from tests.eventually import wait_until


class Expiring:
    """A table whose items live as long as their attribute `until` says, with a stream."""

    def __init__(self, aws: AwsEndpoint) -> None:
        self.dynamodb = aws.client("dynamodb")
        self._streams = aws.client("dynamodbstreams")
        self.name = f"expiring-{uuid4()}"
        table = self.dynamodb.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )["TableDescription"]
        self._stream = table["LatestStreamArn"]
        self.set_ttl(enabled=True)

    def set_ttl(self, enabled: bool, name: str = "until") -> None:
        specification = {"Enabled": enabled, "AttributeName": name}
        self.dynamodb.update_time_to_live(TableName=self.name, TimeToLiveSpecification=specification)

    def put(self, until: dict[str, Any]) -> dict[str, Any]:
        key = {"pk": {"S": str(uuid4())}}
        self.dynamodb.put_item(TableName=self.name, Item={**key, "until": until})
        return key

    def is_there(self, key: dict[str, Any]) -> bool:
        return "Item" in self.dynamodb.get_item(TableName=self.name, Key=key, ConsistentRead=True)

    def removals(self, key: dict[str, Any]) -> list[dict[str, Any]]:
        [shard] = self._streams.describe_stream(StreamArn=self._stream)["StreamDescription"]["Shards"]
        iterator = self._streams.get_shard_iterator(
            StreamArn=self._stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records = self._streams.get_records(ShardIterator=iterator)["Records"]
        return [one for one in records if one["eventName"] == "REMOVE" and one["dynamodb"]["Keys"] == key]


@pytest.fixture(scope="module")
def expiring(aws: AwsEndpoint) -> Expiring:
    return Expiring(aws)


def in_seconds(seconds: int) -> dict[str, str]:
    return number(int(time.time()) + seconds)


@pytest.mark.aws("an item is deleted after the time that its attribute says, with a stream record by the service", TTL)
def test_an_expired_item_is_deleted_by_the_service(aws: AwsEndpoint, expiring: Expiring) -> None:
    hour, day = expiring.put(in_seconds(3600)), expiring.put(in_seconds(86_400))
    aws.advance(3500)
    assert expiring.is_there(hour)
    aws.advance(101)
    wait_until(lambda: not expiring.is_there(hour))
    [record] = expiring.removals(hour)
    assert record["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    assert expiring.is_there(day)


@pytest.mark.aws("an item deleted by a request has a stream record without identity", guide("time-to-live-ttl-streams"))
def test_a_deleted_item_has_no_identity(expiring: Expiring) -> None:
    key = expiring.put(in_seconds(3600))
    expiring.dynamodb.delete_item(TableName=expiring.name, Key=key)
    [record] = expiring.removals(key)
    assert "userIdentity" not in record


@pytest.mark.aws("a time that is no number, or more than five years past, is no time to live", TTL)
def test_what_is_no_time_to_live_keeps_the_item(aws: AwsEndpoint, expiring: Expiring) -> None:
    kept = [expiring.put({"S": "1"}), expiring.put({"N": "1"}), expiring.put(in_seconds(-6 * 365 * 86_400))]
    gone = expiring.put(in_seconds(-10))
    wait_until(lambda: not expiring.is_there(gone))
    assert all(expiring.is_there(key) for key in kept)


@pytest.mark.aws("a change of other attributes does not prolong a life", TTL)
def test_an_update_does_not_prolong_a_life(aws: AwsEndpoint, expiring: Expiring) -> None:
    key = expiring.put(in_seconds(3600))
    aws.advance(3000)
    expiring.dynamodb.update_item(
        TableName=expiring.name, Key=key, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": {"S": "x"}}
    )
    aws.advance(700)
    wait_until(lambda: not expiring.is_there(key))


@pytest.mark.aws("time to live is turned on and off once, and described", api("UpdateTimeToLive"))
def test_time_to_live_is_turned_on_and_off(aws: AwsEndpoint) -> None:
    table = Expiring(aws)
    with refused("ValidationException", "TimeToLive is already enabled"):
        table.set_ttl(enabled=True)
    described = table.dynamodb.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}
    table.set_ttl(enabled=False)
    with refused("ValidationException", "TimeToLive is already disabled"):
        table.set_ttl(enabled=False)


@pytest.fixture
def lagging(tmp_path: Path) -> Iterator[CloudProcess]:
    """The local AWS, its indexes a second behind."""
    process = CloudProcess(tmp_path, INDEX_LAG_MS="1000")
    yield process.wait_until_ready()
    process.stop()


def test_an_index_sees_a_write_after_its_lag(lagging: CloudProcess) -> None:
    tables = Tables(lagging.client("dynamodb"))
    tables.create()
    key = {**tables.new_key(), "sk": {"S": "a"}}

    def count(label: str) -> int:
        found = tables.dynamodb.query(
            TableName=tables.sorted,
            IndexName="by_label",
            KeyConditionExpression="label = :l",
            ExpressionAttributeValues={":l": {"S": label}},
        )
        return int(found["Count"])

    def count_all() -> int:
        return int(tables.dynamodb.scan(TableName=tables.sorted, IndexName="by_label")["Count"])

    def is_seen_late() -> bool:
        """Whether each of three writes was seen after a while; not if this took so long that it was seen at once."""
        tables.put({**key, "label": {"S": "first"}}, tables.sorted)
        created = count("first")
        assert tables.read(key, tables.sorted) is not None
        wait_until(lambda: count("first"))
        tables.put({**key, "label": {"S": "second"}}, tables.sorted)
        changed = count("first"), count("second")
        wait_until(lambda: count("second"))
        assert count("first") == 0
        tables.dynamodb.delete_item(TableName=tables.sorted, Key=key)
        deleted = count("second"), count_all()
        wait_until(lambda: not count_all())
        assert count("second") == 0
        return (created, changed, deleted) == (0, (1, 0), (1, 1))

    wait_until(is_seen_late)
