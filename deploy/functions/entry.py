"""How a function starts on Lambda: one event loop and one set of clients per process, kept between invocations."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from typing import Any

from server.aws.clients import SERVICES, Clients, open_clients
from server.clock import Clock, SystemClock
from server.services import Services, compose_services
from server.settings import STORES, Settings, read_settings

EventFunction = Callable[[Services, dict[str, Any]], Awaitable[Any]]
# Settings that come with the event. The CDN's address in a function's environment would be a cycle in the template.
STAGE_VARIABLES = ("CLOUDFRONT_DOMAIN",)
# Lambda sets it while a function starts.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
ON_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"


class Entry:
    """A Lambda handler around an event function. Elsewhere `function` can be awaited with services of one's own."""

    def __init__(
        self, function: EventFunction, required: Sequence[str] = STORES, aws_services: Collection[str] = SERVICES
    ) -> None:
        """`required` are the variables that the function cannot do without, `aws_services` those that it calls."""
        self.function = function
        self.aws_services = aws_services
        self.clock: Clock = SystemClock()
        self._required = required
        self._runner: asyncio.Runner | None = None
        self._clients: Clients | None = None
        self._services: Services | None = None
        if ON_LAMBDA in os.environ:
            # While it starts, a function has more CPU than its memory gives it afterwards.
            self._run(self._open())

    def __call__(self, event: dict[str, Any], _context: object) -> Any:
        """Run the function with an event, as Lambda calls it."""
        return self._run(self._answer(event))

    def _run(self, work: Any) -> Any:
        if self._runner is None:
            # A client works only on the loop that opened it.
            self._runner = asyncio.Runner()
        # Not Runner.run, which sets a handler of SIGINT and takes it back, each time.
        return self._runner.get_loop().run_until_complete(work)

    async def _open(self) -> Clients:
        if self._clients is None:
            opening = open_clients(self._settings({}), services=self.aws_services)
            # Never closed: the process ends with Lambda's sandbox.
            self._clients = await AsyncExitStack().enter_async_context(opening)
        return self._clients

    async def _answer(self, event: dict[str, Any]) -> Any:
        if self._services is None:
            clients = await self._open()
            self._services = compose_services(self._settings(event), clients, self.clock, os.urandom)
        return await self.function(self._services, event)

    def _settings(self, event: dict[str, Any]) -> Settings:
        staged = event.get("stageVariables") or {}
        told = {name: staged[name] for name in STAGE_VARIABLES if name in staged}
        return read_settings({**os.environ, **told}, self._required)
