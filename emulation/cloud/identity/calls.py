"""Who called what: the record that a report of used and unused rights is made from."""

from collections import deque
from typing import NamedTuple

from emulation.cloud.aws_call import note_right

KEPT_CALLS = 10_000


class Call(NamedTuple):
    """One right that was asked for; `caller` is an access key."""

    caller: str
    action: str
    resource: str
    allowed: bool


class Calls:
    """The latest calls; older ones are forgotten."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def record(self, caller: str, action: str, resource: str, allowed: bool) -> None:
        """Remember a call, and note it in the request log."""
        note_right(caller, resource)
        self._calls.append(Call(caller, action, resource, allowed))

    def list_calls(self) -> list[Call]:
        """The calls, oldest first."""
        return list(self._calls)
