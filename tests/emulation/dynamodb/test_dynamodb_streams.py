from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.dynamodb.sources import STREAMS, api
from tests.emulation.dynamodb.tables import number
from tests.emulation.refusals import refused


class Streamed:
    """A table with a stream of both images."""

    def __init__(self, aws: AwsEndpoint) -> None:
        self.dynamodb = aws.client("dynamodb")
        self._streams = aws.client("dynamodbstreams")
        self.name = f"streamed-{uuid4()}"
        self._stream = self.dynamodb.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )["TableDescription"]["LatestStreamArn"]

    def put(self, item: dict[str, Any]) -> None:
        self.dynamodb.put_item(TableName=self.name, Item=item)

    def records(self) -> list[dict[str, Any]]:
        [shard] = self._streams.describe_stream(StreamArn=self._stream)["StreamDescription"]["Shards"]
        iterator = self._streams.get_shard_iterator(
            StreamArn=self._stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found: list[dict[str, Any]] = self._streams.get_records(ShardIterator=iterator)["Records"]
        return found

    def events(self) -> list[str]:
        return [record["eventName"] for record in self.records()]


@pytest.fixture
def streamed(aws: AwsEndpoint) -> Streamed:
    return Streamed(aws)


@pytest.mark.aws("a stream holds the item before and after each change, in order", STREAMS)
def test_a_stream_holds_both_images(streamed: Streamed) -> None:
    first = {"pk": {"S": "a"}, "binary": {"L": [{"B": b"\x00\xff"}]}}
    second = {"pk": {"S": "a"}, "n": number(2)}
    streamed.put(first)
    streamed.put(second)
    streamed.dynamodb.delete_item(TableName=streamed.name, Key={"pk": {"S": "a"}})
    images = [
        (record["eventName"], record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage"))
        for record in streamed.records()
    ]
    assert images == [("INSERT", None, first), ("MODIFY", first, second), ("REMOVE", second, None)]


@pytest.mark.aws("a write that changes nothing makes no stream record", STREAMS)
def test_a_write_that_changes_nothing_makes_no_record(streamed: Streamed) -> None:
    for value in (1, 1, 2):
        streamed.put({"pk": {"S": "a"}, "n": number(value)})
    streamed.dynamodb.delete_item(TableName=streamed.name, Key={"pk": {"S": "never"}})
    assert streamed.events() == ["INSERT", "MODIFY"]


@pytest.mark.aws("an update that creates an item makes one stream record", STREAMS)
def test_an_update_that_creates_an_item_makes_one_record(streamed: Streamed) -> None:
    streamed.dynamodb.update_item(
        TableName=streamed.name,
        Key={"pk": {"S": "a"}},
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": number(1)},
    )
    [record] = streamed.records()
    assert (record["eventName"], record["dynamodb"]["NewImage"]) == ("INSERT", {"pk": {"S": "a"}, "n": number(1)})


@pytest.mark.aws("a cancelled transaction makes no stream record", STREAMS)
def test_a_cancelled_transaction_makes_no_record(streamed: Streamed) -> None:
    put = {"TableName": streamed.name, "Item": {"pk": {"S": "a"}}}
    failing = {**put, "Item": {"pk": {"S": "b"}}, "ConditionExpression": "attribute_exists(pk)"}
    with refused("TransactionCanceledException"):
        streamed.dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"Put": failing}])
    assert streamed.events() == []


@pytest.mark.aws("a record's size is the bytes of its keys and images", api("streams_StreamRecord"))
def test_a_records_size_is_that_of_its_images(streamed: Streamed) -> None:
    streamed.put({"pk": {"S": "abc"}, "text": {"S": "12345"}})
    [record] = streamed.records()
    assert record["dynamodb"]["SizeBytes"] == len("pkabc") + len("pkabctext12345")


@pytest.mark.aws("PartiQL statements read and write the same items by the same rules", api("ExecuteStatement"))
def test_partiql_reads_and_writes_the_same_items(streamed: Streamed) -> None:
    def execute(statement: str) -> Any:
        named = statement.replace("TABLE", f'"{streamed.name}"')
        return streamed.dynamodb.execute_statement(Statement=named)["Items"]

    execute("INSERT INTO TABLE VALUE {'pk': 'a', 'n': 1}")
    assert execute("SELECT * FROM TABLE WHERE pk = 'a'") == [{"pk": {"S": "a"}, "n": number(1)}]
    with refused("ValidationException"):
        execute("INSERT INTO TABLE VALUE {'pk': 1}")
    execute("DELETE FROM TABLE WHERE pk = 'a'")
    assert "Item" not in streamed.dynamodb.get_item(TableName=streamed.name, Key={"pk": {"S": "a"}})
    assert streamed.events() == ["INSERT", "REMOVE"]
