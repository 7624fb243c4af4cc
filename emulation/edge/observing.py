"""Tells the request log what came to the front door, and which behaviour answered it."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from emulation.edge import local_tools
from emulation.redaction import redact_target
from emulation.tracing import TRACE_HEADER, UNRECORDED, new_trace_id, read_trace_id, tracing

Serve = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
# The key of a request under which the edge notes its behaviour's path pattern; a dev server's pages have none.
BEHAVIOUR = web.RequestKey("behaviour", str)


def observed(serve: Serve, report: Callable[[dict[str, Any]], None]) -> Serve:
    """`serve`, with a span reported of each request but those of the local tools and what a dev server answered."""

    async def serve_observed(request: web.BaseRequest) -> web.StreamResponse:
        is_auth_page = request.path.startswith(local_tools.AUTH_PREFIX)
        if request.path.startswith(local_tools.PREFIX) and not is_auth_page:
            with tracing(UNRECORDED):
                return await serve(request)
        trace_id = read_trace_id(request.headers.get(TRACE_HEADER)) or new_trace_id()
        started_at, begun = time.time(), time.perf_counter()
        with tracing(trace_id):
            response = await serve(request)
        behaviour = request.get(BEHAVIOUR) or (f"{local_tools.AUTH_PREFIX}*" if is_auth_page else "")
        if trace_id != UNRECORDED and (behaviour or response.status >= 400):
            milliseconds = round((time.perf_counter() - begun) * 1000, 3)
            span = {"part": "edge", "traceId": trace_id, "startedAt": started_at, "ms": milliseconds}
            report(span | _describe(request, response, behaviour))
        return response

    return serve_observed


def _describe(request: web.BaseRequest, response: web.StreamResponse, behaviour: str) -> dict[str, Any]:
    return {
        "method": request.method,
        "target": redact_target(request.raw_path),
        "status": response.status,
        "behaviour": behaviour,
        "cache": response.headers.get("X-Cache", ""),
        "requestBytes": request.content_length or 0,
        "responseBytes": _body_bytes(response),
    }


def _body_bytes(response: web.StreamResponse) -> int:
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        return len(response.body)
    return response.body_length if response.prepared else 0
