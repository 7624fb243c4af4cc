"""The parts of the HTTP API's twin that depend on time or on a failing authorizer."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from emulation.clock import AgeingClock
from server.app import GatewayLimits, create_app
from server.authorizer import Authorizer
from server.gateway.authorizer_cache import AuthorizerCache
from server.gateway.cors import CorsRules
from server.gateway.throttle import Throttle
from server.requests import Request, Response
from server.routes import Route


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


async def test_a_decision_is_kept_for_its_time_by_identity() -> None:
    clock, decisions = AgeingClock(), Decisions()
    cache = AuthorizerCache(decisions.decide, clock, timedelta(seconds=300))

    assert await cache.decide("a") == await cache.decide("a")
    await cache.decide("b")
    assert decisions.asked == ["a", "b"]
    clock.advance(295)
    await cache.decide("a")
    assert decisions.asked == ["a", "b"]
    clock.advance(6)
    await cache.decide("a")
    assert decisions.asked == ["a", "b", "a"]


async def test_a_failure_of_the_authorizer_is_not_kept() -> None:
    decisions = Decisions()
    cache = AuthorizerCache(decisions.decide, AgeingClock(), timedelta(seconds=300))
    decisions.fails = True
    with pytest.raises(ConnectionError):
        await cache.decide("a")
    decisions.fails = False

    assert await cache.decide("a") == {"context": {"userId": "a"}}


class StubAuthorizer(Authorizer):
    """Answers what the test says: a policy, or an exception."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer

    def authorize(self, event: Any) -> dict[str, Any]:  # noqa: ARG002
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def policy(effect: str) -> dict[str, Any]:
    return {"policyDocument": {"Statement": [{"Effect": effect}]}, "context": {"userId": "u"}}


async def answer_ok(route: Route, request: Request) -> Response:
    return Response(200, b"{}")


async def answer_never(route: Route, request: Request) -> Response:
    raise TimeoutError


def app(authorizer: Authorizer, integration: Any = answer_ok, limits: GatewayLimits | None = None) -> web.Application:
    return create_app(integration, authorizer, AgeingClock(), CorsRules(("http://site.example",)), limits)


@pytest.mark.parametrize(
    ("authorizer", "integration", "status", "message"),
    [
        (StubAuthorizer(policy("Deny")), answer_ok, 403, "Forbidden"),
        (StubAuthorizer(ConnectionError()), answer_ok, 500, "Internal Server Error"),
        (StubAuthorizer(policy("Allow")), answer_never, 503, "Service Unavailable"),
    ],
    ids=["a deny", "an authorizer that fails", "an integration that takes too long"],
)
async def test_the_gateway_answers_in_its_own_words(
    aiohttp_client: AiohttpClient, authorizer: Authorizer, integration: Any, status: int, message: str
) -> None:
    client = await aiohttp_client(app(authorizer, integration))

    answer = await client.get("/guitars", headers={"Authorization": "Bearer x", "Origin": "http://site.example"})

    assert (answer.status, await answer.json()) == (status, {"message": message})
    assert answer.headers["Access-Control-Allow-Origin"] == "http://site.example"


async def test_more_requests_than_the_throttle_lets_through_are_too_many(aiohttp_client: AiohttpClient) -> None:
    limits = GatewayLimits(requests_per_second=0.001, burst=1)
    client = await aiohttp_client(app(StubAuthorizer(policy("Allow")), limits=limits))

    first = await client.get("/guitars", headers={"Authorization": "Bearer x"})
    second = await client.get("/guitars", headers={"Authorization": "Bearer x"})

    assert first.status == 200
    assert (second.status, await second.json()) == (429, {"message": "Too Many Requests"})
