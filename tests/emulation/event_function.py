"""An event function for tests: hands each event to the services, which are the test's own."""

from types import SimpleNamespace
from typing import Any


async def receive(services: Any, event: dict[str, Any]) -> Any:
    return await services(event)


handler = SimpleNamespace(function=receive)
