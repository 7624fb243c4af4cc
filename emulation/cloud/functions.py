"""Runs the event functions of deploy/functions/ in process, with one set of services for all of them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import Any

OpenServices = Callable[[], AbstractAsyncContextManager[Any]]


class FunctionTimeoutError(Exception):
    """A function took longer than its Timeout; worded as Lambda words it."""


class Functions:
    """Functions by their entry, such as deploy.functions.cleanup. The services are opened at the first need."""

    def __init__(self, open_services: OpenServices) -> None:
        self._open_services = open_services
        self._opened: AbstractAsyncContextManager[Any] | None = None
        self._services: Any = None
        self._opening = asyncio.Lock()

    async def invoke(self, entry: str, event: dict[str, Any], timeout_seconds: float) -> Any:
        """The function's result; its exceptions pass through. Raises FunctionTimeoutError."""
        module = await asyncio.to_thread(import_module, entry)
        services = await self.open()
        try:
            async with asyncio.timeout(timeout_seconds) as limit:
                return await module.handler.function(services, event)
        except TimeoutError:
            if not limit.expired():
                raise
            raise FunctionTimeoutError(f"Task timed out after {timeout_seconds:.2f} seconds") from None

    async def open(self) -> Any:
        """The services, opened now if they are not."""
        async with self._opening:
            if self._opened is None:
                opened = await asyncio.to_thread(self._open_services)
                self._services = await opened.__aenter__()
                self._opened = opened
            return self._services

    async def close(self) -> None:
        """Close the services; the next need opens new ones."""
        async with self._opening:
            opened, self._opened, self._services = self._opened, None, None
            if opened is not None:
                await opened.__aexit__(None, None, None)
