"""What the edge keeps, for how long, and what it says about it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from multidict import CIMultiDict

from emulation.edge.cache import Cache, Entry
from emulation.edge.freshness import lifetime_seconds
from emulation.edge.policies import CachePolicy
from server.clock import SystemClock
from tests.emulation.front_door import FrontDoor, open_front_door
from tests.emulation.test_edge_distribution import with_cache_policy

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PICTURE = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Type": "image/jpeg",
    "ETag": '"abc"',
    "Last-Modified": format_datetime(NOW, usegmt=True),
}


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with open_front_door() as door:
        answer_with(door, 200, PICTURE, b"0123456789")
        yield door


def answer_with(door: FrontDoor, status: int, headers: dict[str, str], body: bytes = b"") -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, headers=headers, body=body)

    door.cloud.answer = answer


async def test_the_second_time_a_picture_comes_from_the_cache(door: FrontDoor) -> None:
    _, first, _ = await door.ask("GET", "/images/a.jpg")
    _, second, body = await door.ask("GET", "/images/a.jpg")
    assert (first["X-Cache"], second["X-Cache"]) == ("Miss from cloudfront", "Hit from cloudfront")
    assert ("Age" in first, second["Age"].isdecimal(), body) == (False, True, b"0123456789")
    assert len(door.cloud.asked) == 1
    assert {name: second[name] for name in PICTURE} == PICTURE


async def test_every_answer_says_how_it_came(door: FrontDoor) -> None:
    for path in ("/images/a.jpg", "/api/guitars", "/"):
        _, headers, _ = await door.ask("GET", path)
        assert headers["Via"].startswith("1.1 ")
        assert headers["Via"].endswith(".cloudfront.net (CloudFront)")
        assert headers["X-Amz-Cf-Pop"]
        assert headers["X-Amz-Cf-Id"].endswith("==")


async def test_an_answer_of_the_api_is_never_kept(door: FrontDoor) -> None:
    for _ in range(2):
        _, headers, _ = await door.ask("GET", "/api/guitars")
        assert headers["X-Cache"] == "Miss from cloudfront"
    assert len(door.api.asked) == 2


async def test_the_query_is_not_in_the_key_of_a_picture(door: FrontDoor) -> None:
    await door.ask("GET", "/images/a.jpg?width=1")
    _, headers, _ = await door.ask("GET", "/images/a.jpg?width=2")
    assert headers["X-Cache"] == "Hit from cloudfront"


async def test_a_cache_policy_names_what_is_in_the_key() -> None:
    key: dict[str, Any] = {
        "QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": ["width"]},
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-Tone"]},
        "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["wood"]},
    }
    async with open_front_door(template=with_cache_policy(key)) as door:
        answer_with(door, 200, PICTURE, b"picture")
        await door.ask("GET", "/images/a.jpg?width=1&other=1", {"X-Tone": "warm", "Cookie": "wood=ash; other=1"})
        _, _, sent, _ = door.cloud.asked[-1]
        assert door.cloud.asked[-1][1].endswith("/images/a.jpg?width=1")
        assert (sent["X-Tone"], sent["Cookie"]) == ("warm", "wood=ash")
        for target, headers, found in (
            ("/images/a.jpg?other=2&width=1", {"X-Tone": "warm", "Cookie": "other=2; wood=ash"}, "Hit"),
            ("/images/a.jpg?width=2", {"X-Tone": "warm", "Cookie": "wood=ash"}, "Miss"),
            ("/images/a.jpg?width=1", {"X-Tone": "cold", "Cookie": "wood=ash"}, "Miss"),
            ("/images/a.jpg?width=1", {"X-Tone": "warm", "Cookie": "wood=elm"}, "Miss"),
        ):
            _, answered, _ = await door.ask("GET", target, headers)
            assert answered["X-Cache"] == f"{found} from cloudfront"


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ({"If-None-Match": '"abc"'}, 304, b""),
        ({"If-None-Match": '"old", W/"abc"'}, 304, b""),
        ({"If-None-Match": '"old"'}, 200, b"0123456789"),
        ({"If-Modified-Since": PICTURE["Last-Modified"]}, 304, b""),
        ({"If-Match": '"old"'}, 412, b""),
        ({"Range": "bytes=2-4"}, 206, b"234"),
        ({"Range": "bytes=-2"}, 206, b"89"),
        ({"Range": "bytes=20-"}, 416, b""),
        ({"Range": "bytes=2-4", "If-Range": '"old"'}, 200, b"0123456789"),
        ({"Range": "chords=2-4"}, 200, b"0123456789"),
    ],
)
async def test_a_viewer_gets_what_is_new_or_a_part(
    door: FrontDoor, asked: dict[str, str], status: int, body: bytes
) -> None:
    for found in ("Miss", "Hit"):
        answered, headers, received = await door.ask("GET", "/images/a.jpg", asked)
        assert (answered, received, headers["X-Cache"]) == (status, body, f"{found} from cloudfront")
        assert not {"If-None-Match", "If-Match", "Range"} & set(door.cloud.asked[-1][2])
    assert headers.get("Content-Range") == {206: f"bytes {'2-4' if b'2' in body else '8-9'}/10", 416: "bytes */10"}.get(
        status
    )


async def test_a_head_is_answered_from_what_is_kept(door: FrontDoor) -> None:
    await door.ask("GET", "/images/a.jpg")
    status, headers, body = await door.ask("HEAD", "/images/a.jpg")
    assert (status, headers["Content-Length"], body) == (200, "10", b"")
    assert headers["X-Cache"] == "Hit from cloudfront"


async def test_what_has_expired_is_asked_about_by_its_tag() -> None:
    async with open_front_door(template=with_cache_policy({})) as door:
        answer_with(door, 200, {**PICTURE, "Cache-Control": "max-age=0, s-maxage=1"}, b"picture")
        await door.ask("GET", "/images/a.jpg")

        async def not_modified(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=304 if request.headers.get("If-None-Match") == '"abc"' else 500)

        door.cloud.answer = not_modified
        x_caches: list[str] = []
        while not x_caches or x_caches[-1] == "Hit from cloudfront":
            status, headers, body = await door.ask("GET", "/images/a.jpg")
            assert (status, body) == (200, b"picture")
            x_caches.append(headers["X-Cache"])
        assert x_caches[-1] == "RefreshHit from cloudfront"


async def test_a_stale_picture_is_served_when_the_origin_fails() -> None:
    async with open_front_door(template=with_cache_policy({})) as door:
        answer_with(door, 200, {**PICTURE, "Cache-Control": "s-maxage=1"}, b"picture")
        await door.ask("GET", "/images/a.jpg")
        answer_with(door, 503, {})
        asked = len(door.cloud.asked)
        while len(door.cloud.asked) == asked:
            status, _, body = await door.ask("GET", "/images/a.jpg")
            assert (status, body) == (200, b"picture")


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (503, 1), (403, 2), (400, 2)])
async def test_a_404_is_kept_and_a_403_is_not(door: FrontDoor, status: int, asked: int) -> None:
    answer_with(door, status, {"Content-Type": "application/xml"}, b"<Error/>")
    for _ in range(2):
        answered, headers, _ = await door.ask("GET", "/images/missing.jpg")
        assert (answered, headers["X-Cache"]) == (status, "Error from cloudfront")
    assert len(door.cloud.asked) == asked


@pytest.mark.parametrize(
    ("policy", "status", "headers", "seconds"),
    [
        (CachePolicy(1, 100, 1000), 200, {}, 100),
        (CachePolicy(200, 100, 1000), 200, {}, 200),
        (CachePolicy(1, 100, 1000), 200, {"Cache-Control": "max-age=500"}, 500),
        (CachePolicy(1, 100, 1000), 200, {"Cache-Control": "max-age=5000"}, 1000),
        (CachePolicy(10, 100, 1000), 200, {"Cache-Control": "max-age=0"}, 10),
        (CachePolicy(1, 100, 1000), 200, {"Cache-Control": "max-age=5, s-maxage=50"}, 50),
        (CachePolicy(0, 100, 1000), 200, {"Cache-Control": "no-store"}, 0),
        (CachePolicy(1, 100, 1000), 200, {"Cache-Control": "private, max-age=50"}, 1),
        (CachePolicy(0, 100, 1000), 200, {"Expires": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30),
        (CachePolicy(0, 100, 1000), 200, {"Expires": "0"}, 0),
        (CachePolicy(0, 100, 1000), 200, {"Cache-Control": "max-age=5", "Expires": "0"}, 5),
        (CachePolicy(0, 0, 0), 200, {"Cache-Control": "max-age=50"}, 0),
        (CachePolicy(1, 100, 1000), 206, {"Cache-Control": "max-age=50"}, 0),
        (CachePolicy(1, 100, 1000), 307, {}, 0),
        (CachePolicy(1, 100, 1000), 307, {"Cache-Control": "max-age=50"}, 50),
        (CachePolicy(1, 100, 1000), 301, {}, 100),
        (CachePolicy(1, 100, 1000), 404, {}, 10),
        (CachePolicy(1, 100, 1000), 404, {"Cache-Control": "max-age=50"}, 50),
        (CachePolicy(1, 100, 1000), 403, {}, 0),
        (CachePolicy(1, 100, 1000), 403, {"Cache-Control": "max-age=5"}, 10),
        (CachePolicy(1, 100, 1000), 418, {"Cache-Control": "max-age=50"}, 0),
    ],
)
def test_an_answer_is_kept_as_long_as_headers_and_policy_say(
    policy: CachePolicy, status: int, headers: dict[str, str], seconds: int
) -> None:
    assert lifetime_seconds(policy, status, CIMultiDict(headers), NOW) == seconds


def test_the_least_recently_used_is_forgotten_first() -> None:
    clock = SystemClock()
    cache = Cache(lambda: clock, largest_bytes=10)
    for name in ("one", "two"):
        cache.store(name, Entry(200, CIMultiDict(), b"12345", clock.now(), 60))
    assert cache.find("one", 60)
    cache.store("three", Entry(200, CIMultiDict(), b"12345", clock.now(), 60))
    assert [bool(cache.find(name, 60)) for name in ("one", "two", "three")] == [True, False, True]


def test_what_is_too_large_or_may_not_be_kept_is_not() -> None:
    clock = SystemClock()
    cache = Cache(lambda: clock, largest_bytes=10)
    cache.store("large", Entry(200, CIMultiDict(), b"12345678901", clock.now(), 60))
    cache.store("fleeting", Entry(200, CIMultiDict(), b"1", clock.now(), 0))
    assert [cache.find(name, 60) for name in ("large", "fleeting")] == [None, None]
