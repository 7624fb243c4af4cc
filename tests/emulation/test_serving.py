"""The servers of the parts: what they say to what is not HTTP, and how long they listen to silence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from emulation.serving import SERVER_OPTIONS, AppRunner, ListenError, Server, listen
from tests.eventually import eventually
from tests.hostile.wire import send


async def answer(_request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(text="fine")


async def fail(_request: web.BaseRequest) -> web.StreamResponse:
    raise RuntimeError("a secret of the inside")


@pytest.fixture(params=["server", "app"])
def form(request: pytest.FixtureRequest) -> str:
    """Which of the two a server is made of."""
    return str(request.param)


@pytest.fixture
async def url(form: str) -> AsyncIterator[str]:
    """A server with the options of the parts."""
    async with serving(form) as url:
        yield url


@pytest.fixture
async def impatient_url(form: str) -> AsyncIterator[str]:
    """The same, but with 0.1 s of patience."""
    async with serving(form, keepalive_timeout=0.1) as url:
        yield url


@asynccontextmanager
async def serving(form: str, **more: float) -> AsyncIterator[str]:
    options = {**SERVER_OPTIONS, **more}
    if form == "app":
        app = web.Application()
        app.router.add_get("/", answer)
        app.router.add_get("/fail", fail)
        runner: web.BaseRunner = AppRunner(app, **options)
    else:

        async def route(request: web.BaseRequest) -> web.StreamResponse:
            return await (fail if request.path == "/fail" else answer)(request)

        runner = web.ServerRunner(Server(route, **options))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1", b"GET /fail HTTP/1.1", b"GARBAGE"])
async def test_no_answer_names_python_or_its_server(url: str, head: bytes) -> None:
    answer = await send(url, head + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert b"python" not in answer.raw.lower()


async def test_a_port_that_is_taken_is_named_with_its_variable(url: str) -> None:
    port = int(url.rpartition(":")[2])

    with pytest.raises(
        ListenError, match=rf"^The API cannot listen on port {port} \(API_PORT\): Address already in use\.$"
    ):
        await listen(web.ServerRunner(Server(answer)), "127.0.0.1", port, "The API", "API_PORT")


async def test_what_is_not_http_is_told_so_and_no_more(url: str) -> None:
    for content in (b"\x16\x03\x01 hello\r\n\r\n", b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
        answer = await send(url, content)
        assert (answer.status, answer.body) == (400, b"Bad Request")


async def test_a_failure_is_told_without_its_reason(url: str) -> None:
    answer = await send(url, b"GET /fail HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert answer.status == 500
    assert b"secret" not in answer.raw


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_a_connection_that_falls_silent_is_closed(impatient_url: str, begun: bytes) -> None:
    # A machine that stands still may lose patience before the whole head has come.
    async def look() -> bool:
        return (await send(impatient_url, begun)).status == (200 if begun.endswith(b"\r\n\r\n") else 0)

    await eventually(look)


async def test_a_head_that_comes_drop_by_drop_is_not_waited_for(impatient_url: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(impatient_url.rpartition(":")[2]))
    closed = asyncio.create_task(reader.read())
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    for _ in range(2_000):
        if closed.done():
            break
        writer.write(b"a")
        await asyncio.sleep(0.01)
    writer.close()

    assert closed.done()
    assert isinstance(closed.exception(), ConnectionResetError) or closed.result() == b""
