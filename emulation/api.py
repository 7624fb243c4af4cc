"""The API on a laptop: the server's app with the settings and the clock of the local cloud."""

import asyncio
import contextlib
import functools
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

import aiohttp
from aiohttp import web

from emulation.clock import Ageing, AgeingClock
from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION, LocalSettings, read_local_settings
from server.app import create_app
from server.authorizer import Authorizer
from server.aws.cognito_http import CognitoHttp
from server.dispatch import dispatch
from server.gateway.cors import CorsRules
from server.services import Services, open_services
from server.settings import Settings, read_settings

_log = logging.getLogger("emulation.api")
_POLL_SECONDS = 0.2
_STOP_SECONDS = 1.0


def api_environment(local: LocalSettings, from_stack: Mapping[str, str]) -> dict[str, str]:
    """The environment of the API's functions, as the stack gives it, with the local addresses."""
    return {
        **from_stack,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": local.aws_url,
        "AWS_ACCESS_KEY_ID": DEVELOPER_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": DEVELOPER_SECRET_KEY,
        "CLOUDFRONT_DOMAIN": local.front_door_url,
        "S3_PUBLIC_ENDPOINT": local.public_aws_url,
        "CORS_ORIGINS": ",".join(local.cors_origins),
    }


async def wait_for_environment(session: aiohttp.ClientSession, local: LocalSettings) -> dict[str, str]:
    """The environment that the cloud gives once its stack is applied; waits for as long as that takes."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(f"{local.aws_url}/_cloud/environment") as answer:
                if answer.status == 200:
                    environment: dict[str, str] = await answer.json()
                    return environment
        await asyncio.sleep(_POLL_SECONDS / 4)


async def follow_clock(session: aiohttp.ClientSession, local: LocalSettings, clock: AgeingClock) -> None:
    """Keep the clock's ageing events equal to the cloud's, for ever."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(f"{local.aws_url}/_cloud/clock") as answer:
                if answer.status == 200:
                    events = (await answer.json())["events"]
                    clock.replace(Ageing(datetime.fromisoformat(event["at"]), event["seconds"]) for event in events)
        await asyncio.sleep(_POLL_SECONDS)


@contextlib.asynccontextmanager
async def open_api(settings: Settings, clock: AgeingClock) -> AsyncIterator[web.Application]:
    """The API's app over open services, and its health check."""
    async with open_services(settings, clock) as services:
        cognito = CognitoHttp(settings.cognito_endpoint, settings.user_pool_id)
        app = create_app(
            functools.partial(dispatch, services),
            Authorizer(settings, cognito, clock),
            clock,
            CorsRules(settings.cors_origins),
        )
        app.router.add_get("/_api/health", functools.partial(_health, services, cognito))
        yield app


async def _health(services: Services, cognito: CognitoHttp, _request: web.Request) -> web.Response:
    """Whether the API reaches its data: both tables, the user pool."""
    try:
        await services.users.get("health")
        await services.guitars.brands("health")
        await asyncio.to_thread(cognito.fetch_keys)
    except Exception as error:
        return web.json_response({"status": "failed", "reason": f"{type(error).__name__}: {error}"}, status=503)
    return web.json_response({"status": "ok"})


async def serve(local: LocalSettings) -> None:
    """Wait for the cloud, then serve until cancelled."""
    clock = AgeingClock()
    timeout = aiohttp.ClientTimeout(total=2)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        environment = api_environment(local, await wait_for_environment(session, local))
        # The SDK reads its endpoint and credentials from the environment, here as on Lambda.
        os.environ.update(environment)
        async with open_api(read_settings(environment), clock) as app:
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
            await runner.setup()
            await web.TCPSite(runner, local.bind_host, local.api_port).start()
            _log.info("the API listens on port %d", local.api_port)
            try:
                await follow_clock(session, local, clock)
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


def main() -> None:
    """Run the API until it is told to stop."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(serve_until_stopped(read_local_settings(os.environ)))


if __name__ == "__main__":
    main()
