"""A front door with a stand-in for the API and for the local AWS behind it."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from emulation.edge.app import open_edge
from emulation.serving import SERVER_OPTIONS
from emulation.settings import read_local_settings
from tests.ports import free_port

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
BUCKET = "pictures-of-the-test"


@dataclass
class StandIn:
    """Notes what it is asked (method, raw path, headers, body) and answers as it is told to.

    What is reported to the request log is kept apart.
    """

    answer: Answer
    port: int = field(default_factory=free_port)
    asked: list[tuple[str, str, CIMultiDict[str], bytes]] = field(default_factory=list)
    spans: list[dict[str, Any]] = field(default_factory=list)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/_cloud/spans":
            self.spans += await request.json()
        elif request.headers.get("X-Unread") is None:
            self.asked.append((request.method, request.raw_path, CIMultiDict(request.headers), await request.read()))
        return await self.answer(request)


@dataclass
class FrontDoor:
    """The addresses, and who stands behind them."""

    url: str
    session: aiohttp.ClientSession
    api: StandIn
    cloud: StandIn

    async def ask(
        self, method: str, target: str, headers: dict[str, str] | None = None, data: bytes | None = None
    ) -> tuple[int, CIMultiDict[str], bytes]:
        """Status, headers and body of the answer; the target goes out as it is written."""
        url = URL(self.url + target, encoded=True)
        async with self.session.request(method, url, headers=headers, data=data, allow_redirects=False) as answer:
            return answer.status, CIMultiDict(answer.headers), await answer.read()


async def answer_well(request: web.BaseRequest) -> web.StreamResponse:
    """What either stand-in says when nothing else is asked of it."""
    if request.path == "/_cloud/environment":
        return web.json_response({"S3_BUCKET_IMAGES": BUCKET})
    return web.json_response({"status": "ok", "path": request.raw_path})


@contextlib.asynccontextmanager
async def serving(serve: Answer | web.Server, port: int) -> AsyncIterator[None]:
    """Listen on a loopback port."""
    runner = web.ServerRunner(
        serve if isinstance(serve, web.Server) else web.Server(serve, **SERVER_OPTIONS), shutdown_timeout=0.1
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


@contextlib.asynccontextmanager
async def open_front_door(read_seconds: float = 5) -> AsyncIterator[FrontDoor]:
    """A front door whose two parts answer well."""
    api, cloud, port = StandIn(answer_well), StandIn(answer_well), free_port()
    ports = {"FRONT_DOOR_PORT": str(port), "API_PORT": str(api.port), "AWS_PORT": str(cloud.port)}
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving(api.serve, api.port))
        await stack.enter_async_context(serving(cloud.serve, cloud.port))
        server = await stack.enter_async_context(open_edge(read_local_settings(ports), read_seconds))
        await stack.enter_async_context(serving(server, port))
        session = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=False))
        yield FrontDoor(f"http://localhost:{port}", session, api, cloud)
