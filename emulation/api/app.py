"""The API on a laptop: the server's app with the settings and the clock of the local cloud."""

import asyncio
import contextlib
import functools
import logging
import os

import aiohttp
from aiohttp import web

from deploy.functions.start import uncollected
from emulation.backend import Backend
from emulation.clock import AgeingClock
from emulation.following import Clocks, ask_cloud, follow_cloud
from emulation.in_process import open_in_process
from emulation.observing import observe, report_spans
from emulation.reporting import Reporter, open_reporter
from emulation.runtime.backend import open_on_lambda
from emulation.runtime.deployed import DeployedFunction
from emulation.runtime.functions import start_functions
from emulation.serving import SERVER_OPTIONS, AppRunner, listen
from emulation.settings import LocalSettings, server_environment
from server.app import create_app
from server.gateway.cors import CorsRules
from server.settings import Settings, read_settings

_log = logging.getLogger("emulation.api")
_POLL_SECONDS = 0.05
_STOP_SECONDS = 1.0


async def wait_for_cloud(
    session: aiohttp.ClientSession, local: LocalSettings
) -> tuple[dict[str, str], list[DeployedFunction]]:
    """The environment and the functions of the cloud's stack, once it is applied; waits for as long as that takes."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            environment = await ask_cloud(session, f"{local.aws_url}/_cloud/environment")
            return environment, await read_functions(session, local)
        await asyncio.sleep(_POLL_SECONDS)


async def read_functions(session: aiohttp.ClientSession, local: LocalSettings) -> list[DeployedFunction]:
    """The functions of the stack that the cloud has applied."""
    listed = await ask_cloud(session, f"{local.aws_url}/_cloud/functions")
    return [DeployedFunction(**function) for function in listed["functions"]]


def open_backend(
    local: LocalSettings, settings: Settings, clock: AgeingClock, functions: list[DeployedFunction]
) -> contextlib.AbstractAsyncContextManager[Backend]:
    """What answers: built functions where the settings name some, else the handlers in this process."""
    if local.functions_dir is None:
        return open_in_process(settings, clock, {one.name: one.timeout_seconds for one in functions})
    return open_on_lambda(settings, clock, start_functions(local, functions))


def create_api(settings: Settings, clocks: Clocks, backend: Backend, reporter: Reporter) -> web.Application:
    """The API's app over a backend, whose requests are reported, and the health check."""
    cors = CorsRules(settings.cors_origins)
    app = create_app(backend.integration, backend.authorize, clocks.cache_clock, cors, observe=observe)
    report_spans(app, reporter.report)
    app.router.add_get("/_api/health", functools.partial(_health, backend))
    return app


async def _health(backend: Backend, _request: web.Request) -> web.Response:
    """Whether the API reaches its data: both tables, the user pool."""
    try:
        await backend.check()
    except Exception as error:
        return web.json_response({"status": "failed", "reason": f"{type(error).__name__}: {error}"}, status=503)
    return web.json_response({"status": "ok"})


async def serve(local: LocalSettings) -> None:
    """Wait for the cloud, then serve until cancelled."""
    clocks = Clocks()
    async with aiohttp.ClientSession() as session:
        from_stack, functions = await wait_for_cloud(session, local)
        environment = server_environment(local, from_stack, local.aws_url)
        # The SDK reads its endpoint from the environment.
        os.environ.update(environment)
        settings = read_settings(environment)
        async with (
            open_reporter(session, local.aws_url) as reporter,
            contextlib.AsyncExitStack() as opened,
        ):
            with uncollected():
                backend = await opened.enter_async_context(open_backend(local, settings, clocks.clock, functions))
            app = create_api(settings, clocks, backend, reporter)
            runner = AppRunner(app, **SERVER_OPTIONS, shutdown_timeout=_STOP_SECONDS)
            await listen(runner, local.bind_host, local.api_port, "The API", "API_PORT")
            _log.info("the API listens on port %d", local.api_port)
            try:
                await follow_cloud(session, local.aws_url, clocks)
            finally:
                await runner.cleanup()
