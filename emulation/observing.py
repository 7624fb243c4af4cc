"""Tells the request log what the API did: its spans, around the app and from the gateway's observations."""

import json
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from aiohttp import web

from emulation.logical_ids import AUTHORIZER, logical_id
from emulation.redaction import kept_headers, redact_body, redact_target
from emulation.tracing import TRACE_HEADER, UNRECORDED, new_trace_id, read_trace_id, tracing
from server.gateway.observation import Authorization, Observation

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Report = Callable[[dict[str, Any]], None]
HEALTH_PREFIX = "/_api/"


class _Visit:
    """A request on its way through the app, and what the gateway says about it."""

    def __init__(self) -> None:
        self.observation: Observation | None = None


_visit: ContextVar[_Visit | None] = ContextVar("visit", default=None)


def observe(observation: Observation) -> None:
    """Keep an observation for the span of the request under way."""
    visit = _visit.get()
    if visit is not None:
        visit.observation = observation


def report_spans(app: web.Application, report: Report) -> None:
    """Have every request to the app reported."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(HEALTH_PREFIX):
            with tracing(UNRECORDED):
                return await handler(request)
        trace_id = read_trace_id(request.headers.get(TRACE_HEADER)) or new_trace_id()
        visit = _Visit()
        token = _visit.set(visit)
        started_at, begun = time.time(), time.perf_counter()
        try:
            with tracing(trace_id):
                response = await handler(request)
        finally:
            _visit.reset(token)
        if trace_id != UNRECORDED:
            span = {"part": "api", "traceId": trace_id, "startedAt": started_at, "ms": _milliseconds(begun)}
            report(span | await _describe(request, response, visit.observation))
        return response

    app.middlewares.insert(0, middleware)


async def _describe(
    request: web.Request,
    response: web.StreamResponse,
    observation: Observation | None,
) -> dict[str, Any]:
    answer = response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""
    told: dict[str, Any] = {
        "method": request.method,
        "target": redact_target(request.raw_path),
        "status": response.status,
        "requestBytes": request.content_length or 0,
        "responseBytes": len(answer),
        "headers": kept_headers(request.headers),
    }
    if response.status >= 400:
        told |= _read_error(answer)
    if observation is not None:
        told |= _describe_observation(observation)
        if observation.integration_seconds is not None:
            # The gateway has read it.
            body = await request.read()
            told |= {"requestBytes": len(body), "body": redact_body(body)}
    return told


def _describe_observation(observation: Observation) -> dict[str, Any]:
    function = logical_id(observation.route.function)
    functions: dict[str, float] = {}
    authorizer: dict[str, Any] = {"result": observation.authorization}
    if observation.authorizer_seconds is not None:
        authorizer["ms"] = _rounded(observation.authorizer_seconds)
        if observation.authorization in (Authorization.MISS, Authorization.FAILED):
            functions[AUTHORIZER] = authorizer["ms"]
    if "errorCode" in observation.context:
        authorizer["errorCode"] = observation.context["errorCode"]
    if observation.integration_seconds is not None:
        functions[function] = _rounded(observation.integration_seconds)
    return {
        "route": observation.route.key,
        "operation": observation.route.operation_id,
        "function": function,
        "functions": functions,
        "authorizer": authorizer,
        "userId": str(observation.context.get("userId", "")),
        "timedOut": observation.timed_out,
    }


def _read_error(answer: bytes) -> dict[str, Any]:
    """The code and the message of an error of the API, or of the gateway; fields that are wrong by their names."""
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    error = told.get("error", told) if isinstance(told, dict) else {}
    fields = [str(detail.get("field")) for detail in error.get("details", [])]
    return {
        "errorCode": error.get("code", ""),
        "errorMessage": error.get("message", ""),
        **({"errorFields": fields} if fields else {}),
    }


def _milliseconds(begun: float) -> float:
    return _rounded(time.perf_counter() - begun)


def _rounded(seconds: float) -> float:
    return round(seconds * 1000, 3)
