"""The handlers in the API's own process, each function with services of its own, as each has a role of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from importlib import import_module
from typing import Any

from deploy.functions.entry import Entry
from emulation.backend import CHECK_SECONDS, Backend
from emulation.logical_ids import logical_id
from emulation.runtime.errors import FunctionTimeoutError
from emulation.sessions import Sessions
from emulation.tracing import trace_header
from server.authorizer import Authorizer
from server.aws.cognito_http import CognitoHttp
from server.clock import Clock
from server.dispatch import dispatch
from server.requests import Request, Response
from server.routes import FUNCTIONS, Route
from server.services import open_services
from server.settings import Settings


@contextlib.asynccontextmanager
async def open_in_process(
    settings: Settings, clock: Clock, timeout_seconds: Mapping[str, float]
) -> AsyncIterator[Backend]:
    """The handlers over open services. `timeout_seconds` says, by logical id, how long a function may take."""
    async with contextlib.AsyncExitStack() as stack:
        sessions = Sessions()
        services = {
            function: await stack.enter_async_context(
                open_services(
                    settings, clock, session=sessions.open(logical_id(function)), aws_services=_aws_services(function)
                )
            )
            for function in FUNCTIONS
        }

        async def integration(route: Route, request: Request) -> Response:
            limit_seconds = timeout_seconds[logical_id(route.function)]
            try:
                async with asyncio.timeout(limit_seconds):
                    return await dispatch(services[route.function], route, request)
            except TimeoutError as error:
                raise FunctionTimeoutError(f"Task timed out after {limit_seconds:.2f} seconds") from error

        cognito = CognitoHttp(settings.cognito_endpoint, settings.user_pool_id, trace_header)
        patient = CognitoHttp(settings.cognito_endpoint, settings.user_pool_id, trace_header, CHECK_SECONDS)
        authorizer = Authorizer(settings, cognito, clock)

        async def authorize(event: dict[str, Any]) -> dict[str, Any]:
            return await asyncio.to_thread(authorizer.authorize, event)

        async def check() -> None:
            await services["user"].users.get("health")
            await services["guitars"].guitars.brands("health")
            await asyncio.to_thread(patient.fetch_keys)

        yield Backend(integration, authorize, check)


def _aws_services(function: str) -> Collection[str]:
    """What the function calls on Lambda: here too it has no client of any other service."""
    handler: Entry = import_module(f"deploy.functions.{function}").handler
    return handler.aws_services
