"""A request and an answer, as both adapters speak of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One call of a route.

    `path` has the decoded values of the route's `{names}`, `query` the raw query string, `headers` lower-case names,
    and `authorizer` the context that the authorizer gave, which is None on routes without one.
    """

    path: Mapping[str, str]
    query: str
    headers: Mapping[str, str]
    body: bytes
    authorizer: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Response:
    """An answer, its body in UTF-8."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
