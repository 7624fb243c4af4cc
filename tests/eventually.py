"""Waiting for what becomes true, without sleeping for a fixed time."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE_SECONDS = 0.05


async def eventually(look: Callable[[], Awaitable[T | None]], within_seconds: float = 30) -> T:
    """The first result of `look` that is true; fails when none came in time."""
    deadline = time.monotonic() + within_seconds
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"did not become true within {within_seconds} s; last seen: {found!r}")
        await asyncio.sleep(PAUSE_SECONDS)


async def until(condition: Callable[[], bool]) -> None:
    """As `eventually`, for what need not be awaited."""

    async def look() -> bool:
        return condition()

    await eventually(look)


def wait_until(look: Callable[[], T | None], within_seconds: float = 30) -> T:
    """As `eventually`, for tests without an event loop."""
    deadline = time.monotonic() + within_seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"did not become true within {within_seconds} s; last seen: {found!r}")
        threading.Event().wait(PAUSE_SECONDS)
