"""What the edge compresses: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html."""

import gzip
from collections.abc import AsyncIterator

import brotli
import pytest
from aiohttp import web

from emulation.edge.compression import normal_accept_encoding
from tests.emulation.edge_template import with_behaviour
from tests.emulation.front_door import FrontDoor, open_front_door

BOTH = {"Accept-Encoding": "gzip, deflate, br"}
DRAWING = b"<svg>" + b"<path d='M0 2H600'/>" * 100 + b"</svg>"
OPTIMIZED_FOR_UNCOMPRESSED = "b2884449-e4de-46a7-ac36-70bc7f1ddd6d"


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with open_front_door() as door:
        answer_with(door, DRAWING)
        yield door


def answer_with(door: FrontDoor, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
    sent = {"Content-Type": "image/svg+xml", "ETag": '"abc"', **(headers or {})}

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=sent)

    door.cloud.answer = answer


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=1.0", "br"), ("br;q=0, gzip", "gzip")],
)
async def test_a_drawing_comes_in_the_best_encoding_that_the_viewer_knows(
    door: FrontDoor, accepted: str, encoding: str
) -> None:
    for found in ("Miss", "Hit"):
        _, headers, body = await door.ask("GET", "/images/a.svg", {"Accept-Encoding": accepted})
        assert (headers["Content-Encoding"], headers["X-Cache"]) == (encoding, f"{found} from cloudfront")
        assert headers["Content-Length"] == str(len(body))
        assert headers["ETag"] == 'W/"abc"'
        assert headers["Vary"] == "Accept-Encoding"
        assert (brotli.decompress(body) if encoding == "br" else gzip.decompress(body)) == DRAWING


async def test_each_encoding_is_kept_by_itself(door: FrontDoor) -> None:
    await door.ask("GET", "/images/a.svg", BOTH)
    _, headers, body = await door.ask("GET", "/images/a.svg", {"Accept-Encoding": "deflate"})
    assert (headers["X-Cache"], body, "Content-Encoding" in headers) == ("Miss from cloudfront", DRAWING, False)
    assert headers["ETag"] == '"abc"'


async def test_the_origin_sees_what_the_edge_understands(door: FrontDoor) -> None:
    await door.ask("GET", "/images/a.svg", {"Accept-Encoding": "gzip;q=0.5, deflate, br, zstd"})
    assert door.cloud.asked[-1][2]["Accept-Encoding"] == "br,gzip"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"1" * 999, {}),
        (b"1" * 10_000_001, {}),
        (DRAWING, {"Content-Type": "image/jpeg"}),
        (DRAWING, {"Content-Encoding": "zstd"}),
        (DRAWING, {"Content-Type": "font/woff2"}),
    ],
    ids=["too small", "too large", "a picture", "packed already", "a packed font"],
)
async def test_what_gains_nothing_is_left_as_it_is(door: FrontDoor, body: bytes, headers: dict[str, str]) -> None:
    answer_with(door, body, headers=headers)
    _, answered, received = await door.ask("GET", "/images/a.svg", BOTH)
    assert received == body
    assert answered.get("Content-Encoding") == headers.get("Content-Encoding")
    assert answered["ETag"] == '"abc"'


@pytest.mark.parametrize(("status", "is_packed"), [(403, True), (404, True), (400, False), (500, False)])
async def test_some_refusals_are_compressed(door: FrontDoor, status: int, is_packed: bool) -> None:
    answer_with(door, DRAWING, status)
    _, headers, _ = await door.ask("GET", "/images/a.svg", BOTH)
    assert ("Content-Encoding" in headers) is is_packed


async def test_the_api_is_not_compressed_as_its_cache_policy_does_not_say_so() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=b'{"a": 1}' * 500, content_type="application/json")

    async with open_front_door(template=with_behaviour("/api/*", Compress=True)) as door:
        door.api.answer = answer
        _, headers, _ = await door.ask("GET", "/api/guitars", BOTH)
        assert "Content-Encoding" not in headers
        assert door.api.asked[-1][2]["Accept-Encoding"] == BOTH["Accept-Encoding"]


@pytest.mark.parametrize("changes", [{"Compress": False}, {"CachePolicyId": OPTIMIZED_FOR_UNCOMPRESSED}])
async def test_the_template_turns_compression_off(changes: dict[str, object]) -> None:
    async with open_front_door(template=with_behaviour("/images/*", **changes)) as door:
        answer_with(door, DRAWING)
        _, headers, body = await door.ask("GET", "/images/a.svg", BOTH)
        assert ("Content-Encoding" in headers, body) == (False, DRAWING)


@pytest.mark.parametrize(
    ("header", "normal"), [("", ""), ("*", ""), ("GZIP", "gzip"), ("identity, br ; q=0.1", "br"), ("gzip;q=x", "gzip")]
)
def test_accept_encoding_is_normalized(header: str, normal: str) -> None:
    assert normal_accept_encoding(header, gzip_enabled=True, brotli_enabled=True) == normal
