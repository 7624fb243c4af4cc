"""The load generator: `python -m tests.bench.load`, a process of its own that imports next to nothing.

It reads one job a line from stdin and answers each with one line: ready requests are sent again and again over
connections that stay open, and only counted.
"""

import asyncio
import base64
import json
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What the clients of one job have seen; `seconds` are the latencies."""

    requests: list[bytes]
    deadline: float
    sent: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)

    def next_request(self) -> bytes | None:
        """The next one in turn; None when the time is up."""
        if time.perf_counter() >= self.deadline:
            return None
        self.sent += 1
        return self.requests[(self.sent - 1) % len(self.requests)]


class Client(asyncio.Protocol):
    """One connection that sends the next request as soon as an answer is complete."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._head = b""
        self._left = -1
        self._sent_at = 0.0
        self._failed = False
        self._closing = False
        self._transport: asyncio.Transport | None = None
        self.done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        request = self._tally.next_request()
        assert self._transport is not None
        if request is None:
            self.done.set_result(True)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count the bytes of an answer, whose length its head says."""
        if self._left < 0:
            self._head += data
            head, end, rest = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            headers = _read_headers(head)
            self._left = int(headers.get(b"content-length", b"0")) - len(rest)
            # moto_server says so every time, and hangs when it is sent more on the same connection.
            self._closing = headers.get(b"connection", b"").lower() == b"close"
            self._failed = not head.startswith((b"HTTP/1.1 2", b"HTTP/1.0 2"))
            self._head = b""
        else:
            self._left -= len(data)
        if self._left == 0:
            self._tally.seconds.append(time.perf_counter() - self._sent_at)
            self._tally.failed += self._failed
            self._left = -1
            self._go_on()

    def _go_on(self) -> None:
        if self._closing and self._transport is not None:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """An end that nobody asked for; whoever started this client starts another."""
        if not self.done.done():
            self.done.set_result(False)


def _read_headers(head: bytes) -> dict[bytes, bytes]:
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in pairs}


async def _run_client(host: str, port: int, tally: Tally) -> None:
    loop = asyncio.get_running_loop()
    finished = False
    while not finished:
        _, client = await loop.create_connection(lambda: Client(tally), host, port)
        finished = await client.done


async def _run_job(host: str, port: int, requests: list[bytes], clients: int, seconds: float) -> dict[str, object]:
    started = time.perf_counter()
    tally = Tally(requests, started + seconds)
    await asyncio.gather(*(_run_client(host, port, tally) for _ in range(clients)))
    # What was under way at the end is waited for and counted, its time too.
    return {"elapsed": time.perf_counter() - started, "latencies": tally.seconds, "failed": tally.failed}


def main() -> None:
    """Do the jobs, one after the other."""
    for line in sys.stdin:
        job = json.loads(line)
        requests = [base64.b64decode(request) for request in job["requests"]]
        result = asyncio.run(_run_job(job["host"], job["port"], requests, job["clients"], job["seconds"]))
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
