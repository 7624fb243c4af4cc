"""This project's API over whatever DynamoDB the environment names: `python -m tests.bench.programs.here PORT`."""

import asyncio
import os
import sys
import time
from typing import Any

from aiohttp import web

from emulation.serving import SERVER_OPTIONS
from server.app import create_app
from server.clock import SystemClock
from server.dispatch import dispatch
from server.gateway.cors import CorsRules
from server.requests import Request, Response
from server.routes import Route
from server.services import open_services
from server.settings import read_settings
from tests.bench.guitars import USER_ID


async def authorize(_event: dict[str, Any]) -> dict[str, Any]:
    """Every token is good, as in the other programs; the decision is kept as always."""
    now = int(time.time())
    return {
        "principalId": USER_ID,
        "policyDocument": {"Statement": [{"Effect": "Allow"}]},
        "context": {"userId": USER_ID, "issuedAt": now, "expiresAt": now + 3600},
    }


async def main(port: int) -> None:
    """Serve until ended."""
    async with open_services(read_settings(os.environ)) as services:

        async def integration(route: Route, request: Request) -> Response:
            return await dispatch(services, route, request)

        app = create_app(integration, authorize, SystemClock(), CorsRules(()))
        runner = web.AppRunner(app, **SERVER_OPTIONS)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
