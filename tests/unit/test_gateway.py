"""The parts of the HTTP API's twin that depend on time or on a failing authorizer."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from emulation.clock import AgeingClock
from server.app import GatewayLimits, create_app
from server.gateway.authorizer_cache import AuthorizerCache
from server.gateway.cors import CorsRules
from server.gateway.throttle import Throttle
from server.requests import Request, Response
from server.routes import Route

AUTHORIZERS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"
QUOTAS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
THROTTLING = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"
LAMBDA_ERRORS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html"
CORS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"


@pytest.mark.aws("A stage's throttle is a token bucket: a burst at once, then a rate.", THROTTLING)
def test_a_throttle_lets_its_burst_through_and_refills_at_its_rate() -> None:
    now = 100.0
    throttle = Throttle(rate=10, burst=3, seconds=lambda: now)

    assert [throttle.admit() for _ in range(4)] == [True, True, True, False]
    now += 0.125
    assert [throttle.admit() for _ in range(2)] == [True, False]
    now += 60
    assert [throttle.admit() for _ in range(4)] == [True, True, True, False]


class Decisions:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = False

    async def decide(self, identity: str) -> dict[str, Any]:
        self.asked.append(identity)
        if self.fails:
            raise ConnectionError
        return {"context": {"userId": identity}}


@pytest.mark.aws("A decision of the authorizer is kept by identity source for its time to live.", AUTHORIZERS)
async def test_a_decision_is_kept_for_its_time_by_identity() -> None:
    clock, decisions = AgeingClock(), Decisions()
    cache = AuthorizerCache(decisions.decide, clock, timedelta(seconds=300))

    asked, kept = await cache.decide("a"), await cache.decide("a")
    assert asked.answer == kept.answer
    assert (asked.was_kept, kept.was_kept) == (False, True)
    await cache.decide("b")
    assert decisions.asked == ["a", "b"]
    clock.advance(240)
    await cache.decide("a")
    assert decisions.asked == ["a", "b"]
    clock.advance(60)
    await cache.decide("a")
    assert decisions.asked == ["a", "b", "a"]


@pytest.mark.aws("A failure of the authorizer is answered with 500 and not kept.", LAMBDA_ERRORS)
async def test_a_failure_of_the_authorizer_is_not_kept() -> None:
    decisions = Decisions()
    cache = AuthorizerCache(decisions.decide, AgeingClock(), timedelta(seconds=300))
    decisions.fails = True
    with pytest.raises(ConnectionError):
        await cache.decide("a")
    decisions.fails = False

    assert (await cache.decide("a")).answer == {"context": {"userId": "a"}}


class StubAuthorizer:
    """Answers what the test says: a policy, or an exception."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def authorize(self, event: dict[str, Any]) -> dict[str, Any]:
        self.asked += event["identitySource"]
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def policy(effect: str) -> dict[str, Any]:
    return {"policyDocument": {"Statement": [{"Effect": effect}]}, "context": {"userId": "u"}}


async def answer_ok(route: Route, request: Request) -> Response:
    return Response(200, b"{}")


async def answer_never(route: Route, request: Request) -> Response:
    raise TimeoutError


async def answer_by_failing(route: Route, request: Request) -> Response:
    raise RuntimeError("the function has ended")


def app(
    authorizer: StubAuthorizer, integration: Any = answer_ok, limits: GatewayLimits | None = None
) -> web.Application:
    return create_app(integration, authorizer.authorize, AgeingClock(), CorsRules(("http://site.example",)), limits)


@pytest.mark.parametrize(
    ("authorizer", "integration", "status", "message"),
    [
        pytest.param(
            StubAuthorizer(policy("Deny")),
            answer_ok,
            403,
            "Forbidden",
            marks=pytest.mark.aws("A policy that denies is answered with 403 Forbidden.", AUTHORIZERS),
        ),
        pytest.param(
            StubAuthorizer(ConnectionError()),
            answer_ok,
            500,
            "Internal Server Error",
            marks=pytest.mark.aws("An authorizer that fails is a 500 Internal Server Error.", LAMBDA_ERRORS),
        ),
        pytest.param(
            StubAuthorizer(policy("Allow")),
            answer_by_failing,
            500,
            "Internal Server Error",
            marks=pytest.mark.aws("A function that fails is a 500 Internal Server Error.", LAMBDA_ERRORS),
        ),
        pytest.param(
            StubAuthorizer(policy("Allow")),
            answer_never,
            503,
            "Service Unavailable",
            marks=pytest.mark.aws("An integration that takes longer than 30 s is a 503 Service Unavailable.", QUOTAS),
        ),
    ],
    ids=["a deny", "an authorizer that fails", "a function that fails", "an integration that takes too long"],
)
async def test_the_gateway_answers_in_its_own_words(
    aiohttp_client: AiohttpClient, authorizer: StubAuthorizer, integration: Any, status: int, message: str
) -> None:
    client = await aiohttp_client(app(authorizer, integration))

    answer = await client.get("/guitars", headers={"Authorization": "Bearer x", "Origin": "http://site.example"})

    assert (answer.status, await answer.json()) == (status, {"message": message})
    assert answer.headers["Access-Control-Allow-Origin"] == "http://site.example"


