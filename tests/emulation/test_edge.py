import asyncio
import gzip
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from emulation.edge.local_tools import CLOUD_TOOLS
from emulation.edge.paths import compile_pattern, matches
from emulation.serving import shorten
from emulation.settings import ROOT
from emulation.tracing import new_trace_id
from tests.emulation.front_door import IMAGES_BUCKET, SITE_BUCKET, FrontDoor, open_front_door
from tests.eventually import eventually


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What a part's log holds of the HTTP server."""
    log, logger = io.StringIO(), logging.getLogger("aiohttp.server")
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.addFilter(shorten)
    yield log
    logger.removeFilter(shorten)
    logger.removeHandler(handler)


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with open_front_door() as door:
        yield door


async def test_the_api_is_asked_without_the_prefix(door: FrontDoor) -> None:
    status, _, body = await door.ask("GET", "/api/guitars/a%2Fb%20c?brand=a+b&brand=%C3%A9")
    assert (status, json.loads(body)["path"]) == (200, "/guitars/a%2Fb%20c?brand=a+b&brand=%C3%A9")


async def test_a_body_reaches_the_api(door: FrontDoor) -> None:
    await door.ask("POST", "/api/guitars", {"Content-Type": "application/json"}, b'{"brand": "Fender"}')
    method, path, headers, body = door.api.asked[0]
    assert (method, path, body) == ("POST", "/guitars", b'{"brand": "Fender"}')
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Length"] == "19"


async def test_a_request_without_authorization_gets_an_explicit_none(door: FrontDoor) -> None:
    await door.ask("GET", "/api/guitars")
    assert door.api.asked[0][2].getall("Authorization") == ["none"]


@pytest.mark.parametrize("value", ["", " ", "\t"])
async def test_an_empty_authorization_is_none_too(door: FrontDoor, value: str) -> None:
    await door.ask("GET", "/api/guitars", {"Authorization": value})
    assert door.api.asked[0][2].getall("Authorization") == ["none"]


async def test_an_authorization_is_passed_on(door: FrontDoor) -> None:
    await door.ask("GET", "/api/guitars", {"Authorization": "Bearer x"})
    assert door.api.asked[0][2].getall("Authorization") == ["Bearer x"]


async def test_headers_of_one_connection_stay_there(door: FrontDoor) -> None:
    sent = {"Connection": "X-Secret", "X-Secret": "1", "TE": "trailers", "Upgrade": "h2c", "If-Match": '"7"'}
    await door.ask("GET", "/api/guitars", sent)
    headers = door.api.asked[0][2]
    assert headers["If-Match"] == '"7"'
    assert not {"x-secret", "te", "upgrade"} & {name.lower() for name in headers}


async def test_the_viewers_address_is_added_to_those_before(door: FrontDoor) -> None:
    await door.ask("GET", "/api/guitars", {"X-Forwarded-For": "192.0.2.7"})
    assert door.api.asked[0][2]["X-Forwarded-For"] == "192.0.2.7, 127.0.0.1"


async def test_the_api_sees_its_own_host(door: FrontDoor) -> None:
    await door.ask("GET", "/api/guitars")
    assert door.api.asked[0][2]["Host"] == f"127.0.0.1:{door.api.port}"


async def test_bodies_flow_both_ways_as_they_arrive(door: FrontDoor) -> None:
    came_back = asyncio.Event()

    async def echo(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for chunk in request.content.iter_any():
            await response.write(chunk)
        return response

    async def speak() -> AsyncIterator[bytes]:
        yield b"first"
        await came_back.wait()
        yield b"second"

    door.api.answer = echo
    async with door.session.post(f"{door.url}/api/echo", data=speak(), headers={"X-Unread": "1"}) as answer:
        assert await answer.content.readexactly(5) == b"first"
        came_back.set()
        assert await answer.read() == b"second"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "nonsense"])
