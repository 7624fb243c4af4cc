"""Trying again when another write came first: short random waits, and an end."""

import asyncio
from typing import Self

from server.ids import Ids

_TRIES = 30
_LONGEST_WAIT_SECONDS = 0.1


class Attempts:
    """Numbers of attempts, with a random wait before each but the first.

    No generator: one that is left before its end, as most are, costs a task and a wake-up of the loop to close.
    """

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._next = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int:
        attempt = self._next
        if attempt == _TRIES:
            raise StopAsyncIteration
        if attempt:
            await asyncio.sleep(self._ids.fraction() * min(0.005 * 2 ** (attempt - 1), _LONGEST_WAIT_SECONDS))
        self._next += 1
        return attempt