@pytest.mark.aws("Requests above the throttle are answered with 429 Too Many Requests.", THROTTLING)
async def test_more_requests_than_the_throttle_lets_through_are_too_many(aiohttp_client: AiohttpClient) -> None:
    limits = GatewayLimits(requests_per_second=0.001, burst=1)
    client = await aiohttp_client(app(StubAuthorizer(policy("Allow")), limits=limits))

    first = await client.get("/guitars", headers={"Authorization": "Bearer x"})
    second = await client.get("/guitars", headers={"Authorization": "Bearer x"})

    assert first.status == 200
    assert (second.status, await second.json()) == (429, {"message": "Too Many Requests"})


@pytest.mark.aws("Without the identity source it is 401 Unauthorized, and the authorizer is not asked.", AUTHORIZERS)
@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}])
async def test_the_authorizer_is_not_asked_without_an_identity_source(
    aiohttp_client: AiohttpClient, headers: dict[str, str]
) -> None:
    authorizer = StubAuthorizer(policy("Allow"))
    client = await aiohttp_client(app(authorizer))

    answer = await client.get("/guitars", headers=headers)

    assert (answer.status, await answer.json(), authorizer.asked) == (401, {"message": "Unauthorized"}, [])


@pytest.mark.aws("A cached policy is used for every route of the API that has the authorizer.", AUTHORIZERS)
async def test_a_kept_decision_counts_for_all_routes(aiohttp_client: AiohttpClient) -> None:
    authorizer = StubAuthorizer(policy("Allow"))
    client = await aiohttp_client(app(authorizer))

    for path in ("/guitars", "/user/profile", "/guitars/brands"):
        assert (await client.get(path, headers={"Authorization": "Bearer x"})).status == 200
    assert (await client.get("/guitars", headers={"Authorization": "bearer x"})).status == 200

    assert authorizer.asked == ["Bearer x", "bearer x"]


@pytest.mark.aws("With CORS configured API Gateway answers preflights itself: no authorizer, no function.", CORS)
async def test_a_preflight_reaches_neither_authorizer_nor_function(aiohttp_client: AiohttpClient) -> None:
    authorizer = StubAuthorizer(policy("Deny"))
    client = await aiohttp_client(app(authorizer, answer_by_failing))
    asked = {"Origin": "http://site.example", "Access-Control-Request-Method": "GET"}

    answer = await client.options("/guitars", headers=asked)

    assert (answer.status, await answer.read(), authorizer.asked) == (204, b"", [])
    assert answer.headers["Access-Control-Allow-Origin"] == "http://site.example"


@pytest.mark.aws("Without a Lambda authorizer on the route the function is called, token or none.", AUTHORIZERS)
async def test_a_route_without_authorizer_asks_none(aiohttp_client: AiohttpClient) -> None:
    authorizer = StubAuthorizer(policy("Deny"))
    client = await aiohttp_client(app(authorizer))

    answer = await client.post("/auth/login", headers={"Authorization": "Bearer x"})

    assert (answer.status, authorizer.asked) == (200, [])


@pytest.mark.aws("A payload above 10 MB is answered with 413 Request Entity Too Large.", QUOTAS)
async def test_a_payload_above_the_limit_never_reaches_the_function(aiohttp_client: AiohttpClient) -> None:
    client = await aiohttp_client(app(StubAuthorizer(policy("Allow")), limits=GatewayLimits(payload_bytes=10)))

    answers = [await client.post("/auth/login", data=b"x" * size) for size in (10, 11)]

    assert [answer.status for answer in answers] == [200, 413]
    assert await answers[1].json() == {"message": "Request Entity Too Large"}


async def test_who_sends_a_payload_too_slowly_loses_the_connection(aiohttp_client: AiohttpClient) -> None:
    limits = GatewayLimits(payload_seconds=0.05)
    client = await aiohttp_client(app(StubAuthorizer(policy("Allow")), answer_by_failing, limits))
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")

    with contextlib.suppress(ConnectionResetError):
        assert await asyncio.wait_for(reader.read(), 20) == b""
    writer.close()
