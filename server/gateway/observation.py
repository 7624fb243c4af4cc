"""What the gateway did for a request, told to whoever observes it: access logs, metrics, a request log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from server.routes import Route


class Authorization(StrEnum):
    """How a request got past the authorizer, or did not."""

    NOT_NEEDED = "not needed"
    # Without an identity source the authorizer is not asked.
    NO_IDENTITY = "no identity"
    # The cached decision was taken.
    HIT = "hit"
    # The authorizer was asked.
    MISS = "miss"
    FAILED = "failed"


@dataclass
class Observation:
    """One matched request. `context` is the authorizer's; a time is None where that step was not reached."""

    route: Route
    authorization: Authorization = Authorization.NOT_NEEDED
    context: Mapping[str, Any] = field(default_factory=dict)
    authorizer_seconds: float | None = None
    integration_seconds: float | None = None
    timed_out: bool = False


# Called once when the answer of a matched request is decided; it must neither raise nor wait.
Observe = Callable[[Observation], None]


def observe_nothing(_observation: Observation) -> None:
    """For an app that nobody observes."""
