"""Trying again when another write came first: short random waits, and an end."""

import asyncio
from collections.abc import AsyncIterator

from server.ids import Ids

_TRIES = 30
_LONGEST_WAIT_SECONDS = 0.1


async def attempts(ids: Ids) -> AsyncIterator[int]:
    """Numbers of attempts, with a random wait before each but the first."""
    for attempt in range(_TRIES):
        yield attempt
        await asyncio.sleep(ids.fraction() * min(0.005 * 2**attempt, _LONGEST_WAIT_SECONDS))
