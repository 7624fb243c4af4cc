"""One request: the spans that the edge, the API and the functions report of it, and the calls of AWS that it made."""

from typing import Any

from emulation.cloud.aws_call import AwsCall
from emulation.cloud.requests.meter import Kind, Usage

# Further calls of one request are counted, not kept.
MAX_CALLS = 200
# In this order a part says what the request was.
PARTS = ("edge", "api", "function")
API_BEHAVIOUR = "/api/*"
SITE_BEHAVIOUR = "*"
NO_ROUTE = "no route"


class Record:
    """`revision` is that of the log when the record changed last. Until its route is known, its usage is kept here."""

    def __init__(self, trace_id: str) -> None:
        self.trace_id = trace_id
        self.revision = 0
        self.spans: dict[str, dict[str, Any]] = {}
        self.calls: list[AwsCall] = []
        self.call_count = 0
        self.is_direct = False
        self.route = ""
        self.usage: dict[Kind, Usage] = {}

    def add_call(self, call: AwsCall) -> None:
        """Keep a call."""
        self.call_count += 1
        if len(self.calls) < MAX_CALLS:
            self.calls.append(call)

    def add_span(self, span: dict[str, Any]) -> None:
        """Keep what a part did, and learn the route where the part knows it."""
        self.spans[span["part"]] = span
        if span["part"] != "edge":
            self.route = span.get("route") or NO_ROUTE
        elif span.get("behaviour") != API_BEHAVIOUR:
            self.route = self.route or span.get("behaviour") or NO_ROUTE

    @property
    def started_at(self) -> float:
        """When the request came in, or its first call."""
        times = [span["startedAt"] for span in self.spans.values()] + [call.started_at for call in self.calls[:1]]
        return float(min(times, default=0.0))

    @property
    def entry(self) -> dict[str, Any] | None:
        """The span of the first part; None while only calls are known."""
        return next((self.spans[part] for part in PARTS if part in self.spans), None)

    @property
    def user_id(self) -> str:
        """The signed-in user; empty where there is none."""
        return str(self.spans.get("api", {}).get("userId", ""))

    @property
    def status(self) -> int | None:
        """The answer's status; None while the request is under way."""
        if self.entry is not None:
            return int(self.entry["status"])
        return self.calls[0].status if self.is_direct else None

    @property
    def target(self) -> str:
        """The path with its query, redacted; of a function its name, of a call what it is about."""
        if self.entry is not None:
            return str(self.entry.get("target", ""))
        return ", ".join(self.calls[0].resources) if self.is_direct else ""

    def to_json(self) -> dict[str, Any]:
        """As `/_local/requests` shows it; times are seconds since 1970, durations milliseconds."""
        return {
            "id": self.trace_id,
            "revision": self.revision,
            "kind": self.kind,
            "startedAt": self.started_at,
            "ms": self._milliseconds(),
            "method": self._method(),
            "target": self.target,
            "status": self.status,
            "route": self.route,
            "userId": self.user_id,
            "spans": self.spans,
            "calls": [call.to_json() for call in self.calls],
            "callCount": self.call_count,
        }

    @property
    def kind(self) -> str:
        """`api`, `edge` (images and mailed links), `site` (its files), `function` (events), `aws` (straight to the
        endpoint), or `pending` before the first part has told of it."""
        if self.is_direct:
            return "aws"
        entry = self.entry
        if entry is None:
            return "pending"
        if "api" in self.spans or entry.get("behaviour") == API_BEHAVIOUR:
            return "api"
        return "site" if entry.get("behaviour") == SITE_BEHAVIOUR else str(entry["part"])

    def _method(self) -> str:
        if self.entry is not None:
            return str(self.entry.get("method", ""))
        return f"{self.calls[0].service}:{self.calls[0].action}" if self.is_direct else ""

    def _milliseconds(self) -> float | None:
        if self.entry is not None:
            return float(self.entry["ms"])
        return round(self.calls[0].milliseconds, 3) if self.is_direct else None
