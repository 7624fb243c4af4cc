"""Compares two servers: alternating pairs of measurements, their medians and spread, as a table and as JSON."""

import base64
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from emulation.settings import ROOT

T = TypeVar("T")


@dataclass(frozen=True)
class Case(Generic[T]):
    """What is measured. `make_requests` prepares a server and gives the raw requests, which are sent in turn."""

    name: str
    make_requests: Callable[[T], list[bytes]]
    goal: float


@dataclass(frozen=True)
class Measurement:
    """One run of the load against one server."""

    requests_per_second: float
    median_milliseconds: float
    failed: int


@dataclass(frozen=True)
class Comparison:
    """The pairs of a case with so many clients: measurements of the new server and of the one it is held against."""

    name: str
    goal: float
    clients: int
    pairs: list[tuple[Measurement, Measurement]]

    @property
    def ratios(self) -> list[float]:
        """How many times as fast, pair by pair: what disturbs the machine disturbs both halves of a pair."""
        return [new.requests_per_second / old.requests_per_second for new, old in self.pairs]

    @property
    def ratio(self) -> float:
        """The median."""
        return statistics.median(self.ratios)

    def median(self, side: int) -> float:
        """The requests per second of the new (0) or the old (1) server."""
        return statistics.median(pair[side].requests_per_second for pair in self.pairs)

    def to_json(self) -> dict[str, Any]:
        """All figures."""
        sides = [[vars(measurement) for measurement in side] for side in zip(*self.pairs, strict=True)]
        return {
            "name": self.name,
            "clients": self.clients,
            "goal": self.goal,
            "ratio": self.ratio,
            "ratios": self.ratios,
            "new": sides[0],
            "old": sides[1],
        }


class LoadProcess:
    """The load generator, which keeps running between measurements."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, url: str, requests: Sequence[bytes], clients: int, seconds: float) -> Measurement:
        """Send the requests in turn for so many seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        address = urlsplit(url)
        job = {
            "host": address.hostname,
            "port": address.port,
            "requests": [base64.b64encode(request).decode() for request in requests],
            "clients": clients,
            "seconds": seconds,
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        result = json.loads(self._process.stdout.readline())
        latencies: list[float] = result["latencies"]
        return Measurement(
            len(latencies) / result["elapsed"], statistics.median(latencies) * 1000, int(result["failed"])
        )

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)


@dataclass(frozen=True)
class Plan:
    """How thoroughly to measure."""

    pairs: int
    seconds: float
    clients: tuple[int, ...]


def compare(
    load: LoadProcess, servers: tuple[T, T], url_of: Callable[[T], str], cases: Sequence[Case[T]], plan: Plan
) -> Iterator[Comparison]:
    """The comparisons, each as soon as it is measured."""
    for case in cases:
        requests = [case.make_requests(server) for server in servers]
        urls = [url_of(server) for server in servers]
        for url, own in zip(urls, requests, strict=True):
            load.measure(url, own, 1, plan.seconds / 4)
        for clients in plan.clients:
            pairs = []
            for number in range(plan.pairs):
                found: dict[int, Measurement] = {}
                for side in (0, 1) if number % 2 == 0 else (1, 0):
                    found[side] = load.measure(urls[side], requests[side], clients, plan.seconds)
                pairs.append((found[0], found[1]))
            yield Comparison(case.name, case.goal, clients, pairs)


def table_head(names: tuple[str, str]) -> str:
    """The first lines of the table."""
    titles = f"| requests/s | clients | {names[0]} | {names[1]} | ratio (from-to) | goal | failed |"
    return f"{titles}\n|---|---|---|---|---|---|---|"


def table_line(one: Comparison) -> str:
    """A line of the table."""
    ratios = f"{one.ratio:.1f} ({min(one.ratios):.1f}-{max(one.ratios):.1f})"
    goal = f"{one.goal:g}: {'met' if one.ratio >= one.goal else 'MISSED'}"
    failed = sum(measurement.failed for pair in one.pairs for measurement in pair)
    medians = f"{one.median(0):.0f} | {one.median(1):.0f}"
    return f"| {one.name} | {one.clients} | {medians} | {ratios} | {goal} | {failed or ''} |"


def to_json(comparisons: Sequence[Comparison], about: Mapping[str, Any]) -> str:
    """All figures, for whoever compares runs."""
    return json.dumps({**about, "comparisons": [one.to_json() for one in comparisons]}, indent=1)