async def test_a_packed_body_reaches_the_api_as_it_is(door: FrontDoor, encoding: str) -> None:
    packed = gzip.compress(b'{"brand": "Fender"}')
    status, _, _ = await door.ask("POST", "/api/guitars", {"Content-Encoding": encoding}, packed)
    _, _, headers, body = door.api.asked[0]
    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, encoding, str(len(packed)))
    assert body == packed


async def test_a_packed_body_reaches_a_local_tool_with_its_encoding(door: FrontDoor) -> None:
    packed = gzip.compress(b'{"advanceSeconds": 60}')
    await door.ask("POST", "/_local/clock", {"Content-Encoding": "gzip"}, packed)
    _, _, headers, body = door.cloud.asked[0]
    assert (headers["Content-Encoding"], body) == ("gzip", packed)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"FOO\r\n\r\n",
        b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["no request line", "a zero in the path", "no colon in a header", "a path of 40 KB"],
)
async def test_what_is_not_http_is_a_400_and_one_line_of_the_log(
    door: FrontDoor, logged: io.StringIO, request_bytes: bytes
) -> None:
    reader, writer = await asyncio.open_connection("localhost", URL(door.url).port)
    # A connection's first line that is no request at all is not even logged; a second one is.
    writer.write(b"GET /_local/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"There is no such local tool.")
    writer.write(request_bytes)
    answer = await reader.read()
    writer.close()
    assert b" 400 Bad Request" in answer.partition(b"\r\n")[0]
    lines = logged.getvalue().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("WARNING Error handling request from 127.0.0.1: ")
    assert len(lines[0]) < 300


async def test_a_path_of_nine_kilobytes_reaches_the_api(door: FrontDoor) -> None:
    status, _, body = await door.ask("GET", f"/api/{'a' * 9000}")
    assert (status, len(json.loads(body)["path"])) == (200, 9001)


async def test_an_answer_passes_unchanged(door: FrontDoor) -> None:
    packed = gzip.compress(b"{}")

    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", "ETag": '"1"', "Retry-After": "3"}
        return web.Response(status=418, body=packed, headers=headers)

    door.api.answer = refuse
    status, headers, body = await door.ask("GET", "/api/tea", {"Accept-Encoding": "gzip"})
    assert (status, body, headers["ETag"], headers["Retry-After"]) == (418, packed, '"1"', "3")


async def test_redirects_and_cookies_are_left_to_the_viewer(door: FrontDoor) -> None:
    async def redirect(request: web.BaseRequest) -> web.StreamResponse:
        response = web.Response(status=302, headers={"Location": "/elsewhere"})
        response.headers.add("Set-Cookie", "a=1")
        response.headers.add("Set-Cookie", "b=2")
        return response

    door.api.answer = redirect
    status, headers, _ = await door.ask("GET", "/api/moved")
    assert (status, headers["Location"], headers.getall("Set-Cookie")) == (302, "/elsewhere", ["a=1", "b=2"])


async def test_a_get_with_a_body_is_refused_as_cloudfront_does(door: FrontDoor) -> None:
    status, _, body = await door.ask("GET", "/api/guitars", data=b"{}")
    assert (status, door.api.asked) == (403, [])
    assert b"The request could not be satisfied" in body


async def test_a_method_that_no_behaviour_allows_is_refused(door: FrontDoor) -> None:
    status, _, _ = await door.ask("PROPFIND", "/api/guitars")
    assert (status, door.api.asked) == (403, [])


async def test_a_part_that_is_down_is_a_502_page(door: FrontDoor) -> None:
    async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    door.api.answer = hang_up
    status, headers, body = await door.ask("GET", "/api/guitars")
    assert (status, headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert b"Traceback" not in body


async def test_a_part_that_keeps_silent_is_a_504_page() -> None:
    async with open_front_door(read_seconds=0.2) as door:
        over = asyncio.Event()

        async def keep_silent(request: web.BaseRequest) -> web.StreamResponse:
            await over.wait()
            return web.Response()

        door.api.answer = keep_silent
        status, _, body = await door.ask("GET", "/api/guitars")
        over.set()
        assert (status, b"504 ERROR" in body) == (504, True)


async def test_an_answer_that_breaks_off_is_not_passed_as_whole(door: FrontDoor) -> None:
    async def break_off(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    door.api.answer = break_off
    with pytest.raises(aiohttp.ClientPayloadError):
        await door.ask("GET", "/api/guitars")


async def test_an_image_is_read_from_the_bucket_as_the_edge(door: FrontDoor) -> None:
    status, _, body = await door.ask("GET", "/images/u/a%20b.jpg?width=3", {"Authorization": "Bearer x"})
    assert (status, json.loads(body)["path"]) == (200, f"/{IMAGES_BUCKET}/images/u/a%20b.jpg")
    signature = door.cloud.asked[-1][2]["Authorization"]
    assert signature.startswith("AWS4-HMAC-SHA256 Credential=cloudfront/")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_refusal_of_s3_reaches_the_viewer(door: FrontDoor, method: str) -> None:
    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(
            status=403, body=b"<Error><Code>AccessDenied</Code></Error>", content_type="application/xml"
        )

    door.cloud.answer = refuse
    status, headers, body = await door.ask(method, "/images/missing.jpg")
    assert (status, headers["Content-Type"]) == (403, "application/xml")
    assert (b"<Code>AccessDenied</Code>" in body) == (method == "GET")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_an_image_cannot_be_changed_through_the_edge(door: FrontDoor, method: str) -> None:
    status, _, body = await door.ask(method, "/images/a.jpg")
    assert (status, door.cloud.asked) == (403, [])
    assert b"supports only cachable requests" in body


@pytest.mark.parametrize(
    "path", ["/images/../receipts/r.pdf", "/images/%2E%2e/receipts/r.pdf", "//images/a.jpg", "/images"]
)
def test_a_path_that_only_looks_like_an_image_is_none(path: str) -> None:
    assert not matches(path, compile_pattern("/images/*"))


async def test_a_receipt_cannot_be_reached_around_the_images(door: FrontDoor) -> None:
    await door.ask("GET", "/images/../receipts/r.pdf")
    assert door.cloud.asked[-1][1] == f"/{SITE_BUCKET}/images/../receipts/r.pdf"


async def test_health_tells_of_every_part(door: FrontDoor) -> None:
    status, _, body = await door.ask("GET", "/_local/health")
    told = json.loads(body)
    assert (status, told["status"], set(told["parts"])) == (200, "ok", {"cloud", "api", "edge"})
    assert told["parts"]["edge"] == {"status": "ok"}


async def test_health_is_a_503_with_the_reason_when_one_part_has_lost_its_data(door: FrontDoor) -> None:
    async def fail(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"status": "failed", "reason": "The table is gone."}, status=503)

    door.api.answer = fail
    status, _, body = await door.ask("GET", "/_local/health")
    assert (status, json.loads(body)["status"]) == (503, "failed")
    assert json.loads(body)["parts"]["api"] == {"status": "failed", "reason": "The table is gone."}


@pytest.mark.parametrize("answer", ["[]", "null", "<html>", '{"status": 7}', '{"status": "ok"}'])
async def test_health_is_a_503_when_a_part_talks_nonsense(door: FrontDoor, answer: str) -> None:
    async def talk(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=500, text=answer)

    door.api.answer = talk
    assert (await door.ask("GET", "/_local/health"))[0] == 503


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("GET", "/_local/mail?to=a%40b.example", "/_cloud/mail?to=a%40b.example"),
        ("DELETE", "/_local/mail", "/_cloud/mail"),
        ("POST", "/_local/clock", "/_cloud/clock"),
        ("POST", "/_local/reset", "/_cloud/reset"),
        ("GET", "/_local/auth/confirmUser?code=1&user=2", "/_cloud/domain/confirmUser?code=1&user=2"),
    ],
)
async def test_a_local_tool_is_the_clouds(door: FrontDoor, method: str, path: str, asked: str) -> None:
    data = b'{"advanceSeconds": 60}' if method == "POST" else None
    status, _, _ = await door.ask(method, path, {"Origin": door.url}, data)
    assert status == 200
    assert door.cloud.asked[0][0:2] == (method, asked)
    assert door.cloud.asked[0][3] == (data or b"")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/_local/mail", "GET, DELETE"),
        ("/_local/addresses", "GET"),
        ("/_local/health", "GET"),
        ("/_local/openapi.json", "GET"),
    ],
)
async def test_a_local_tool_names_its_methods(door: FrontDoor, path: str, allowed: str) -> None:
    for method in ("PUT", "PATCH"):
        status, headers, _ = await door.ask(method, path)
        assert (status, headers["Allow"], door.cloud.asked) == (405, allowed, [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"},
        {"Host": "localhost.evil.example"},
        {"Host": "[::1"},
    ],
)
async def test_a_page_of_another_site_cannot_use_the_local_tools(door: FrontDoor, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/_local/mail"), ("POST", "/_local/reset"), ("OPTIONS", "/_local/reset")):
        status, answered, _ = await door.ask(method, path, headers)
        assert (status, answered.get("Access-Control-Allow-Origin")) in ((403, None), (400, None))
    assert door.cloud.asked == []


def test_every_tool_of_the_cloud_is_documented_with_its_methods() -> None:
    page = (ROOT / "docs" / "console.md").read_text()
    for path, (_, methods) in CLOUD_TOOLS.items():
        assert f"| `{path}` | {', '.join(methods)} |" in page


@pytest.mark.parametrize("path", sorted(CLOUD_TOOLS))
async def test_no_tool_answers_another_site(door: FrontDoor, path: str) -> None:
    for method in CLOUD_TOOLS[path][1]:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await door.ask(method, path, headers))[0] == 403
    assert door.cloud.asked == []


