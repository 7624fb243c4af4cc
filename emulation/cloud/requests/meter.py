"""What was used of AWS, by route, service and action: counted since the meter was set to zero, and never trimmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulation.cloud.aws_call import AwsCall


@dataclass(slots=True)
class Usage:
    """The sum of some calls; units are by table, or table/index."""

    count: int = 0
    milliseconds: float = 0.0
    request_bytes: int = 0
    response_bytes: int = 0
    read_units: dict[str, float] = field(default_factory=dict)
    write_units: dict[str, float] = field(default_factory=dict)

    def add(self, other: "Usage | AwsCall", count: int = 1) -> None:
        """Add a call, or what `count` calls used."""
        self.count += count
        self.milliseconds += other.milliseconds
        self.request_bytes += other.request_bytes
        self.response_bytes += other.response_bytes
        if other.read_units:
            _add_units(self.read_units, other.read_units)
        if other.write_units:
            _add_units(self.write_units, other.write_units)

    def to_json(self) -> dict[str, Any]:
        """As the meter shows it."""
        return {
            "count": self.count,
            "ms": round(self.milliseconds, 3),
            "requestBytes": self.request_bytes,
            "responseBytes": self.response_bytes,
            "readUnits": self.read_units,
            "writeUnits": self.write_units,
        }


def _add_units(counted: dict[str, float], more: Mapping[str, float]) -> None:
    for name, units in more.items():
        counted[name] = counted.get(name, 0.0) + units


# Service, action, and how S3 bills it.
Kind = tuple[str, str, str]


class Meter:
    """Usage by route and kind. What belongs to no route of the API has what called it in its place."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, Kind], Usage] = {}

    def add(self, route: str, kind: Kind, usage: "Usage | AwsCall", count: int = 1) -> None:
        """Count usage under a route."""
        found = self._used.get((route, kind))
        if found is None:
            found = self._used[route, kind] = Usage()
        found.add(usage, count)

    def to_json(self, pending: Iterable[tuple[str, Kind, Usage]]) -> list[dict[str, Any]]:
        """A row for each route, service and action, with what is still under way; the rows are sorted."""
        rows: dict[tuple[str, Kind], Usage] = {}
        for (route, kind), usage in self._used.items():
            rows.setdefault((route, kind), Usage()).add(usage, usage.count)
        for route, kind, usage in pending:
            rows.setdefault((route, kind), Usage()).add(usage, usage.count)
        return [
            {"route": route, "service": kind[0], "action": kind[1], "tier": kind[2], **usage.to_json()}
            for (route, kind), usage in sorted(rows.items(), key=lambda row: row[0])
        ]

    def clear(self) -> None:
        """Set everything to zero."""
        self._used.clear()
