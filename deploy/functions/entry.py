"""How a function starts on Lambda: one event loop and one set of clients per process, kept between invocations."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from server.services import Services, open_services
from server.settings import STORES, read_settings

EventFunction = Callable[[Services, dict[str, Any]], Awaitable[Any]]


class Entry:
    """A Lambda handler around an event function. Elsewhere `function` can be awaited with services of one's own."""

    def __init__(self, function: EventFunction) -> None:
        self.function = function
        self._runner: asyncio.Runner | None = None
        self._services: Services | None = None

    def __call__(self, event: dict[str, Any], _context: object) -> Any:
        """Run the function with an event, as Lambda calls it."""
        if self._runner is None:
            # A client works only on the loop that opened it.
            self._runner = asyncio.Runner()
        return self._runner.run(self._run(event))

    async def _run(self, event: dict[str, Any]) -> Any:
        if self._services is None:
            settings = read_settings(os.environ, STORES)
            # Never closed: the process ends with Lambda's sandbox.
            self._services = await AsyncExitStack().enter_async_context(open_services(settings))
        return await self.function(self._services, event)
