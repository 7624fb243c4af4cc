"""The latest requests. What is told of one comes from several parts and in any order: its trace brings it together."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from emulation.cloud.aws_call import AwsCall
from emulation.cloud.requests.meter import Kind, Meter, Usage
from emulation.cloud.requests.record import NO_ROUTE, PARTS, Record

KEPT_REQUESTS = 1_000
# The action under which a service's mails are counted.
MAIL = "Mail"


class MalformedSpanError(ValueError):
    """What was reported is no span."""


class RequestLog:
    """The last KEPT_REQUESTS requests, and the meter, which forgets nothing. `revision` grows with every change."""

    def __init__(self) -> None:
        self.revision = 0
        self._meter = Meter()
        self._records: OrderedDict[str, Record] = OrderedDict()
        self._changed = asyncio.Event()

    def record_call(self, trace_id: str, call: AwsCall, *, is_direct: bool = False) -> None:
        """Note a call of AWS; one that came straight to the endpoint is a request of its own."""
        record = self._find(trace_id)
        if is_direct:
            record.is_direct, record.route = True, f"direct: {call.caller or 'unsigned'}"
        record.add_call(call)
        self._use(record, (call.service, call.action, call.tier), call)
        if call.mails:
            self._use(record, (call.service, MAIL, ""), Usage(call.mails))
        self._note(record)

    def record_span(self, span: Mapping[str, Any]) -> None:
        """Note what a part did for a request; raises MalformedSpanError."""
        checked = _checked(span)
        record = self._find(checked.pop("traceId"))
        record.add_span(checked)
        if record.route:
            self._settle(record)
        for kind, usage in _usage_of(checked):
            self._use(record, kind, usage)
        self._note(record)

    def list_records(self, since: int = 0) -> list[Record]:
        """The records that have changed after a revision, newest first."""
        changed = [record for record in self._records.values() if record.revision > since]
        return sorted(changed, key=lambda record: record.started_at, reverse=True)

    def clear(self) -> None:
        """Forget the requests; the meter stays."""
        for record in self._records.values():
            self._settle(record)
        self._records.clear()
        self.revision += 1
        self._changed.set()

    async def wait_for_change(self, revision: int, seconds: float) -> None:
        """Return when the log is no longer at a revision, or when the time is over."""
        if self.revision != revision:
            return
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def read_meter(self) -> list[dict[str, Any]]:
        """A row for each route, service and action."""
        return self._meter.to_json(self._pending())

    def clear_meter(self) -> None:
        """Set the meter to zero."""
        self._meter.clear()
        for record in self._records.values():
            record.usage.clear()

    def _find(self, trace_id: str) -> Record:
        record = self._records.get(trace_id)
        if record is None:
            record = self._records[trace_id] = Record(trace_id)
            if len(self._records) > KEPT_REQUESTS:
                self._settle(self._records.popitem(last=False)[1])
        return record

    def _use(self, record: Record, kind: Kind, used: AwsCall | Usage) -> None:
        if record.route:
            self._meter.add(record.route, kind, used)
        else:
            record.usage.setdefault(kind, Usage()).add(used)

    def _settle(self, record: Record) -> None:
        for kind, usage in record.usage.items():
            self._meter.add(record.route or NO_ROUTE, kind, usage, usage.count)
        record.usage.clear()

    def _pending(self) -> Iterator[tuple[str, Kind, Usage]]:
        for record in self._records.values():
            for kind, usage in record.usage.items():
                yield record.route or NO_ROUTE, kind, usage

    def _note(self, record: Record) -> None:
        self.revision += 1
        record.revision = self.revision
        self._changed.set()


def _checked(span: Mapping[str, Any]) -> dict[str, Any]:
    numbers = (span.get("startedAt"), span.get("ms"), span.get("status"))
    is_whole = all(isinstance(one, int | float) for one in numbers)
    if span.get("part") not in PARTS or not isinstance(span.get("traceId"), str) or not is_whole:
        raise MalformedSpanError("A span has traceId, part, startedAt, ms and status.")
    return dict(span)


def _usage_of(span: Mapping[str, Any]) -> Iterator[tuple[Kind, Usage]]:
    """What a span itself uses of AWS, beside the calls: CloudFront, API Gateway, and functions that ran."""
    request_bytes, response_bytes = int(span.get("requestBytes", 0)), int(span.get("responseBytes", 0))
    whole = Usage(1, float(span["ms"]), request_bytes, response_bytes)
    if span["part"] == "edge":
        # "Hit from cloudfront", "Miss from cloudfront", "RefreshHit from cloudfront", "Error from cloudfront"
        result = str(span.get("cache", "")).partition(" ")[0]
        yield ("cloudfront", str(span.get("behaviour", "")), result), whole
    elif span["part"] == "api":
        yield ("apigateway", "Request", ""), whole
    for function, milliseconds in span.get("functions", {}).items():
        yield ("lambda", str(function), ""), Usage(1, float(milliseconds))
