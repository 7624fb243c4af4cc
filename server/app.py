"""The aiohttp app: the twin of the API Gateway HTTP API in front of the handlers."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from server.clock import Clock
from server.exact_json import encode
from server.gateway import answers
from server.gateway.answers import GatewayAnswer
from server.gateway.authorizer_cache import AuthorizerCache
from server.gateway.cors import CorsRules
from server.gateway.events import is_event_too_large, is_result_too_large
from server.gateway.observation import Authorization, Observation, Observe, observe_nothing
from server.gateway.throttle import Throttle
from server.requests import Request, Response
from server.routes import Route, bind_routes

_log = logging.getLogger("server.gateway")
# What answers a matched and authorized request; what it raises is a 500.
Integration = Callable[[Route, Request], Awaitable[Response]]
# What answers an authorizer event with an IAM policy and a context; what it raises is a 500.
Authorize = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class GatewayLimits:
    """The limits of an HTTP API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    """

    payload_bytes: int = 10 * 1024 * 1024
    requests_per_second: float = 10_000
    burst: int = 5_000
    integration_seconds: float = 30
    # AWS documents none for the payload's way in; who sends more slowly loses the connection.
    payload_seconds: float = 30
    authorizer_ttl: timedelta = timedelta(seconds=300)


class Gateway:
    """What happens to a request before and after its handler."""

    def __init__(
        self,
        integration: Integration,
        authorize: Authorize,
        clock: Clock,
        cors: CorsRules,
        limits: GatewayLimits,
        observe: Observe,
    ) -> None:
        self._integration = integration
        self._observe = observe
        self._authorize = authorize
        self._cors = cors
        self._clock = clock
        self._limits = limits
        self._throttle = Throttle(limits.requests_per_second, limits.burst, time.monotonic)
        self._decisions = AuthorizerCache(self._ask_authorizer, clock, limits.authorizer_ttl)

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Throttle, preflight and CORS headers around whatever is answered."""
        origin = request.headers.get("Origin")
        if not self._throttle.admit():
            answer: web.StreamResponse = _gateway_response(answers.TOO_MANY)
        elif request.method == "OPTIONS":
            asked = request.headers.get("Access-Control-Request-Method")
            return web.Response(status=204, headers=self._cors.preflight_headers(origin, asked))
        else:
            try:
                answer = await handler(request)
            except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
                answer = _gateway_response(answers.NOT_FOUND)
            except web.HTTPRequestEntityTooLarge:
                answer = _gateway_response(answers.TOO_LARGE)
        answer.headers.update(self._cors.answer_headers(origin))
        return answer

    async def serve(self, route: Route, request: web.Request) -> web.Response:
        """A matched route: authorizer, payload, integration."""
        seen = Observation(route)
        try:
            refusal = await self._admit(request, seen) if route.auth else None
            return _gateway_response(refusal) if refusal else await self._integrate(request, seen)
        finally:
            self._observe(seen)

    async def _admit(self, request: web.Request, seen: Observation) -> GatewayAnswer | None:
        """The authorizer's refusal, or that it cannot be asked; None when the request may go on."""
        identity = combine_headers(request).get("authorization")
        if not identity:
            seen.authorization = Authorization.NO_IDENTITY
            return answers.UNAUTHORIZED
        begun = time.perf_counter()
        try:
            decision, was_kept = await self._decisions.decide(identity)
        except Exception:
            # API Gateway answers 500 whatever the authorizer raised.
            _log.exception("the authorizer failed")
            seen.authorization = Authorization.FAILED
            return answers.INTERNAL_ERROR
        finally:
            seen.authorizer_seconds = time.perf_counter() - begun
        seen.authorization = Authorization.HIT if was_kept else Authorization.MISS
        if not _allows(decision):
            return answers.FORBIDDEN
        seen.context = decision["context"]
        return None

    async def _integrate(self, request: web.Request, seen: Observation) -> web.Response:
        try:
            async with asyncio.timeout(self._limits.payload_seconds):
                body = await request.read()
        except TimeoutError:
            seen.timed_out = True
            if request.transport is not None:
                request.transport.abort()
            return _gateway_response(answers.UNAVAILABLE)
        translated = to_request(request, body, seen.context if seen.route.auth else None)
        if is_event_too_large(seen.route, translated, self._clock.now()):
            return _gateway_response(answers.TOO_LARGE)
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(self._limits.integration_seconds):
                response = await self._integration(seen.route, translated)
        except TimeoutError:
            seen.timed_out = True
            return _gateway_response(answers.UNAVAILABLE)
        except Exception:
            _log.exception("the integration of %s failed", seen.route.key)
            return _gateway_response(answers.INTERNAL_ERROR)
        finally:
            seen.integration_seconds = time.perf_counter() - begun
        if is_result_too_large(response):
            _log.error("the answer of %s is larger than a function's result may be", seen.route.key)
            return _gateway_response(answers.INTERNAL_ERROR)
        return to_response(response)

    async def _ask_authorizer(self, identity: str) -> dict[str, Any]:
        event = {"version": "2.0", "type": "REQUEST", "identitySource": [identity]}
        return await self._authorize(event)


def create_app(
    integration: Integration,
    authorize: Authorize,
    clock: Clock,
    cors: CorsRules,
    limits: GatewayLimits | None = None,
    observe: Observe = observe_nothing,
) -> web.Application:
    """The app with every route of the table, each with a handler that can be called; `observe` is told what became of
    each matched request."""
    limits = limits or GatewayLimits()
    gateway = Gateway(integration, authorize, clock, cors, limits, observe)
    app = web.Application(middlewares=[gateway.middleware], client_max_size=limits.payload_bytes)
    app.on_response_prepare.append(_say_nothing_of_the_server)
    for route in bind_routes().values():
        # A value of the path is whatever has no slash; aiohttp's own pattern leaves out braces too.
        app.router.add_route(route.method, route.path.replace("}", ":[^/]+}"), _handler(gateway, route))
    return app


async def _say_nothing_of_the_server(_request: web.Request, response: web.StreamResponse) -> None:
    # API Gateway names no software, and aiohttp would name the version of Python too.
    response.headers.popall("Server", None)


def _handler(gateway: Gateway, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return await gateway.serve(route, request)

    return handle


def combine_headers(request: web.Request) -> dict[str, str]:
    """The headers by their lower-case names; what stands more than once is one value with commas, as on Lambda.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    return {name.lower(): ",".join(request.headers.getall(name)) for name in request.headers}


def to_request(request: web.Request, body: bytes, context: Mapping[str, Any] | None) -> Request:
    """An aiohttp request as dispatch wants it."""
    return Request(
        path=dict(request.match_info),
        query=request.rel_url.raw_query_string,
        headers=combine_headers(request),
        body=body,
        authorizer=context,
    )


def to_response(response: Response) -> web.Response:
    """An answer of dispatch for aiohttp."""
    return web.Response(status=response.status, body=response.body, headers=dict(response.headers))


def _gateway_response(answer: GatewayAnswer) -> web.Response:
    return web.Response(
        status=answer.status, body=encode({"message": answer.message}), headers={"content-type": "application/json"}
    )


def _allows(decision: dict[str, Any]) -> bool:
    return all(statement["Effect"] == "Allow" for statement in decision["policyDocument"]["Statement"])
