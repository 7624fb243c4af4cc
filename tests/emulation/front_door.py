"""A front door with a stand-in for the API and for the local AWS behind it."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from emulation.edge.app import open_edge
from emulation.edge.origin import READ_SECONDS
from emulation.serving import SERVER_OPTIONS
from emulation.settings import read_local_settings
from emulation.template import Template
from tests.eventually import eventually
from tests.ports import bound_socket, port_of

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
IMAGES_BUCKET = "guitar-collection-images-dev-123456789012"
SITE_BUCKET = "guitar-collection-frontend-dev-123456789012"
# Who publishes the site signs as the developer.
DEVELOPER = "Credential=local/"
HOLD_SECONDS = 0.05


@dataclass
class StandIn:
    """Notes what it is asked (method, raw path, headers, body) and answers as it is told to.

    What is reported to the request log is kept apart.
    """

    answer: Answer
    listener: socket.socket = field(default_factory=bound_socket)
    asked: list[tuple[str, str, CIMultiDict[str], bytes]] = field(default_factory=list)
    spans: list[dict[str, Any]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return port_of(self.listener)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/_cloud/follow":
            return await self._let_follow(request)
        if DEVELOPER in request.headers.get("Authorization", ""):
            return web.Response(text="<ListBucketResult/>", content_type="application/xml")
        if request.path == "/_cloud/spans":
            self.spans += await request.json()
        elif request.headers.get("X-Unread") is None:
            self.asked.append((request.method, request.raw_path, CIMultiDict(request.headers), await request.read()))
        return await self.answer(request)

    async def _let_follow(self, request: web.BaseRequest) -> web.StreamResponse:
        """Nothing ever changes after the first answer."""
        if request.query.get("revision") != "0":
            await asyncio.sleep(HOLD_SECONDS)
        return web.json_response({"events": [], "generation": "first", "revision": 1})


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

    async def is_ready(self) -> bool:
        """Whether every part is well, and the site published."""
        return (await self.ask("GET", "/_local/health"))[0] == 200


async def answer_well(request: web.BaseRequest) -> web.StreamResponse:
    """What either stand-in says when nothing else is asked of it."""
    return web.json_response({"status": "ok", "path": request.raw_path})


@contextlib.asynccontextmanager
async def serving(
    serve: Answer | web.Server, at: socket.socket, tls: ssl.SSLContext | None = None
) -> AsyncIterator[None]:
    """Listen on a socket that has a port."""
    runner = web.ServerRunner(
        serve if isinstance(serve, web.Server) else web.Server(serve, **SERVER_OPTIONS), shutdown_timeout=0.1
    )
    await runner.setup()
    await web.SockSite(runner, at, ssl_context=tls).start()
    yield
    await runner.cleanup()


@contextlib.asynccontextmanager
async def open_front_door(
    read_seconds: float = READ_SECONDS, template: Template | None = None, **variables: str
) -> AsyncIterator[FrontDoor]:
    """A front door whose two parts answer well; `variables` are further settings."""
    api, cloud, own = StandIn(answer_well), StandIn(answer_well), bound_socket()
    port = port_of(own)
    ports = {"FRONT_DOOR_PORT": str(port), "API_PORT": str(api.port), "AWS_PORT": str(cloud.port)}
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving(api.serve, api.listener))
        await stack.enter_async_context(serving(cloud.serve, cloud.listener))
        settings = read_local_settings({**ports, **variables})
        server = await stack.enter_async_context(open_edge(settings, read_seconds, template))
        await stack.enter_async_context(serving(server, own))
        session = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=False))
        door = FrontDoor(f"http://localhost:{port}", session, api, cloud)
        await eventually(door.is_ready)
        api.asked.clear()
        cloud.asked.clear()
        yield door
