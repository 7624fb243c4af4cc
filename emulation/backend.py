"""What answers behind the local HTTP API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.app import Authorize, Integration

# A check may wait longer for Cognito than the authorizer does: a machine that is busy is not ill.
CHECK_SECONDS = 4.0


@dataclass(frozen=True)
class Backend:
    """`integration` and `authorize` are the gateway's; `check` raises when they cannot reach their data."""

    integration: Integration
    authorize: Authorize
    check: Callable[[], Awaitable[None]]
