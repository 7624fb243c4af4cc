"""Runs the event functions under Lambda's runtime emulator, as built."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from emulation.clock import AgeingClock
from emulation.runtime.errors import FunctionTimeoutError
from emulation.runtime.functions import LambdaFunctions


class EmulatedFunctions:
    """Built functions by their entry; started at the first need. `clock` gives the cloud's, as a reset replaces it."""

    def __init__(
        self,
        start: Callable[[], LambdaFunctions],
        clock: Callable[[], AgeingClock],
        report: Callable[[Mapping[str, Any]], None],
    ) -> None:
        """`report` is told of each invocation as a span of the request log."""
        self._report = report
        self._start = start
        self._clock = clock
        self._functions: LambdaFunctions | None = None
        self._starting = asyncio.Lock()

    async def invoke(self, entry: str, event: dict[str, Any], timeout_seconds: float) -> Any:
        """The function's result; raises FunctionError and FunctionTimeoutError."""
        functions = await self.open(entry)
        try:
            async with asyncio.timeout(timeout_seconds) as limit:
                return await functions.invoke(entry, event, self._clock().events)
        except TimeoutError:
            if not limit.expired():
                raise
            raise FunctionTimeoutError(f"Task timed out after {timeout_seconds:.2f} seconds") from None

    async def open(self, _entry: str) -> LambdaFunctions:
        """The functions, started now if they are not."""
        async with self._starting:
            if self._functions is None:
                self._functions = await asyncio.to_thread(self._start)
            return self._functions

    async def close(self) -> None:
        """End all sandboxes; the next need starts new ones."""
        async with self._starting:
            functions, self._functions = self._functions, None
            if functions is not None:
                await functions.stop()
