"""Bodies that are no JSON, not quite JSON, or more JSON than anybody needs, however they are sent."""

import asyncio
import json
from decimal import Decimal

import pytest

from tests.api.client import Api, User
from tests.hostile.wire import exchange, send

MEGABYTE = 1024 * 1024
# The route, and the code of its refusals; without and with a token.
ROUTES = (("/auth/login", "AUTH_VALIDATION_ERROR"), ("/guitars", "GUITAR_VALIDATION_ERROR"))

WRONG = {
    "nothing": b"",
    "a space": b" ",
    "a NUL": b"\0",
    "an object behind a NUL": b"\0{}",
    "an object before a NUL": b'{"brand": "a", "model": "b"}\0',
    "a raw NUL in a text": b'{"brand": "a\0b", "model": "b"}',
    "UTF-16": '{"brand": "a", "model": "b"}'.encode("utf-16"),
    "UTF-32": '{"brand": "a", "model": "b"}'.encode("utf-32"),
    "an overlong slash": b'{"brand": "\xc0\xaf", "model": "b"}',
    "a surrogate in UTF-8": b'{"brand": "\xed\xa0\x80", "model": "b"}',
    "half a character": b'{"brand": "\xf0\x9f\x8e',
    "above Unicode": b'{"brand": "\xf4\x90\x80\x80", "model": "b"}',
    "Latin-1": '{"brand": "é", "model": "b"}'.encode("latin-1"),
    "a lone surrogate": b'{"brand": "\\ud83c", "model": "b"}',
    "surrogates the wrong way round": b'{"brand": "\\udfb8\\ud83c", "model": "b"}',
    "a surrogate as a key": b'{"\\udfb8": 1, "brand": "a", "model": "b"}',
    "a key twice": b'{"brand": "a", "brand": "b", "model": "b"}',
    "a key twice, once escaped": b'{"brand": "a", "\\u0062rand": "b", "model": "b"}',
    "a key twice deep down": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": {"b": 1, "b": 2}}}',
    "__proto__": b'{"__proto__": {"brand": "a"}, "model": "b"}',
    "a comment": b'{"brand": "a", /* hi */ "model": "b"}',
    "a trailing comma": b'{"brand": "a", "model": "b",}',
    "single quotes": b"{'brand': 'a', 'model': 'b'}",
    "no quotes": b"{brand: 1}",
    "NaN": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": NaN}}',
    "Infinity": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": Infinity}}',
    "a leading zero": b'{"brand": "a", "model": "b", "year": 01959}',
    "hexadecimal": b'{"brand": "a", "model": "b", "year": 0x7A7}',
    "underscores": b'{"brand": "a", "model": "b", "year": 1_959}',
    "other digits": '{"brand": "a", "model": "b", "year": ١٩٥٩}'.encode(),
    "a huge year": b'{"brand": "a", "model": "b", "year": 1e400}',
    "a number of 5,000 digits": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": ' + b"9" * 5_000 + b"}}",
    "a million digits": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": 0.' + b"9" * 1_000_000 + b"}}",
    "an exponent of twenty digits": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": 1e99999999999999999999}}',
    "an exponent below": b'{"brand": "a", "model": "b", "detailedSpecs": {"a": 1e-99999999999999999999}}',
    "100,000 lists": b"[" * 100_000,
    "100,000 lists closed": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "objects in a field": b'{"brand": "a", "model": "b", "detailedSpecs": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
    "a list": b"[1]",
    "a text": b'"brand"',
    "a number": b"1",
    "true": b"true",
    "null": b"null",
    "two objects": b"{}{}",
    "a form": b"brand=a&model=b",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "YAML": b"brand: !!python/object/apply:os.system ['id']",
    "a pickle": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94.",
    "multipart": b'--x\r\nContent-Disposition: form-data; name="brand"\r\n\r\na\r\n--x--',
}


@pytest.mark.parametrize("kind", WRONG)
async def test_a_body_that_is_no_json_object_of_the_route_is_refused(api: Api, user: User, kind: str) -> None:
    for path, code in ROUTES:
        answer = await api.call("POST", path, raw=WRONG[kind], user=user)
        assert (answer.status, answer.error["code"]) == (400, code), path
        assert len(answer.body) < 10_000
    assert (await api.call("GET", "/guitars", user=user)).data == {"guitars": []}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=utf-16",
        "a" * 2_000,
        "text/plain;charset=utf-8\x0b",
        "",
    ],
)
async def test_a_body_is_json_whatever_its_type_says(api: Api, user: User, content_type: str) -> None:
    # As on Lambda, whose event has the body and says nothing of its kind: no other reader is ever asked.
    body = b'{"brand": "a", "model": "b"}'
    token = f"Authorization: Bearer {user.access_token}"
    length = f"Content-Length: {len(body)}"

    for url, prefix in ((api.target.api_url, ""), (api.target.front_door_url, "/api")):
        kind = f"Content-Type: {content_type}"
        answer = await exchange(url, f"POST {prefix}/guitars HTTP/1.1", token, kind, length, body=body)
        assert (answer.status, answer.told) in ((201, []), (400, [])), answer.raw[:300]


