"""How the API and the edge keep up with the local cloud: with its clock, and with all data being replaced."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp

from emulation.clock import Ageing, AgeingClock

RETRY_SECONDS = 0.2
# The cloud holds an answer for a second.
PATIENCE_SECONDS = 2.0
# aiohttp's own limit on a whole request loses a cancellation that comes when the limit has passed (3.14.5: nested
# TimerContexts call uncancel twice), and then the task runs on for ever. asyncio's does not.
UNLIMITED = aiohttp.ClientTimeout(total=None)
LONG_AGO_SECONDS = 100 * 365 * 86_400


class Clocks:
    """`clock` is the cloud's. `cache_clock` is the same, but for what was kept from before a reset or a restore: that
    is older than anything may be kept. `on_replaced` is called when all data was replaced."""

    def __init__(self) -> None:
        self.clock = AgeingClock()
        self.cache_clock = AgeingClock()
        self.on_replaced: Callable[[], None] = lambda: None
        self._generation = ""
        self._replaced: list[Ageing] = []

    def take_over(self, events: list[Ageing], generation: str) -> None:
        """Know the cloud's events; another generation means that its data were replaced."""
        is_replaced = generation != self._generation
        self._generation = generation
        if is_replaced:
            self._replaced.append(Ageing(self.clock.now(), LONG_AGO_SECONDS))
        self.clock.replace(events)
        self.cache_clock.replace([*events, *self._replaced])
        if is_replaced:
            self.on_replaced()


async def ask_cloud(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """The JSON that the cloud answers within two seconds; raises TimeoutError, and ClientError for what is no 200."""
    async with asyncio.timeout(PATIENCE_SECONDS), session.get(url, timeout=UNLIMITED) as answer:
        answer.raise_for_status()
        told: dict[str, Any] = await answer.json()
        return told


async def follow_cloud(session: aiohttp.ClientSession, aws_url: str, clocks: Clocks) -> None:
    """Keep the clocks equal to the cloud's, for ever.

    Each question says what is known already; the cloud answers when there is more, and holds back the answer to
    whoever changes something until everybody who follows has come with the next question.
    """
    name, revision = secrets.token_hex(8), 0
    while True:
        try:
            told = await ask_cloud(session, f"{aws_url}/_cloud/follow?as={name}&revision={revision}")
        except (aiohttp.ClientError, TimeoutError):
            await asyncio.sleep(RETRY_SECONDS)
            continue
        events = [Ageing(datetime.fromisoformat(event["at"]), event["seconds"]) for event in told["events"]]
        clocks.take_over(events, told["generation"])
        revision = told["revision"]
