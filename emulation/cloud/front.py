"""The HTTP server in front: reads a request whole, has it answered, writes the answer."""

import asyncio
import dataclasses
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.serving import IDLE_SECONDS, BareRequest, Server, complain, listen

MAX_BODY_BYTES = 100 * 1024 * 1024
# Bodies of any length, which are received into a file.
UPLOADS = frozenset({("POST", "/_cloud/restore")})
CHUNK_BYTES = 1 << 18
STOP_SECONDS = 1.0

Responder = Callable[[Request], Awaitable[Answer]]


class Front:
    """Answers nothing but health until `open` names who answers."""

    def __init__(self) -> None:
        self._responder: asyncio.Future[Responder] = asyncio.get_running_loop().create_future()

    def open(self, responder: Responder) -> None:
        """Have every request answered by `responder` from now on, those that wait included."""
        self._responder.set_result(responder)

    async def handle(self, http_request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        # An SDK that puts an object waits for this before it sends the body.
        if http_request.headers.get("Expect", "").lower() == "100-continue" and http_request.transport is not None:
            http_request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if (http_request.method, http_request.path) in UPLOADS:
            with tempfile.NamedTemporaryFile(prefix="upload-") as file:
                async for chunk in http_request.content.iter_chunked(CHUNK_BYTES):
                    file.write(chunk)
                file.flush()
                request = Request(http_request.method, http_request.raw_path, http_request.headers, b"")
                return await self._respond(http_request, dataclasses.replace(request, upload=Path(file.name)))
        try:
            body = await http_request.read()
        except web.HTTPRequestEntityTooLarge:
            return to_response(json_answer(413, {"message": f"The limit is {MAX_BODY_BYTES} bytes."}))
        request = Request(http_request.method, http_request.raw_path, http_request.headers, body)
        return await self._respond(http_request, request)

    async def _respond(self, http_request: web.BaseRequest, request: Request) -> web.StreamResponse:
        if not self._responder.done() and request.target.startswith("/_cloud/"):
            return to_response(json_answer(503, {"status": "starting", "reason": "The state is being loaded."}))
        responder = await asyncio.shield(self._responder)
        try:
            answer = await responder(request)
            if answer.is_lost and http_request.transport is not None:
                http_request.transport.abort()
            return await send_file(http_request, answer) if answer.download else to_response(answer)
        except Exception:
            complain(traceback.format_exc())
            return to_response(json_answer(500, {"__type": "InternalFailure", "message": "See the cloud's log."}))


async def send_file(http_request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Send the answer with its file as the body, and delete the file."""
    path = answer.download
    assert path is not None  # noqa: S101 - the caller has looked
    response = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
    try:
        with path.open("rb") as file:
            response.content_length = path.stat().st_size
            await response.prepare(http_request)
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                await response.write(chunk)
            await response.write_eof()
    finally:
        path.unlink()
    return response


def to_response(answer: Answer) -> web.Response:
    """The answer as aiohttp sends it, with a date of its own."""
    response = web.Response(status=answer.status, body=answer.body)
    response.headers.popall("Content-Type", None)
    for name, value in answer.headers:
        # The answer to a HEAD has no body, yet says how long it would be.
        lower = name.lower()
        if lower not in ("content-length", "date") or (lower == "content-length" and not answer.body):
            response.headers.add(name, value)
    return response


def request_factory(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """A request of aiohttp with our limit of a body instead of 1 MiB."""
    loop = asyncio.get_running_loop()
    return BareRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_BODY_BYTES)


async def open_front(front: Front, host: str, port: int) -> tuple[web.ServerRunner, int]:
    """The running server and its port (one that is free when `port` is 0); raises ListenError."""
    server = Server(
        front.handle,
        request_factory=request_factory,
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=IDLE_SECONDS,
    )
    runner = web.ServerRunner(server, shutdown_timeout=STOP_SECONDS)
    await listen(runner, host, port, "The local AWS", "AWS_PORT")
    return runner, runner.addresses[0][1]
