"""The trace that a piece of work belongs to: `X-Amzn-Trace-Id` from the edge to the AWS endpoint.

On Lambda the SDKs send the header by themselves; locally the sessions of the functions do.
https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
"""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

TRACE_HEADER = "X-Amzn-Trace-Id"
# Health checks and the creation of the stack belong to this trace: nobody's request, so nobody's log.
UNRECORDED = f"1-{'0' * 8}-{'0' * 24}"
_ROOT = re.compile(r"(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)", re.ASCII)
_trace_id: ContextVar[str] = ContextVar("trace_id", default="")


def new_trace_id() -> str:
    """A trace's id: version, seconds since 1970, and 96 random bits."""
    return f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"


def read_trace_id(header: str | None) -> str:
    """The id in the header; empty when there is none."""
    found = _ROOT.search(header) if header else None
    return found[1] if found else ""


def trace_header() -> str:
    """The header's value for the work under way; empty when it belongs to no trace."""
    trace_id = _trace_id.get()
    return f"Root={trace_id}" if trace_id else ""


def current_trace_id() -> str:
    """The trace of the work under way; empty when it belongs to none."""
    return _trace_id.get()


@contextmanager
def tracing(trace_id: str) -> Iterator[str]:
    """What is done within, and in tasks and threads that begin within, belongs to the trace."""
    token = _trace_id.set(trace_id)
    try:
        yield trace_id
    finally:
        _trace_id.reset(token)
