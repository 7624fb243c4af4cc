"""How the edge and the API tell the request log what they saw: later, in batches, and never in an answer's way."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

# So long spans wait for company: a message costs as much as a small request, and a person waits no less.
PAUSE_SECONDS = 0.25
# While the local AWS is away, the oldest are forgotten.
MAX_WAITING = 1_000


class Reporter:
    """Collects spans; `run` sends them."""

    def __init__(self, session: aiohttp.ClientSession, aws_url: str) -> None:
        self._session = session
        self._url = f"{aws_url}/_cloud/spans"
        self._waiting: deque[dict[str, Any]] = deque(maxlen=MAX_WAITING)
        self._reported = asyncio.Event()

    def report(self, span: dict[str, Any]) -> None:
        """Have a span sent."""
        self._waiting.append(span)
        self._reported.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._reported.wait()
            await asyncio.sleep(PAUSE_SECONDS)
            await self._send()

    async def _send(self) -> None:
        self._reported.clear()
        spans = list(self._waiting)
        self._waiting.clear()
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.post(self._url, json=spans) as answer:
                await answer.read()


@asynccontextmanager
async def open_reporter(session: aiohttp.ClientSession, aws_url: str) -> AsyncIterator[Reporter]:
    """A reporter that sends for as long as the context is open."""
    reporter = Reporter(session, aws_url)
    sending = asyncio.create_task(reporter.run())
    try:
        yield reporter
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
