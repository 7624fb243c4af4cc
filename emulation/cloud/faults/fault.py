"""One fault, and how it is read from JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from emulation.settings import DEVELOPER_ACCESS_KEY

ANY = "*"
SERVICES = ("cognito-idp", "dynamodb", "s3")
LONGEST_LATENCY_MILLISECONDS = 60_000
MOST_CALLS = 1_000_000


class Kind(StrEnum):
    """What happens to a call. `lost` is carried out, and its answer does not arrive."""

    THROTTLE = "throttle"
    ERROR = "error"
    LATENCY = "latency"
    DROP = "drop"
    LOST = "lost"
    CONFLICT = "conflict"
    IN_PROGRESS = "in-progress"


# What only DynamoDB has, and only in these actions: another transaction is at the item, or the same one is still under
# way.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
IN_TRANSACTIONS = {
    Kind.CONFLICT: ("DeleteItem", "PutItem", "TransactGetItems", "TransactWriteItems", "UpdateItem"),
    Kind.IN_PROGRESS: ("TransactWriteItems",),
}


class MalformedFaultError(Exception):
    """The JSON describes no fault; the text is a sentence."""


@dataclass
class Fault:
    """Of the calls of `service` and `action` (`*` is any), the first `skip` are spared; of those after them each is hit
    with the probability `share`, at most `times` (0: no end).

    `developer` says whether calls with the developer's own access key are hit too.
    """

    kind: Kind
    service: str = ANY
    action: str = ANY
    share: float = 1.0
    milliseconds: int = 0
    skip: int = 0
    times: int = 0
    developer: bool = False
    id: str = ""
    met: int = 0
    hits: int = 0

    def concerns(self, service: str, action: str, access_key: str) -> bool:
        """Whether a call is one of those that the fault is about."""
        return (
            self.service in (ANY, service)
            and self.action in (ANY, action)
            and (self.kind not in IN_TRANSACTIONS or (service == "dynamodb" and action in IN_TRANSACTIONS[self.kind]))
            and (self.developer or access_key != DEVELOPER_ACCESS_KEY)
        )

    def strikes(self, fraction: float) -> bool:
        """Count a call that the fault is about; whether it is hit. `fraction` is a random number below 1."""
        self.met += 1
        if self.met <= self.skip or (self.times and self.hits >= self.times) or fraction >= self.share:
            return False
        self.hits += 1
        return True

    def to_json(self) -> dict[str, Any]:
        """As the control plane tells it: `met` calls were of this kind, `hits` of them were hit."""
        return {
            "id": self.id,
            "kind": self.kind,
            "service": self.service,
            "action": self.action,
            "share": self.share,
            "milliseconds": self.milliseconds,
            "skip": self.skip,
            "times": self.times,
            "developer": self.developer,
            "met": self.met,
            "hits": self.hits,
        }


def read_fault(told: Any) -> Fault:
    """The fault that a JSON value describes; raises MalformedFaultError."""
    if not isinstance(told, Mapping):
        raise MalformedFaultError('A fault is an object such as {"kind": "throttle", "service": "dynamodb"}.')
    unknown = set(told) - {"kind", "service", "action", "share", "milliseconds", "skip", "times", "developer"}
    if unknown:
        raise MalformedFaultError(f"A fault has no {sorted(unknown)[0]}.")
    if told.get("kind") not in tuple(Kind):
        raise MalformedFaultError(f"kind is one of {', '.join(Kind)}.")
    fault = Fault(
        Kind(told["kind"]),
        _read_text(told, "service"),
        _read_text(told, "action"),
        _read_share(told),
        _read_count(told, "milliseconds", LONGEST_LATENCY_MILLISECONDS),
        _read_count(told, "skip", MOST_CALLS),
        _read_count(told, "times", MOST_CALLS),
        told.get("developer") is True,
    )
    if fault.service not in (ANY, *SERVICES):
        raise MalformedFaultError(f"service is one of {', '.join((ANY, *SERVICES))}.")
    if (fault.kind is Kind.LATENCY) != (fault.milliseconds > 0):
        raise MalformedFaultError("milliseconds belong to latency, and to it alone.")
    actions = IN_TRANSACTIONS.get(fault.kind)
    if actions is not None and (fault.service not in (ANY, "dynamodb") or fault.action not in (ANY, *actions)):
        raise MalformedFaultError(f"{fault.kind} is what DynamoDB answers to {', '.join(actions)}.")
    return fault


def _read_text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, ANY)
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise MalformedFaultError(f"{name} is a name, or * for any.")
    return value


def _read_share(told: Mapping[str, Any]) -> float:
    share = told.get("share", 1)
    if type(share) not in (int, float) or not 0 < share <= 1:
        raise MalformedFaultError("share is a number above 0 and up to 1.")
    return float(share)


def _read_count(told: Mapping[str, Any], name: str, most: int) -> int:
    count = told.get(name, 0)
    if type(count) is not int or not 0 <= count <= most:
        raise MalformedFaultError(f"{name} is a whole number from 0 to {most}.")
    return count
