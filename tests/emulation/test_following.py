"""The part that copies the cloud's clock ends when it is told to."""

import asyncio
import contextlib
import time

import aiohttp
from aiohttp import web

from emulation.following import Clocks, follow_cloud
from tests.emulation.front_door import serving
from tests.ports import free_port

LIMIT_SECONDS = 0.2


async def test_following_ends_though_its_question_has_outlasted_a_limit() -> None:
    asked, port = asyncio.Event(), free_port()
    limit = aiohttp.ClientTimeout(total=LIMIT_SECONDS)

    async def hold(_request: web.BaseRequest) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async with serving(hold, port), aiohttp.ClientSession(timeout=limit) as session:
        following = asyncio.create_task(follow_cloud(session, f"http://127.0.0.1:{port}", Clocks()))
        await asyncio.wait_for(asked.wait(), 5)
        # The loop stands still for longer than the limit, as it does beside tests that do not use it.
        time.sleep(LIMIT_SECONDS * 2)  # noqa: ASYNC251
        await asyncio.sleep(0)
        following.cancel()
        done, _ = await asyncio.wait({following}, timeout=5)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
    assert done
