"""Who keeps a copy of the clock, and how far each has come: nobody is told that time has passed before it has for all.

A follower asks again and again, each time naming the revision that it has; the answer waits until there is another.
"""

import asyncio
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass

# For so long an answer is held back when nothing changes.
HOLD_SECONDS = 1.0
# Who has not asked for so long does not follow any more.
GONE_SECONDS = 2.0


@dataclass
class _Follower:
    revision: int
    heard_at: float
    asking: bool


class Followers:
    """`generation` changes when all data is replaced, and with each start: what was kept of it is void then."""

    def __init__(self) -> None:
        self.generation = secrets.token_hex(8)
        self.revision = 1
        self._followers: dict[str, _Follower] = {}
        self._moved = asyncio.Condition()

    async def wait_for_another(self, name: str, revision: int) -> None:
        """Note what a follower has, and return when there is another revision, or after HOLD_SECONDS."""
        follower = self._followers[name] = _Follower(revision, time.monotonic(), asking=True)
        try:
            async with self._moved:
                self._moved.notify_all()
                with suppress(TimeoutError):
                    async with asyncio.timeout(HOLD_SECONDS):
                        await self._moved.wait_for(lambda: self.revision != revision)
        finally:
            follower.asking, follower.heard_at = False, time.monotonic()

    async def announce(self, replaced: bool = False) -> None:
        """There is another revision; returns when every follower has it. `replaced`: so is all data."""
        self.revision += 1
        if replaced:
            self.generation = secrets.token_hex(8)
        async with self._moved:
            self._moved.notify_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(GONE_SECONDS):
                    await self._moved.wait_for(self._have_all)

    def _have_all(self) -> bool:
        now = time.monotonic()
        self._followers = {
            name: one for name, one in self._followers.items() if one.asking or now - one.heard_at < GONE_SECONDS
        }
        return all(one.revision == self.revision for one in self._followers.values())
