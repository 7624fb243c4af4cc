"""Calls a WSGI application in the calling thread, without any socket between."""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from emulation.cloud.exchange import Answer, Request

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

# Where moto looks for the spelling of header names, which WSGI folds (moto.core.request).
PRESERVED_NAMES = "moto.preserved_header_names"


def to_environ(request: Request, errors: Any) -> dict[str, Any]:
    """The WSGI environment of a request whose body was read whole."""
    path, _, query = request.target.partition("?")
    host = request.headers.get("Host", "localhost")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": request.target,
        "SERVER_NAME": host.partition(":")[0],
        "SERVER_PORT": host.partition(":")[2] or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": errors,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ.update(_headers(request.headers))
    environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ


def _headers(headers: Mapping[str, str]) -> dict[str, Any]:
    names: dict[str, str] = {}
    folded: dict[str, Any] = {PRESERVED_NAMES: names}
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        if key == "TRANSFER_ENCODING":  # the body was read whole; it is chunked no more
            continue
        if "_" in name and name.lower().startswith("x-amz-meta-"):
            names[f"HTTP_{key}"] = name
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        folded[key] = f"{folded[key]},{value}" if key in folded else value
    return folded


def call(application: Application, request: Request, errors: Any) -> Answer:
    """The application's answer; its exceptions pass through."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:  # noqa: ARG001
        started.append((status, headers))

    parts = application(to_environ(request, errors), start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    return Answer(int(status.split(" ", 1)[0]), body, headers)
