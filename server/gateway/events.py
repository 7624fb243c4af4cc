"""The event that API Gateway hands to a function, and how large event and result may be.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from server.requests import Request, Response
from server.routes import Route

# Lambda takes 6 MB, and for a result a hundred bytes more.
MAX_EVENT_BYTES = 6 * 1024 * 1024
MAX_RESULT_BYTES = MAX_EVENT_BYTES + 100
# JSON writes a byte as six at most, so nothing smaller than this comes near a limit.
_SMALL_BYTES = MAX_EVENT_BYTES // 8
# Bodies of these types are handed on as text, all others in Base64, form data and what has no type among them.
_TEXT_TYPES = frozenset({"application/javascript", "application/json", "application/xml"})


def to_event(route: Route, request: Request, now: datetime) -> dict[str, Any]:
    """A matched request as payload format 2.0, without what names the API, its stage and the client's address."""
    headers = dict(request.headers)
    cookies = headers.pop("cookie", "")
    path = route.path.format_map(dict(request.path))
    context: dict[str, Any] = {
        "http": {
            "method": route.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "userAgent": headers.get("user-agent", ""),
        },
        "routeKey": route.key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    if request.authorizer is not None:
        context["authorizer"] = {"lambda": dict(request.authorizer)}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": context,
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies.split("; ")
    if request.query:
        event["queryStringParameters"] = _join(parse_qsl(request.query, keep_blank_values=True))
    if request.path:
        event["pathParameters"] = dict(request.path)
    if request.body:
        event |= _body_fields(request)
    return event


def _join(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Values of one name, joined by commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body_fields(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in _TEXT_TYPES:
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": b64encode(request.body).decode(), "isBase64Encoded": True}


def is_event_too_large(route: Route, request: Request, now: datetime) -> bool:
    """Whether Lambda would refuse the event of a request."""
    return len(request.body) > _SMALL_BYTES and encoded_bytes(to_event(route, request, now)) > MAX_EVENT_BYTES


def is_result_too_large(response: Response) -> bool:
    """Whether Lambda would refuse the result of a function that answers so."""
    if len(response.body) <= _SMALL_BYTES:
        return False
    result = {"statusCode": response.status, "headers": dict(response.headers), "body": response.body.decode()}
    return encoded_bytes(result) > MAX_RESULT_BYTES


def encoded_bytes(value: Any) -> int:
    """The length of a value as JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
