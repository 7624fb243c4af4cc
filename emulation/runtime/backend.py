"""The built functions behind the local HTTP API."""

import asyncio
import contextlib
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

from emulation.backend import CHECK_SECONDS, Backend
from emulation.clock import AgeingClock
from emulation.runtime.errors import FunctionError
from emulation.runtime.functions import LambdaFunctions
from emulation.tracing import trace_header
from server.aws.cognito_http import CognitoHttp
from server.gateway.events import to_event
from server.requests import Request, Response
from server.routes import ROUTES, Route
from server.settings import Settings

_ENTRIES = "deploy.functions"


@contextlib.asynccontextmanager
async def open_on_lambda(settings: Settings, clock: AgeingClock, functions: LambdaFunctions) -> AsyncIterator[Backend]:
    """The functions, which end with the context."""
    stage = {"CLOUDFRONT_DOMAIN": settings.cdn_url}

    async def integration(route: Route, request: Request) -> Response:
        event = {**to_event(route, request, clock.now()), "stageVariables": stage}
        return read_response(await functions.invoke(f"{_ENTRIES}.{route.function}", event, clock.events))

    async def authorize(event: dict[str, Any]) -> dict[str, Any]:
        decision: dict[str, Any] = await functions.invoke(f"{_ENTRIES}.authorizer", event, clock.events)
        return decision

    cognito = CognitoHttp(settings.cognito_endpoint, settings.user_pool_id, trace_header, CHECK_SECONDS)

    async def check() -> None:
        await asyncio.to_thread(cognito.fetch_keys)

    try:
        await functions.warm_up(*{f"{_ENTRIES}.{route.function}" for route in ROUTES}, f"{_ENTRIES}.authorizer")
        yield Backend(integration, authorize, check)
    finally:
        await functions.stop()


def read_response(result: Any) -> Response:
    """A function's result in format 2.0 as an answer; raises FunctionError when it is none.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    if not isinstance(result, dict) or not isinstance(result.get("statusCode"), int):
        raise FunctionError("the result has no statusCode")
    text = str(result.get("body") or "")
    body = b64decode(text) if result.get("isBase64Encoded") else text.encode()
    headers = {str(name).lower(): str(value) for name, value in (result.get("headers") or {}).items()}
    return Response(result["statusCode"], body, headers)
