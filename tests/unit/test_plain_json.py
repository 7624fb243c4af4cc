"""The client of DynamoDB: what it sends, and that it reads what the SDK would."""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aioboto3
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from botocore.exceptions import ClientError

from server.aws.clients import open_clients
from server.settings import STORES, read_settings

KEY = {"userId": {"S": "u"}, "guitarId": {"S": "g"}}
ITEM = KEY | {
    "text": {"S": "é🎸"},
    "number": {"N": "12345678901234567890.1"},
    "nothing": {"NULL": True},
    "map": {"M": {"list": {"L": [{"BOOL": False}, {"S": ""}, {"L": []}, {"M": {}}]}}},
}


class Endpoint:
    """A DynamoDB that gives prepared answers in turn, and keeps what it is sent."""

    def __init__(self, *answers: web.Response) -> None:
        self._answers = iter(answers)
        self.requests: list[web.Request] = []
        self.bodies: list[dict[str, Any]] = []

    async def answer(self, request: web.Request) -> web.Response:
        """The next answer."""
        self.requests.append(request)
        self.bodies.append(await request.json())
        return next(self._answers)


def answer(value: Any, status: int = 200, checksum: int | None = None) -> web.Response:
    """An answer as DynamoDB gives it."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    headers = {} if checksum is None else {"x-amz-crc32": str(checksum)}
    return web.Response(status=status, body=body, headers=headers, content_type="application/x-amz-json-1.0")


@asynccontextmanager
async def opened(endpoint: Endpoint, plain: bool = True) -> AsyncIterator[Any]:
    """The client of ours, or one as the SDK comes, at an endpoint."""
    app = web.Application()
    app.router.add_post("/", endpoint.answer)
    async with TestServer(app) as server:
        session = aioboto3.Session(
            aws_access_key_id="of-a-test", aws_secret_access_key="of-a-test", region_name="eu-central-1"
        )
        url = str(server.make_url("/"))
        if plain:
            settings = read_settings(dict.fromkeys(STORES, "any") | {"AWS_REGION": "eu-central-1"}, STORES)
            with pytest.MonkeyPatch.context() as environment:
                environment.setenv("AWS_ENDPOINT_URL", url)
                async with open_clients(settings, session, ["dynamodb"]) as clients:
                    yield clients.dynamodb
        else:
            async with session.client("dynamodb", endpoint_url=url) as client:
                yield client


async def read_twice(response: Any) -> tuple[Any, Any]:
    """The same answer, read by the client of ours and by one as the SDK comes."""
    found = []
    for plain in (True, False):
        async with opened(Endpoint(answer(response)), plain) as client:
            given = await client.query(TableName="t", KeyConditionExpression="any")
            found.append({name: value for name, value in given.items() if name != "ResponseMetadata"})
    return found[0], found[1]


@pytest.mark.parametrize(
    "response",
    [
        {"Items": [ITEM, ITEM], "Count": 2, "ScannedCount": 7, "LastEvaluatedKey": KEY},
        {"Items": [], "Count": 0, "ScannedCount": 0},
        {},
    ],
)
async def test_answers_are_read_as_the_sdk_reads_them(response: dict[str, Any]) -> None:
    ours, stock = await read_twice(response)

    assert ours == stock == response


async def test_parameters_are_sent_as_they_stand() -> None:
    endpoint = Endpoint(answer({}))
    async with opened(endpoint) as client:
        await client.put_item(TableName="t", Item=ITEM, ConditionExpression="attribute_not_exists(userId)")

    assert endpoint.bodies == [{"TableName": "t", "Item": ITEM, "ConditionExpression": "attribute_not_exists(userId)"}]


async def test_a_batch_is_sent_too() -> None:
    endpoint = Endpoint(answer({"UnprocessedItems": {}}))
    async with opened(endpoint) as client:
        await client.batch_write_item(RequestItems={"t": [{"PutRequest": {"Item": ITEM}}]})

    assert endpoint.bodies == [{"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}]}}]


async def test_the_second_try_of_a_transaction_carries_the_token_of_the_first() -> None:
    endpoint = Endpoint(answer({}, status=500), answer({}))
    async with opened(endpoint) as client:
        await client.transact_write_items(TransactItems=[{"Put": {"TableName": "t", "Item": ITEM}}])

    first, second = endpoint.bodies
    assert first == second
    assert len(first.pop("ClientRequestToken")) == 36
    assert first == {"TransactItems": [{"Put": {"TableName": "t", "Item": ITEM}}]}


async def test_an_error_keeps_its_code_and_the_item_that_it_shows() -> None:
    refused = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "Item": ITEM}
    async with opened(Endpoint(answer(refused, status=400))) as client:
        with pytest.raises(ClientError) as raised:
            await client.put_item(TableName="t", Item=ITEM)

    response: Any = raised.value.response
    assert response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert response["Item"] == ITEM


async def test_an_answer_that_was_damaged_on_its_way_is_asked_for_again() -> None:
    checksum = zlib.crc32(json.dumps({"Item": ITEM}).encode())
    damaged = answer(b'{"Item": {"userId', checksum=checksum)
    endpoint = Endpoint(damaged, answer({"Item": ITEM}, checksum=checksum))
    async with opened(endpoint) as client:
        given = await client.get_item(TableName="t", Key=KEY)

    assert given["Item"] == ITEM
    assert len(endpoint.requests) == 2


async def test_what_dynamodb_refuses_is_refused_by_dynamodb() -> None:
    refused = {"__type": "com.amazon.coral.validate#ValidationException", "message": "1 validation error detected"}
    async with opened(Endpoint(answer(refused, status=400))) as client:
        with pytest.raises(ClientError, match="1 validation error detected"):
            await client.get_item(TableName="t")


async def test_requests_name_the_app_and_the_sdk() -> None:
    endpoint = Endpoint(answer({"Item": ITEM}))
    async with opened(endpoint) as client:
        await client.get_item(TableName="t", Key=KEY)

    [request] = endpoint.requests
    assert request.headers["User-Agent"].startswith("guitar-collection aiobotocore/")
