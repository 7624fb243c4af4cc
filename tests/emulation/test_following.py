"""The parts that ask the cloud: one waits until it is there, one ends when it is told to."""

import asyncio
import contextlib
import time
from dataclasses import asdict
from pathlib import Path

import aiohttp
from aiohttp import web

from emulation.api.app import wait_for_cloud
from emulation.following import Clocks, follow_cloud
from emulation.runtime.deployed import DeployedFunction
from emulation.settings import read_local_settings
from tests.emulation.front_door import serving
from tests.ports import bound_socket, port_of

LIMIT_SECONDS = 0.2
PATIENCE_SECONDS = 30


async def test_following_ends_though_its_question_has_outlasted_a_limit() -> None:
    asked, own = asyncio.Event(), bound_socket()
    limit = aiohttp.ClientTimeout(total=LIMIT_SECONDS)

    async def hold(_request: web.BaseRequest) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async with serving(hold, own), aiohttp.ClientSession(timeout=limit) as session:
        following = asyncio.create_task(follow_cloud(session, f"http://127.0.0.1:{port_of(own)}", Clocks()))
        await asked.wait()
        # The loop stands still for longer than the limit, as it does beside tests that do not use it.
        time.sleep(LIMIT_SECONDS * 2)  # noqa: ASYNC251
        await asyncio.sleep(0)
        following.cancel()
        done, _ = await asyncio.wait({following}, timeout=PATIENCE_SECONDS)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
    assert done


async def test_the_api_asks_again_when_the_cloud_starts_anew_between_two_questions(tmp_path: Path) -> None:
    asked: list[str] = []
    function = DeployedFunction("AuthFunction", "deploy.functions.auth", 512, 10, {})

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == "/_cloud/environment":
            return web.json_response({"AWS_REGION": "us-east-1"})
        if asked.count(request.path) == 1:
            return web.Response(status=503)
        return web.json_response({"functions": [asdict(function)]})

    own = bound_socket()
    local = read_local_settings({"AWS_PORT": str(port_of(own)), "LOCAL_DIR": str(tmp_path)})
    async with serving(answer, own), aiohttp.ClientSession() as session:
        environment, functions = await asyncio.wait_for(wait_for_cloud(session, local), PATIENCE_SECONDS)

    assert environment == {"AWS_REGION": "us-east-1"}
    assert functions == [function]
    # A question that takes too long is asked again in any case.
    assert "/_cloud/environment" in asked[asked.index("/_cloud/functions") :]
