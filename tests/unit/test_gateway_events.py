"""The event that API Gateway makes of a request, and the limits of event and result.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.functions.payload import read_request
from server.gateway.events import (
    MAX_EVENT_BYTES,
    MAX_RESULT_BYTES,
    encoded_bytes,
    is_event_too_large,
    is_result_too_large,
    to_event,
)
from server.requests import Request, Response
from server.routes import bind_routes

NOW = datetime(2026, 1, 31, 12, 0, 1, tzinfo=UTC)
ROUTE = bind_routes("guitars")["PUT /guitars/{id}"]


def request(**changed: Any) -> Request:
    plain: dict[str, Any] = {
        "path": {"id": "a b/ü{0}"},
        "query": "a=1&a=2&b=%C3%A9",
        "headers": {"content-type": "application/json; charset=utf-8", "cookie": "x=1; y=2", "if-match": '"1"'},
        "body": '{"a":"é"}'.encode(),
        "authorizer": {"userId": "u", "issuedAt": 1},
    }
    return Request(**{**plain, **changed})


def test_an_event_has_the_fields_of_format_2() -> None:
    event = to_event(ROUTE, request(), NOW)

    assert event["version"] == "2.0"
    assert event["routeKey"] == event["requestContext"]["routeKey"] == "PUT /guitars/{id}"
    assert event["pathParameters"] == {"id": "a b/ü{0}"}
    assert event["rawQueryString"] == "a=1&a=2&b=%C3%A9"
    assert event["queryStringParameters"] == {"a": "1,2", "b": "é"}
    assert event["cookies"] == ["x=1", "y=2"]
    assert "cookie" not in event["headers"]
    assert (event["body"], event["isBase64Encoded"]) == ('{"a":"é"}', False)
    assert event["requestContext"]["authorizer"] == {"lambda": {"userId": "u", "issuedAt": 1}}
    assert event["requestContext"]["time"] == "31/Jan/2026:12:00:01 +0000"


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("application/json", True),
        ("text/csv; charset=utf-8", True),
        ("Application/XML", True),
        ("application/javascript", True),
        ("application/x-www-form-urlencoded", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_a_body_that_is_no_text_comes_in_base64(content_type: str, is_text: bool) -> None:
    event = to_event(ROUTE, request(headers={"content-type": content_type}, body=b"{}"), NOW)

    expected = "{}" if is_text else b64encode(b"{}").decode()
    assert (event["body"], event["isBase64Encoded"]) == (expected, not is_text)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", '"é"'.encode()])
@pytest.mark.parametrize("content_type", ["application/json", "image/jpeg"])
def test_the_function_reads_the_request_that_was_sent(body: bytes, content_type: str) -> None:
    for authorizer in (None, {"errorCode": "AUTH_UNAUTHORIZED"}):
        sent = request(
            body=body, authorizer=authorizer, headers={"content-type": content_type, "cookie": "a=1", "x-y": "1,2"}
        )
        assert read_request(to_event(ROUTE, sent, NOW)) == sent


def test_an_event_of_six_megabytes_is_taken_and_a_larger_one_is_not() -> None:
    rest = encoded_bytes(to_event(ROUTE, request(body=b"x"), NOW)) - 1

    assert not is_event_too_large(ROUTE, request(body=b"x" * (MAX_EVENT_BYTES - rest)), NOW)
    assert is_event_too_large(ROUTE, request(body=b"x" * (MAX_EVENT_BYTES - rest + 1)), NOW)
    # What JSON has to escape counts as it is written.
    assert is_event_too_large(ROUTE, request(body=b"\x00" * (MAX_EVENT_BYTES // 6)), NOW)


def test_a_result_may_be_a_hundred_bytes_larger() -> None:
    rest = encoded_bytes({"statusCode": 200, "headers": {}, "body": ""})

    assert not is_result_too_large(Response(200, b"x" * (MAX_RESULT_BYTES - rest)))
    assert is_result_too_large(Response(200, b"x" * (MAX_RESULT_BYTES - rest + 1)))
    assert is_result_too_large(Response(200, b'"' * (MAX_RESULT_BYTES // 2)))
