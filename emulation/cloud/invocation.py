"""One run of an event function, as the request log knows it."""

import time
from collections.abc import Mapping
from typing import Any

from emulation.logical_ids import logical_id
from emulation.tracing import UNRECORDED, current_trace_id, new_trace_id


class Invocation:
    """A request of its own, in a trace of its own; `cause` is the trace of the call that had it run, if it was one."""

    def __init__(self, entry: str, event: Mapping[str, Any]) -> None:
        self.trace_id = new_trace_id()
        self._cause = current_trace_id()
        self._function = logical_id(entry.rpartition(".")[2])
        self._event = event
        self._started_at = time.time()
        self._begun = time.perf_counter()

    def span(self, error: BaseException | None = None) -> dict[str, Any]:
        """The span, now that the function has ended."""
        milliseconds = round((time.perf_counter() - self._begun) * 1000, 3)
        told = {
            "part": "function",
            "traceId": self.trace_id,
            "startedAt": self._started_at,
            "ms": milliseconds,
            "status": 200 if error is None else 500,
            "method": "EVENT",
            "target": self._function,
            "route": f"event: {self._function}",
            "functions": {self._function: milliseconds},
            "source": _source(self._event),
        }
        if self._cause not in ("", UNRECORDED):
            told["cause"] = self._cause
        # The class alone: the text may hold what came in.
        return told if error is None else {**told, "errorCode": type(error).__name__}


def _source(event: Mapping[str, Any]) -> str:
    """What made the function run, in a few words."""
    records = event.get("Records")
    if not records:
        return str(event.get("triggerSource", ""))
    table = str(records[0].get("eventSourceARN", "")).partition("table/")[2].partition("/")[0]
    return f"{len(records)} records of {table}"