async def test_what_a_tool_answers_runs_nothing_when_it_is_opened_as_a_page(door: FrontDoor) -> None:
    _, headers, _ = await door.ask("GET", "/_local/object?bucket=b&key=k")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_the_console_runs_its_own_scripts_only(door: FrontDoor) -> None:
    status, headers, body = await door.ask("GET", "/_local/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert b"<style" not in body
    assert b"<script>" not in body
    assert (await door.ask("GET", "/_local/console/console.js"))[1]["Content-Type"] == "text/javascript; charset=utf-8"


async def test_the_edge_reports_what_came_in_without_its_secrets(door: FrontDoor) -> None:
    trace_id = new_trace_id()
    await door.ask("GET", "/api/guitars?token=x", {"X-Amzn-Trace-Id": f"Root={trace_id}", "Authorization": "Bearer s"})
    await door.ask("GET", "/_local/mail")

    async def look() -> bool:
        return bool(door.cloud.spans)

    await eventually(look)
    [span] = door.cloud.spans
    assert (span["traceId"], span["behaviour"], span["status"]) == (trace_id, "/api/*", 200)
    assert span["target"] == "/api/guitars?token=[hidden]"
    assert "Bearer" not in json.dumps(span)
    assert door.api.asked[0][2]["X-Amzn-Trace-Id"] == f"Root={trace_id}"


async def test_a_mailed_link_may_be_opened_from_anywhere(door: FrontDoor) -> None:
    status, _, _ = await door.ask("GET", "/_local/auth/confirmUser?code=1", {"Sec-Fetch-Site": "cross-site"})
    assert (status, len(door.cloud.asked)) == (200, 1)


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://localhost:5173"])
async def test_a_frontend_under_development_may_read_the_mailbox(door: FrontDoor, origin: str) -> None:
    status, headers, _ = await door.ask("GET", "/_local/mail", {"Origin": origin, "Sec-Fetch-Site": "same-site"})
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, origin)
    status, headers, _ = await door.ask("OPTIONS", "/_local/mail", {"Origin": origin})
    assert (status, "DELETE" in headers["Access-Control-Allow-Methods"]) == (204, True)


async def test_a_local_tool_that_cannot_reach_the_cloud_is_a_502(door: FrontDoor) -> None:
    async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    door.cloud.answer = hang_up
    assert (await door.ask("GET", "/_local/mail"))[0] == 502
