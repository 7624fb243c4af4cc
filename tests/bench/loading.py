"""The load generator as a process that keeps running between measurements."""

import base64
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.bench.processes import Worker, plain_environment


@dataclass(frozen=True)
class Load:
    """One run of the load against one server."""

    requests_per_second: float
    median_milliseconds: float


class LoadProcess:
    """Sends ready requests, again and again; more refusals than a share of them break the row off."""

    def __init__(self, stack: ExitStack) -> None:
        self._worker = Worker(stack, [sys.executable, "-m", "tests.bench.load"], plain_environment())

    def measure(
        self, url: str, requests: Sequence[bytes], clients: int, seconds: float, may_refuse: float = 0.0
    ) -> Load:
        """Send the requests in turn for so many seconds."""
        address = urlsplit(url)
        result = self._worker.ask(
            {
                "host": address.hostname,
                "port": address.port,
                "requests": [base64.b64encode(request).decode() for request in requests],
                "clients": clients,
                "seconds": seconds,
            }
        )
        latencies: list[float] = result["latencies"]
        refused = result["failed"]
        assert refused <= may_refuse * len(latencies), f"{url} refused {refused} of {len(latencies)} requests"
        return Load(len(latencies) / result["elapsed"], statistics.median(latencies) * 1000)


def http_request(method: str, url: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
