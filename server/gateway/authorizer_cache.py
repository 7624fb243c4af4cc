"""API Gateway's cache of authorizer decisions, by the identity source."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from server.clock import Clock

# Asks the authorizer about an identity source.
AskAuthorizer = Callable[[str], Awaitable[dict[str, Any]]]
_MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class _Entry:
    decision: dict[str, Any]
    decided_at: datetime


class Decision(NamedTuple):
    """The authorizer's answer, and whether it was kept from an earlier request."""

    answer: dict[str, Any]
    was_kept: bool


class AuthorizerCache:
    """Decisions that hold for a while for all routes. A failure of the authorizer is not kept.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """

    def __init__(self, ask: AskAuthorizer, clock: Clock, ttl: timedelta) -> None:
        self._ask = ask
        self._clock = clock
        self._ttl = ttl
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    async def decide(self, identity: str) -> Decision:
        """The authorizer's answer for an identity source; raises what the authorizer raises."""
        entry = self._entries.get(identity)
        if entry is not None and self._clock.age(entry.decided_at) < self._ttl:
            return Decision(entry.decision, was_kept=True)
        decided_at = self._clock.now()
        decision = await self._ask(identity)
        self._entries[identity] = _Entry(decision, decided_at)
        self._entries.move_to_end(identity)
        if len(self._entries) > _MAX_ENTRIES:
            self._entries.popitem(last=False)
        return Decision(decision, was_kept=False)
