"""Runs the event functions under Lambda's runtime emulator, as built."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from emulation.clock import AgeingClock
from emulation.cloud.invocation import Invocation
from emulation.runtime.functions import LambdaFunctions
from emulation.tracing import tracing


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
        invocation = Invocation(entry, event)
        try:
            with tracing(invocation.trace_id):
                result = await functions.invoke(entry, event, self._clock().events, timeout_seconds)
        except BaseException as error:
            self._report(invocation.span(error))
            raise
        self._report(invocation.span())
        return result

    async def open(self, entry: str) -> LambdaFunctions:
        """The functions, of which this one has a sandbox."""
        async with self._starting:
            if self._functions is None:
                self._functions = await asyncio.to_thread(self._start)
        await self._functions.warm_up(entry)
        return self._functions

    async def close(self) -> None:
        """End all sandboxes; the next need starts new ones."""
        async with self._starting:
            functions, self._functions = self._functions, None
            if functions is not None:
                await functions.stop()

    async def renew(self) -> None:
        """Start new sandboxes at the next need, with what was built since."""
        await self.close()
