"""Payload format 2.0 of an HTTP API: its event as a Request, a Response as its result.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from server.requests import Request, Response

Event = Mapping[str, Any]


def read_request(event: Event) -> Request:
    """The request in an event. API Gateway has decoded the path's values and joined headers of one name by commas."""
    headers = {name.lower(): value for name, value in event["headers"].items()}
    # Cookies have a field of their own, and are no header there.
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    return Request(
        path=event.get("pathParameters") or {},
        query=event["rawQueryString"],
        headers=headers,
        body=_read_body(event),
        authorizer=event["requestContext"].get("authorizer", {}).get("lambda"),
    )


def _read_body(event: Event) -> bytes:
    body: str = event.get("body") or ""
    # What is no text comes in Base64, and so does a text without a content type.
    return b64decode(body) if event["isBase64Encoded"] else body.encode()


def write_response(response: Response) -> dict[str, Any]:
    """The result that API Gateway answers with; every body of ours is text."""
    return {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": response.body.decode(),
        "isBase64Encoded": False,
    }
