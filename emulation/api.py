"""The API on a laptop: the server's app with the settings and the clock of the local cloud."""

import asyncio
import contextlib
import functools
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
from aiohttp import web

from emulation.following import Clocks, ask_cloud, follow_cloud
from emulation.observing import observe, report_spans
from emulation.reporting import Reporter, open_reporter
from emulation.serving import SERVER_OPTIONS, refuse, start_logging
from emulation.sessions import Sessions
from emulation.settings import REGION, LocalSettings, LocalSettingsError, read_local_settings
from emulation.tracing import trace_header
from server.app import create_app
from server.authorizer import Authorizer
from server.aws.cognito_http import CognitoHttp
from server.dispatch import dispatch
from server.gateway.cors import CorsRules
from server.requests import Request, Response
from server.routes import ROUTES, Route
from server.services import Services, open_services
from server.settings import Settings, read_settings

_log = logging.getLogger("emulation.api")
_POLL_SECONDS = 0.05
_STOP_SECONDS = 1.0


def api_environment(local: LocalSettings, from_stack: Mapping[str, str]) -> dict[str, str]:
    """The environment of the API's functions, as the stack gives it, with the local addresses."""
    return {
        **from_stack,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": local.aws_url,
        "CLOUDFRONT_DOMAIN": local.front_door_url,
        "S3_PUBLIC_ENDPOINT": local.public_aws_url,
        "CORS_ORIGINS": ",".join(local.cors_origins),
    }


async def wait_for_environment(session: aiohttp.ClientSession, local: LocalSettings) -> dict[str, str]:
    """The environment that the cloud gives once its stack is applied; waits for as long as that takes."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            return await ask_cloud(session, f"{local.aws_url}/_cloud/environment")
        await asyncio.sleep(_POLL_SECONDS)


@contextlib.asynccontextmanager
async def open_api(settings: Settings, clocks: Clocks, reporter: Reporter) -> AsyncIterator[web.Application]:
    """The API's app over open services, those of each function with its role, and the health check."""
    async with contextlib.AsyncExitStack() as stack:
        sessions = Sessions()
        services = {
            function: await stack.enter_async_context(
                open_services(settings, clocks.clock, session=sessions.open(logical_id(function)))
            )
            for function in {route.function for route in ROUTES}
        }

        async def integration(route: Route, request: Request) -> Response:
            return await dispatch(services[route.function], route, request)

        cognito = CognitoHttp(settings.cognito_endpoint, settings.user_pool_id, trace_header)
        authorizer = Authorizer(settings, cognito, clocks.clock)

        async def authorize(event: dict[str, Any]) -> dict[str, Any]:
            return await asyncio.to_thread(authorizer.authorize, event)

        app = create_app(
            integration,
            authorize,
            clocks.cache_clock,
            CorsRules(settings.cors_origins),
            observe=observe,
        )
        report_spans(app, reporter.report, logical_id)
        app.router.add_get("/_api/health", functools.partial(_health, services, cognito))
        yield app


def logical_id(function: str) -> str:
    """What the template calls the function of a route; its access key too."""
    return f"{function.capitalize()}Function"


async def _health(services: Mapping[str, Services], cognito: CognitoHttp, _request: web.Request) -> web.Response:
    """Whether the API reaches its data: both tables, the user pool."""
    try:
        await services["user"].users.get("health")
        await services["guitars"].guitars.brands("health")
        await asyncio.to_thread(cognito.fetch_keys)
    except Exception as error:
        return web.json_response({"status": "failed", "reason": f"{type(error).__name__}: {error}"}, status=503)
    return web.json_response({"status": "ok"})


async def serve(local: LocalSettings) -> None:
    """Wait for the cloud, then serve until cancelled."""
    clocks = Clocks()
    async with aiohttp.ClientSession() as session:
        environment = api_environment(local, await wait_for_environment(session, local))
        # The SDK reads its endpoint from the environment.
        os.environ.update(environment)
        async with (
            open_reporter(session, local.aws_url) as reporter,
            open_api(read_settings(environment), clocks, reporter) as app,
        ):
            runner = web.AppRunner(app, **SERVER_OPTIONS, shutdown_timeout=_STOP_SECONDS)
            await runner.setup()
            await web.TCPSite(runner, local.bind_host, local.api_port).start()
            _log.info("the API listens on port %d", local.api_port)
            try:
                await follow_cloud(session, local.aws_url, clocks)
            finally:
                await runner.cleanup()


async def serve_until_stopped(local: LocalSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    serving = asyncio.current_task()
    if serving is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serve(local)


def main() -> int:
    """Run the API until it is told to stop."""
    start_logging()
    try:
        local = read_local_settings(os.environ)
        asyncio.run(serve_until_stopped(local))
    except LocalSettingsError as error:
        return refuse(str(error))
    except OSError as error:
        return refuse(f"The API cannot listen on port {local.api_port} (API_PORT): {error.strerror}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
