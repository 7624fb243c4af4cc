"""Runs the event functions of deploy/functions/ in process, each with services of its own."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from importlib import import_module
from typing import Any, Protocol

from emulation.cloud.invocation import Invocation
from emulation.code import forget_code
from emulation.runtime.errors import FunctionTimeoutError
from emulation.tracing import tracing

# From a function's entry.
OpenServices = Callable[[str], AbstractAsyncContextManager[Any]]


class FunctionRunner(Protocol):
    """What runs a function: this process, or Lambda's runtime emulator."""

    async def invoke(self, entry: str, event: dict[str, Any], timeout_seconds: float) -> Any:
        """The function's result; its exceptions pass through. Raises FunctionTimeoutError."""
        ...

    async def open(self, entry: str) -> Any:
        """Prepare for the first event of a function."""
        ...

    async def close(self) -> None:
        """Let go of all; the next need begins anew."""
        ...

    async def renew(self) -> None:
        """Run the code as it lies there now, from the next event on, as after a deployment."""
        ...


class Functions:
    """Functions by their entry, such as deploy.functions.cleanup. Services are opened at the first need."""

    def __init__(
        self,
        open_services: OpenServices,
        report: Callable[[Mapping[str, Any]], None],
        code: Sequence[str] = ("deploy.functions", "server"),
    ) -> None:
        """`report` is told of each invocation as a span of the request log. `code` are the functions' packages."""
        self._code = code
        self._open_services = open_services
        self._report = report
        self._opened: dict[str, AbstractAsyncContextManager[Any]] = {}
        self._ready: dict[str, tuple[Any, Any]] = {}
        self._opening = asyncio.Lock()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def invoke(self, entry: str, event: dict[str, Any], timeout_seconds: float) -> Any:
        """The function's result; its exceptions pass through. Raises FunctionTimeoutError."""
        handler, services = await self.open(entry)
        invocation = Invocation(entry, event)
        try:
            with self._counted(), tracing(invocation.trace_id):
                result = await self._run(handler, services, event, timeout_seconds)
        except BaseException as error:
            self._report(invocation.span(error))
            raise
        self._report(invocation.span())
        return result

    async def _run(self, handler: Any, services: Any, event: dict[str, Any], timeout_seconds: float) -> Any:
        try:
            async with asyncio.timeout(timeout_seconds) as limit:
                return await handler.function(services, event)
        except TimeoutError:
            if not limit.expired():
                raise
            raise FunctionTimeoutError(f"Task timed out after {timeout_seconds:.2f} seconds") from None

    async def open(self, entry: str) -> tuple[Any, Any]:
        """A function's handler and its services, opened now if they are not."""
        async with self._opening:
            if entry not in self._ready:
                module = await asyncio.to_thread(import_module, entry)
                opened = await asyncio.to_thread(self._open_services, entry)
                self._ready[entry] = module.handler, await opened.__aenter__()
                self._opened[entry] = opened
            return self._ready[entry]

    async def close(self) -> None:
        """Close all services; the next need opens new ones."""
        async with self._opening:
            await self._close()

    async def renew(self) -> None:
        """Import the code anew at the next event; those that are under way end with what they began with."""
        async with self._opening:
            await self._idle.wait()
            await self._close()
            forget_code(*self._code)
        # What was set aside at the start, as never being garbage, is garbage now.
        gc.unfreeze()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _close(self) -> None:
        opened, self._opened, self._ready = self._opened, {}, {}
        for services in opened.values():
            await services.__aexit__(None, None, None)
