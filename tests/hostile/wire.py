"""Requests to the byte, as no HTTP library would write them."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

# What no answer may tell of the inside: classes, traces, files, tables, the parts behind the door.
INSIDE = (
    b"Traceback",
    b"Error(",
    b"Exception",
    b"bytearray",
    b".py",
    b"aiohttp",
    b"botocore",
    b"pydantic",
    b"moto",
    b"python",
    b"Python",
    b"guitars-",
    b"users-",
    b"site-packages",
)


@dataclass(frozen=True)
class RawAnswer:
    """What came back until the server closed; status 0 when that was nothing."""

    raw: bytes

    @property
    def status(self) -> int:
        """The status of the first answer."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw else 0

    @property
    def head(self) -> bytes:
        """Status line and headers."""
        return self.raw.partition(b"\r\n\r\n")[0]

    @property
    def body(self) -> bytes:
        """Everything behind the head."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def count(self) -> int:
        """How many answers came: more than one means that a body was taken for a request."""
        return self.raw.count(b"HTTP/1.")

    @property
    def told(self) -> list[bytes]:
        """The words about the inside in it."""
        return [word for word in INSIDE if word in self.raw]


async def send(url: str, content: bytes, within_seconds: float = 60) -> RawAnswer:
    """Send the bytes to a URL's host and port, and read until the other side closes."""
    split = urlsplit(url)
    reader, writer = await asyncio.open_connection(split.hostname, split.port)
    try:
        writer.write(content)
        return RawAnswer(await asyncio.wait_for(_read(reader), within_seconds))
    finally:
        writer.close()


async def exchange(url: str, line: str, *headers: str, host: str = "localhost", body: bytes = b"") -> RawAnswer:
    """One request, of a request line and headers; the connection closes behind it."""
    lines = [line, f"Host: {host}", "Connection: close", *headers, "", ""]
    return await send(url, "\r\n".join(lines).encode("utf-8", "surrogateescape") + body)


async def _read(reader: asyncio.StreamReader) -> bytes:
    received = b""
    try:
        while chunk := await reader.read(1 << 16):
            received += chunk
    except ConnectionError:
        # It did not want to read the rest of what was sent.
        pass
    return received
