"""What arrives before a handler is asked: paths, headers and the framing of requests, to the byte."""

import asyncio
import json

import pytest

from tests.api.client import Api, User
from tests.hostile.wire import RawAnswer, exchange, send

# The ways in; the API lies under a prefix of the front door.
DOORS = ("api", "front door")


def door(api: Api, name: str) -> tuple[str, str]:
    """Address and prefix of a way into the API."""
    return (api.target.api_url, "") if name == "api" else (api.target.front_door_url, "/api")


async def still_answers(api: Api) -> None:
    for name in DOORS:
        url, prefix = door(api, name)
        answer = await exchange(url, f"GET {prefix}/guitars HTTP/1.1")
        assert (answer.status, answer.count) == (401, 1), name


# A request that two parts could read as two different ones.
SMUGGLING = {
    "a length and chunks": "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
    "chunks and a length": "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
    "two lengths": "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}GET / HTTP/1.1\r\n\r\n",
    "two lengths in one": "Content-Length: 2, 20\r\n\r\n{}GET / HTTP/1.1\r\n\r\n",
    "a signed length": "Content-Length: +2\r\n\r\n{}",
    "a negative length": "Content-Length: -2\r\n\r\n{}",
    "a length in words": "Content-Length: two\r\n\r\n{}",
    "a hexadecimal length": "Content-Length: 0x2\r\n\r\n{}",
    "an endless length": f"Content-Length: {'9' * 400}\r\n\r\n{{}}",
    "an unknown encoding": "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}",
    "a space before the colon": "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}",
    "a folded header": "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
    "a tab in a name": "Transfer\tEncoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
    "a chunk size in C": "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
    "a signed chunk size": "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n",
    "an endless chunk": "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
    "a chunk without an end": "Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n",
    "a lone CR": "X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
    "a NUL in a header": "X-A: b\0c\r\nContent-Length: 2\r\n\r\n{}",
    "a second Host": "Host: evil.example\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("kind", SMUGGLING)
async def test_a_request_with_two_readings_is_refused_and_ends_its_connection(api: Api, name: str, kind: str) -> None:
    url, prefix = door(api, name)
    head = f"POST {prefix}/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

    answer = await send(url, (head + SMUGGLING[kind]).encode())

    assert answer.status == 400
    assert answer.count == 1
    assert answer.told == []
    await still_answers(api)


NOT_HTTP = {
    "HTTP/2 by surprise": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    "noise": bytes(range(256)) * 8 + b"\r\n\r\n",
    "lines without CR": b"GET /guitars HTTP/1.1\nHost: localhost\n\n",
    "a version of the future": b"GET /guitars HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "a space in the path": b"GET /guitars /x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "bytes above ASCII in the path": b"GET /guitars/\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method of 40,000 letters": b"G" * 40_000 + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a path of 40,000 letters": b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a header of 40,000 letters": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
    "a header without an end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000,
    "20,000 headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    + b"".join(b"X-%d: a\r\n" % number for number in range(20_000))
    + b"\r\n",
    "no host": b"GET /guitars HTTP/1.1\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("kind", NOT_HTTP)
async def test_what_is_not_http_is_a_400_that_tells_nothing_of_the_inside(api: Api, kind: str) -> None:
    for url in (api.target.api_url, api.target.front_door_url, api.target.aws_url):
        answer = await send(url, NOT_HTTP[kind])
        assert (answer.status, answer.count, answer.told) == (400, 1, []), url
    await still_answers(api)


TARGETS = [
    "/guitars/../user/profile",
    "/guitars/./brands",
    "/guitars/%2e%2e/user/profile",
    "/guitars/..%2fuser%2fprofile",
    "/guitars/..%5cuser",
    "/guitars%2fbrands",
    "/%67uitars",
    "//guitars",
    "//evil.example/guitars",
    "/guitars//",
    "/guitars/%",
    "/guitars/%zz",
    "/guitars/%ff%fe",
    "/guitars/%00",
    "/guitars/%0d%0aSet-Cookie:%20a=b",
    "/guitars/a%0d%0a%0d%0aHTTP/1.1%20200%20OK",
    "/guitars/%u0041",
    "/guitars/" + "%2e%2e%2f" * 500,
    "/guitars/" + "a" * 8_000,
    "/guitars;a=b",
    "/guitars?limit=1&limit=2",
    "/guitars?limit=%00",
    "/guitars?nextToken=" + "a" * 8_000,
    "/guitars?" + "&".join(f"a{number}=b" for number in range(1_000)),
    "/guitars?%ff=%fe",
    "/guitars?brand=%0d%0aSet-Cookie:%20a=b",
    "/guitars?__proto__[x]=1&constructor=1",
    "/guitars#fragment",
    "*",
    "http://evil.example/guitars",
    "http://user:password@evil.example/guitars",
    "evil.example:443",
    "/_api/../_cloud/mail",
    "/_cloud/mail",
    "/moto-api/data.json",
]


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("path", TARGETS, ids=lambda path: f"{len(path)}-{path[:30]}")
async def test_a_strange_path_opens_no_other_one(api: Api, user: User, name: str, path: str) -> None:
    url, prefix = door(api, name)
    asked = prefix + path if path.startswith("/") else path

    for method in ("GET", "PUT", "DELETE"):
        answer = await exchange(url, f"{method} {asked} HTTP/1.1", f"Authorization: Bearer {user.access_token}")
        assert 200 <= answer.status < 500, (method, answer.raw[:300])
        assert (answer.count, answer.told) == (1, []), method
        assert b"\r\nset-cookie:" not in answer.head.lower()
        # The profile is at one address only, and so are the tools of the machine.
        assert user.email.encode() not in answer.body


@pytest.mark.parametrize(
    "method", ["TRACE", "CONNECT", "TRACK", "PROPFIND", "DEBUG", "get", "X" * 100, "PATCH", "HEAD"]
)
async def test_another_method_is_answered_and_echoes_nothing(api: Api, user: User, method: str) -> None:
    for name in DOORS:
        url, prefix = door(api, name)
        answer = await exchange(
            url, f"{method} {prefix}/user/profile HTTP/1.1", f"Authorization: Bearer {user.access_token}"
        )
        assert 400 <= answer.status < 500, name
        assert user.access_token.encode() not in answer.raw
        assert user.email.encode() not in answer.raw


@pytest.mark.parametrize(
    "header",
    [
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /user/profile",
        "X-Rewrite-URL: /user/profile",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Prefix: /../",
        "Forwarded: for=127.0.0.1;host=evil.example;proto=https",
        "X-Forwarded-For: 127.0.0.1, ' OR 1=1 --",
        "X-Amzn-Trace-Id: Root=1-00000000-000000000000000000000000;Self=\x7f",
        "Origin: null",
        "Origin: http://localhost:5173.evil.example",
        "Range: bytes=0-18446744073709551615",
        "If-Match: " + '"1",' * 2_000,
        "If-Match: *",
        "Accept: " + "a/b;q=0.1," * 1_000,
        "Accept-Language: ../../etc/passwd",
        "Cookie: " + "a=b; " * 1_000,
        "Connection: Authorization",
        "Expect: 200-ok",
        "Upgrade: websocket",
        "Content-Type: multipart/form-data; boundary=" + "-" * 500,
    ],
    ids=lambda header: header[:30],
)
async def test_a_header_of_somebody_elses_changes_nothing(api: Api, user: User, header: str) -> None:
    for name in DOORS:
        url, prefix = door(api, name)
        token = f"Authorization: Bearer {user.access_token}"
        answer = await exchange(url, f"GET {prefix}/guitars HTTP/1.1", token, header)
        assert answer.status in (200, 400, 401, 417), (name, answer.raw[:300])
        assert (answer.count, answer.told) == (1, []), name
        assert b"evil.example" not in answer.raw
        if answer.status == 200:
            assert json.loads(answer.body) == {"success": True, "data": {"guitars": []}}


HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "evil.example#localhost",
    "evil.example@localhost.evil.example",
    "localhost@evil.example",
    "user@localhost",
    "localhost.",
    "localhost:evil",
    "[::1",
    "127.0.0.1.nip.io",
    "2130706433",
    "0x7f.1",
    "127.1",
    "0.0.0.0",
    "localhost/../evil.example",
    "LOCALHOST.EVIL.EXAMPLE",
]


@pytest.mark.parametrize("host", HOSTS)
async def test_the_machines_own_tools_answer_to_the_machines_own_names(api: Api, user: User, host: str) -> None:
    for url, path in ((api.target.front_door_url, "/_local/mail"), (api.target.aws_url, "/_cloud/mail")):
        answer = await exchange(url, f"GET {path} HTTP/1.1", host=host)
        assert answer.status in (400, 403), (url, answer.raw[:200])
        assert user.email.encode() not in answer.raw


async def test_pipelined_requests_are_answered_in_their_order(api: Api, user: User) -> None:
    lines = f"Host: localhost\r\nAuthorization: Bearer {user.access_token}\r\n"
    first = f"GET /guitars/brands HTTP/1.1\r\n{lines}\r\n"
    last = f"GET /guitars/none HTTP/1.1\r\n{lines}Connection: close\r\n\r\n"

    answer = await send(api.target.api_url, (first + last).encode())

    statuses = [part.split(b" ")[0] for part in answer.raw.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"404"]


async def test_connections_that_say_nothing_keep_nobody_waiting(api: Api) -> None:
    split = api.target.api_url.removeprefix("http://").partition(":")
    silent = [await asyncio.open_connection(split[0], int(split[2])) for _ in range(100)]
    try:
        await still_answers(api)
    finally:
        for _, writer in silent:
            writer.close()


def test_an_answer_is_read_to_its_last_byte() -> None:
    answer = RawAnswer(b"HTTP/1.1 400 Bad Request\r\nA: b\r\n\r\nTraceback HTTP/1.1 200")

    assert (answer.status, answer.head, answer.count, answer.told) == (
        400,
        b"HTTP/1.1 400 Bad Request\r\nA: b",
        2,
        [b"Traceback"],
    )
