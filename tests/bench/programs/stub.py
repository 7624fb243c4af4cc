"""DynamoDB that answers at once: `python -m tests.bench.programs.stub PORT`. It reads no more than it has to."""

import asyncio
import json
import sys
from typing import cast

from tests.bench.guitars import ITEM


def _answer(value: object) -> bytes:
    body = json.dumps(value, separators=(",", ":")).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_FOUND, _WRITTEN = _answer({"Item": ITEM}), _answer({})


class Stub(asyncio.Protocol):
    """A connection: requests are told apart by their target, and end where their length says."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while True:
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            lower = head.lower()
            at = lower.find(b"content-length:")
            length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(rest) < length:
                return
            self._received = rest[length:]
            self._transport.write(_FOUND if b"getitem" in lower else _WRITTEN)


async def main(port: int) -> None:
    """Listen until ended."""
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
