"""What the parts' HTTP servers have in common: limits, refusals, what they log, and how they start and stop."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TextIO

from aiohttp import web
from aiohttp.http import SERVER_SOFTWARE
from aiohttp.http_exceptions import HttpProcessingError

# CloudFront takes requests of up to 32 KB with their headers.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MAX_HEAD_BYTES = 32 * 1024
# So long a connection may go without a whole head of a request, its first or its next. Longer than the clients of the
# parts keep one that is idle, which would otherwise lose the race against its end.
IDLE_SECONDS = 75.0
# For `web.Server` and `web.AppRunner`. A packed body stays packed: neither CloudFront nor API Gateway unpacks one.
SERVER_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "access_log": None,
        "auto_decompress": False,
        "keepalive_timeout": IDLE_SECONDS,
        "max_line_size": MAX_HEAD_BYTES,
        "max_field_size": MAX_HEAD_BYTES,
    }
)


class _Connection(web.RequestHandler):
    """A connection whose refusals are a status and no more: a parser's own words quote what it read, and itself."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - what is left out
    ) -> web.StreamResponse:
        """The refusal of what is not HTTP, or of a request that nothing answered."""
        return super().handle_error(request, status, exc, HTTPStatus(status).phrase)


class BareRequest(web.BaseRequest):
    """A request whose answer names the server only where who answers does: aiohttp would name itself and Python."""

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        await super()._prepare_hook(response)
        _name_no_software(response)


class BareAppRequest(web.Request):
    """The same for an app's requests, those among them that fit none of its routes because they are no HTTP."""

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        await super()._prepare_hook(response)
        _name_no_software(response)


def _name_no_software(response: web.StreamResponse) -> None:
    if response.headers.get("Server") == SERVER_SOFTWARE:
        del response.headers["Server"]


class Server(web.Server):
    """aiohttp's server with connections of ours."""

    def _make_request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        return BareRequest(message, payload, protocol, writer, task, self._loop)

    def __call__(self) -> web.RequestHandler:
        """The protocol of one connection."""
        return _Connection(self, loop=self._loop, **self._kwargs)


class AppRunner(web.AppRunner):
    """aiohttp's runner of an app, on a server of ours."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        request_factory = partial(made.request_factory, _cls=BareAppRequest)  # type: ignore[call-arg] # an app has it
        return Server(made.request_handler, request_factory=request_factory, **made._kwargs)  # noqa: SLF001


class ListenError(Exception):
    """A part cannot have its port; the text is a sentence that names the variable which changes it."""


async def listen(runner: web.BaseRunner, host: str, port: int, part: str, variable: str) -> None:
    """Listen on a part's port; raises ListenError."""
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        # asyncio's own words name the port once more.
        reason = os.strerror(error.errno or 0)
        raise ListenError(f"{part} cannot listen on port {port} ({variable}): {reason}.") from error


def stop_event() -> asyncio.Event:
    """Set by SIGTERM or SIGINT. Call it in a running loop."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def start_logging(stream: TextIO = sys.stdout) -> None:
    """Log to a stream, a line for a request that is not HTTP."""
    logging.basicConfig(level=logging.INFO, stream=stream, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The SDK tells of each client it opens where its endpoint was found; it is the same for all.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(shorten)


def shorten(record: logging.LogRecord) -> bool:
    """Leave of a record about a malformed request its first line, as a warning; any other stays as it is."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        reason = " ".join(error.message.split())
        record.msg, record.args = f"{record.getMessage()}: {reason[:200]}", None
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
    return True


def complain(text: str) -> None:
    """Write to the error output, which is a file of LOCAL_DIR: on a full disk it is lost, and nothing else with it."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def refuse(reason: str) -> int:
    """Say in a sentence why a part does not start; the exit code of its process."""
    sys.stderr.write(f"{reason}\n")
    return 1
