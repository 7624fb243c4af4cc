"""A page of another site, open in the same browser, can neither read nor change anything through the local tools."""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from emulation.cloud.control import Control
from emulation.cloud.controls.mail import CONFIRM_PATH
from emulation.edge.local_tools import CLOUD_TOOLS
from tests.api.client import Api, User
from tests.hostile.wire import RawAnswer, exchange

EVIL = "https://evil.example"
# What a browser adds to a request of another site's page; a page of a sandbox or a file has the origin null.
FOREIGN: dict[str, tuple[str, ...]] = {
    "a script": (f"Origin: {EVIL}", "Sec-Fetch-Site: cross-site"),
    "a script of an older browser": (f"Origin: {EVIL}",),
    "an image, a frame or a link": ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"),
    "a sandbox": ("Origin: null", "Sec-Fetch-Site: cross-site"),
    "a file": ("Origin: null",),
    "a name that looks alike": ("Origin: http://localhost.evil.example",),
    "another port": ("Origin: http://localhost:1",),
    "another scheme": ("Origin: https://localhost",),
}
# The forms of body that a page may send without asking first.
SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
OWN_TOOLS = (
    ("/_local/addresses", ("GET",)),
    ("/_local/health", ("GET",)),
    ("/_local/openapi.json", ("GET",)),
)
TOOLS = (*((path, methods) for path, (_, methods) in CLOUD_TOOLS.items()), *OWN_TOOLS)
# The control plane of the local AWS, all but the page that a mailed link opens.
CLOUD = sorted(Control(cast("Any", None), (), Path())._routes.keys() - {("GET", CONFIRM_PATH)})


def ways(api: Api) -> list[tuple[str, str, str]]:
    """Each address, method and path of the tools."""
    front_door = [(api.target.front_door_url, method, path) for path, methods in TOOLS for method in methods]
    return [*front_door, *((api.target.aws_url, method, path) for method, path in CLOUD)]


def check(answer: RawAnswer, user: User, where: object) -> None:
    assert answer.status == 403, (where, answer.raw[:300])
    assert b"access-control-allow-origin" not in answer.head.lower(), where
    assert user.email.encode() not in answer.raw, where


@pytest.mark.parametrize("kind", FOREIGN)
async def test_no_tool_answers_a_page_of_another_site(api: Api, user: User, kind: str) -> None:
    for url, method, path in ways(api):
        answer = await exchange(url, f"{method} {path} HTTP/1.1", *FOREIGN[kind])
        check(answer, user, (url, method, path))
    assert (await api.call("GET", "/user/profile", user=user)).status == 200


async def test_no_form_of_another_site_is_taken(api: Api, user: User) -> None:
    body = json.dumps({"advanceSeconds": 86_400, "userId": user.user_id, "name": "x"}).encode()
    for url, method, path in ways(api):
        for content_type in SIMPLE:
            headers = (f"Content-Type: {content_type}", f"Content-Length: {len(body)}", f"Origin: {EVIL}")
            if method == "POST":
                check(await exchange(url, f"POST {path} HTTP/1.1", *headers, body=body), user, (url, path))
    assert (await api.call("GET", "/user/profile", user=user)).status == 200


async def test_no_question_of_another_site_is_answered_with_a_permission(api: Api) -> None:
    for url, method, path in ways(api):
        for origin in (EVIL, "null"):
            asked = (f"Origin: {origin}", f"Access-Control-Request-Method: {method}")
            more = ("Access-Control-Request-Headers: content-type", "Access-Control-Request-Private-Network: true")
            answer = await exchange(url, f"OPTIONS {path} HTTP/1.1", *asked, *more)
            assert answer.status >= 400, (url, path, answer.raw[:300])
            assert b"access-control-allow" not in answer.head.lower(), (url, path)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "10.0.0.1", "169.254.169.254"])
async def test_no_tool_answers_to_a_name_that_was_rebound_to_this_machine(api: Api, user: User, host: str) -> None:
    for url, method, path in ways(api):
        answer = await exchange(url, f"{method} {path} HTTP/1.1", host=host)
        check(answer, user, (url, method, path))


async def test_motos_own_pages_are_not_there(api: Api) -> None:
    for method, path in (
        ("GET", "/moto-api/"),
        ("GET", "/moto-api/data.json"),
        ("POST", "/moto-api/reset"),
        ("POST", "/moto-api/seed?a=1"),
        ("POST", "/moto-api/config"),
        ("GET", "/moto-api/state-manager/get-transition"),
    ):
        answer = await exchange(api.target.aws_url, f"{method} {path} HTTP/1.1")
        assert 400 <= answer.status < 500, (path, answer.raw[:300])
        assert b"moto" not in answer.body.lower().replace(b"moto-api", b""), path


async def test_what_a_tool_shows_cannot_be_opened_as_a_page_that_runs_something(api: Api, user: User) -> None:
    for path, methods in TOOLS:
        if "GET" in methods:
            answer = await api.fetch("GET", f"{api.target.front_door_url}{path}")
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "text/html" not in answer.headers["Content-Type"], path
