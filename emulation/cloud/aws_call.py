"""One call of AWS while it is answered: the services note here what only they know of it."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from emulation.cloud.exchange import Answer

_XML_CODE = re.compile(rb"<Code>([^<]{1,100})</Code>")
_under_way: ContextVar["AwsCall | None"] = ContextVar("aws_call", default=None)


class AwsCall:
    """`started_at` is in seconds since 1970, `milliseconds` what the endpoint took, without the way there and back.

    Units of capacity are by `table`, or `table/index`. `tier` is how S3 bills the request. Bytes are those of bodies.
    """

    __slots__ = (
        "action",
        "caller",
        "error_code",
        "mails",
        "milliseconds",
        "read_units",
        "request_bytes",
        "resources",
        "response_bytes",
        "service",
        "started_at",
        "status",
        "tier",
        "write_units",
    )

    def __init__(self, service: str, action: str, request_bytes: int, resource: str = "", tier: str = "") -> None:
        self.service = service
        self.action = action
        self.tier = tier
        self.caller = ""
        self.resources = [resource] if resource else []
        self.read_units: dict[str, float] = {}
        self.write_units: dict[str, float] = {}
        self.request_bytes = request_bytes
        self.response_bytes = 0
        self.status = 500
        self.error_code = ""
        self.mails = 0
        self.milliseconds = 0.0
        self.started_at = 0.0

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """What is noted within is noted of this call."""
        self.started_at = time.time()
        begun = time.perf_counter()
        token = _under_way.set(self)
        try:
            yield
        finally:
            _under_way.reset(token)
            self.milliseconds = (time.perf_counter() - begun) * 1000

    def take_answer(self, answer: Answer) -> None:
        """Note how the call was answered."""
        self.status = answer.status
        self.response_bytes = len(answer.body)
        if answer.is_lost:
            self.error_code = "ConnectionDropped"
        elif answer.status >= 400:
            self.error_code = _read_error_code(answer.body)

    def to_json(self) -> dict[str, Any]:
        """As the log shows it; what there is none of is left out."""
        shown = {
            "service": self.service,
            "action": self.action,
            "caller": self.caller,
            "resources": self.resources,
            "startedAt": round(self.started_at, 6),
            "ms": round(self.milliseconds, 3),
            "status": self.status,
            "errorCode": self.error_code,
            "requestBytes": self.request_bytes,
            "responseBytes": self.response_bytes,
            "readUnits": self.read_units,
            "writeUnits": self.write_units,
            "tier": self.tier,
        }
        return {name: value for name, value in shown.items() if value or name in ("status", "ms")}


def note_right(caller: str, resource: str) -> None:
    """The call under way was made by `caller`, an access key, and is about `resource`, an ARN."""
    call = _under_way.get()
    if call is None:
        return
    call.caller = caller
    # What is known of S3's already is shorter.
    name = "" if call.service == "s3" else resource.rpartition(":")[2].removeprefix("table/")
    if name and name not in call.resources:
        call.resources.append(name)


def note_units(name: str, units: float, *, is_write: bool) -> None:
    """The call under way has consumed units of capacity of a table, or of `table/index`."""
    call = _under_way.get()
    if call is not None:
        counted = call.write_units if is_write else call.read_units
        counted[name] = counted.get(name, 0.0) + units


def note_mail() -> None:
    """The call under way has sent a mail."""
    call = _under_way.get()
    if call is not None:
        call.mails += 1


def _read_error_code(body: bytes) -> str:
    found = _XML_CODE.search(body)
    if found:
        return found[1].decode(errors="replace")
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("__type", "")).rpartition("#")[2] if isinstance(told, dict) else ""
