"""Requests exactly as boto3 sends them, taken before they leave."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest

# The load does not wait for "100 Continue", and no signature covers it.
LEFT_OUT = frozenset({"expect", "connection", "host", "content-length"})


class TakenError(Exception):
    """Carries the request that is not sent."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        self.request = request


def _take(request: AWSPreparedRequest, **_: Any) -> None:
    raise TakenError(request)


def take_request(client: Any, call: Callable[[Any], Any]) -> bytes:
    """The bytes of the one request that `call` would make with a client, signed now."""
    client.meta.events.register_first("before-send", _take)
    try:
        call(client)
    except TakenError as taken:
        return _to_bytes(taken.request)
    finally:
        client.meta.events.unregister("before-send", _take)
    raise AssertionError("no request was made")


def _to_bytes(request: AWSPreparedRequest) -> bytes:
    address = urlsplit(request.url)
    target = address.path + (f"?{address.query}" if address.query else "")
    body = _read(request.body)
    headers = {name: _text(value) for name, value in request.headers.items() if name.lower() not in LEFT_OUT}
    headers |= {"Host": address.netloc, "Content-Length": str(len(body))}
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _read(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body if isinstance(body, bytes | bytearray) else body.read())


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