# Up to 6 MB fit into Lambda's event, Base64 counted in; 10 MB is what API Gateway takes at all.
@pytest.mark.parametrize(
    ("size", "status"),
    [(4 * MEGABYTE, 400), (5 * MEGABYTE, 413), (10 * MEGABYTE, 413), (10 * MEGABYTE + 1, 413)],
)
async def test_a_payload_is_as_large_whether_it_comes_in_chunks_or_not(
    api: Api, user: User, size: int, status: int
) -> None:
    content = b" " * size
    token = f"Authorization: Bearer {user.access_token}"
    whole = await api.call("POST", "/guitars", raw=content, user=user)
    chunks = [content[at : at + MEGABYTE] for at in range(0, len(content), MEGABYTE)]
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    chunked = await exchange(
        api.target.api_url, "POST /guitars HTTP/1.1", token, "Transfer-Encoding: chunked", body=body
    )

    assert (whole.status, chunked.status) == (status, status)


async def test_a_chunked_body_is_read_however_small_its_chunks(api: Api, user: User) -> None:
    content = b'{"brand": "Chunky", "model": "B"}'
    body = b"".join(b"1;ext=a\r\n%c\r\n" % byte for byte in content) + b"0\r\nTrailer: x\r\n\r\n"
    token = f"Authorization: Bearer {user.access_token}"

    for url, prefix in ((api.target.api_url, ""), (api.target.front_door_url, "/api")):
        answer = await exchange(url, f"POST {prefix}/guitars HTTP/1.1", token, "Transfer-Encoding: chunked", body=body)
        assert answer.status == 201, answer.raw[:300]


async def test_who_sends_slowly_holds_up_nobody_else(api: Api, user: User) -> None:
    host, _, port = api.target.api_url.removeprefix("http://").partition(":")
    head = f"POST /guitars HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {user.access_token}\r\n"
    slow = [await asyncio.open_connection(host, int(port)) for _ in range(50)]
    try:
        for number, (_, writer) in enumerate(slow):
            # Half of them stop within the head, half within the body.
            writer.write((head + ("Content-Length: 100\r\n\r\n{" if number % 2 else "")).encode())
        assert (await api.call("GET", "/guitars", user=user)).status == 200
        assert (await api.call("POST", "/guitars", {"brand": "a", "model": "b"}, user=user)).status == 201
    finally:
        for _, writer in slow:
            writer.close()


async def test_who_leaves_in_the_middle_leaves_nothing(api: Api, user: User) -> None:
    head = f"POST /guitars HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {user.access_token}\r\n"
    for url in (api.target.api_url, api.target.front_door_url):
        host, _, port = url.removeprefix("http://").partition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f'{head}Content-Length: 100\r\n\r\n{{"brand": "a", "model": "b"'.encode())
        await writer.drain()
        writer.close()

    assert (await api.call("GET", "/guitars", user=user)).data == {"guitars": []}


@pytest.mark.parametrize(
    "number",
    ["0", "-0", "0.1", "1e2", "1E-130", "9.9e125", "12345678901234567890.123456789012345678", "-1e-7", "100.00"],
)
async def test_a_number_comes_back_exactly(api: Api, user: User, number: str) -> None:
    raw = f'{{"brand": "a", "model": "b", "detailedSpecs": {{"n": [{number}]}}}}'.encode()

    created = await api.call("POST", "/guitars", raw=raw, user=user)

    read = await api.call("GET", f"/guitars/{created.data['guitarId']}", user=user)
    for answer in (created, read):
        [found] = json.loads(answer.body, parse_float=Decimal, parse_int=Decimal)["data"]["detailedSpecs"]["n"]
        assert found == Decimal(number)


async def test_an_unfinished_request_of_everything_is_answered(api: Api) -> None:
    answer = await send(
        api.target.api_url, b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )

    assert answer.status == 400
    assert json.loads(answer.body)["error"]["code"] == "AUTH_VALIDATION_ERROR"
