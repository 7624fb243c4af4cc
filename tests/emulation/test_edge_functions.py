"""Viewer-request functions, run as CloudFront runs them."""

import json
from typing import Any

import pytest
from multidict import CIMultiDict

from emulation.edge.distribution import read_distribution
from emulation.edge.errors import EdgeError
from emulation.edge.functions import GeneratedResponse, ViewerFunction, ViewerRequest
from emulation.intrinsics import TemplateError
from tests.emulation.edge_template import local_template, with_code, with_properties
from tests.emulation.front_door import open_front_door

API_FUNCTION = "ApiRequestFunction"


def request(query: str = "", headers: list[tuple[str, str]] | None = None, path: str = "/api/x") -> ViewerRequest:
    return ViewerRequest("GET", path, query, CIMultiDict(headers or [("Host", "localhost")]), "192.0.2.7")


def run(code: str, asked: ViewerRequest | None = None) -> ViewerRequest | GeneratedResponse:
    return ViewerFunction(code).run(asked or request(), "id==")


def changing(statements: str) -> str:
    return f"function handler(event) {{ const request = event.request; {statements}; return request; }}"


def test_a_function_is_given_the_documented_event() -> None:
    code = "function handler(event) { return {statusCode: 200, body: JSON.stringify(event)}; }"
    asked = request(
        "brand=a+b&brand=%C3%A9&empty",
        [("Host", "localhost"), ("X-Two", "1"), ("X-Two", "2"), ("Cookie", "a=1; b=2; a=3")],
    )
    answer = run(code, asked)
    assert isinstance(answer, GeneratedResponse)
    event = json.loads(answer.body)
    assert event["version"] == "1.0"
    assert (event["context"]["eventType"], event["context"]["requestId"]) == ("viewer-request", "id==")
    assert event["viewer"] == {"ip": "192.0.2.7"}
    assert event["request"] == {
        "method": "GET",
        "uri": "/api/x",
        "querystring": {
            "brand": {"value": "a+b", "multiValue": [{"value": "a+b"}, {"value": "%C3%A9"}]},
            "empty": {"value": ""},
        },
        "headers": {
            "host": {"value": "localhost"},
            "x-two": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]},
        },
        "cookies": {"a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "3"}]}, "b": {"value": "2"}},
    }


def test_what_a_function_leaves_stays_as_the_viewer_wrote_it() -> None:
    asked = request("b=%c3%a9&a=1&&b", [("Host", "x"), ("X-Two", "1"), ("x-two", "2"), ("Cookie", "b=2;a=1")])
    assert run(changing(""), asked) == asked


def test_a_function_changes_path_query_headers_and_cookies() -> None:
    answer = run(
        changing(
            "request.uri = '/new'; request.querystring = {a: {value: '1', multiValue: [{value: '1'}, {value: '2'}]}};"
            "request.headers['x-new'] = {value: 'yes'}; delete request.headers['x-old'];"
            "request.cookies.c = {value: '3'}"
        ),
        request("q=1", [("Host", "x"), ("X-Old", "1"), ("Cookie", "b=2")]),
    )
    assert isinstance(answer, ViewerRequest)
    assert (answer.path, answer.query) == ("/new", "a=1&a=2")
    assert dict(answer.headers) == {"Host": "x", "x-new": "yes", "Cookie": "b=2; c=3"}


def test_a_function_may_answer_itself() -> None:
    answer = run(
        "function handler() { return {statusCode: 302, headers: {location: {value: '/new'}}, "
        "body: {encoding: 'text', data: 'moved'}}; }"
    )
    assert isinstance(answer, GeneratedResponse)
    assert (answer.status, answer.headers["Location"], answer.body) == (302, "/new", b"moved")


def test_nothing_is_kept_between_two_calls() -> None:
    function = ViewerFunction("let calls = 0; " + changing("calls += 1; request.uri = '/' + calls"))
    for _ in range(2):
        answer = function.run(request(), "id")
        assert isinstance(answer, ViewerRequest)
        assert answer.path == "/1"


@pytest.mark.parametrize(
    "statements",
    [
        "throw new Error('no')",
        "request.none.of.it = 1",
        "while (true) {}",
        "const all = []; while (true) all.push('x'.repeat(100000) + all.length)",
        "(function deep() { deep(); })()",
    ],
    ids=["throws", "type error", "takes too long", "takes too much", "recurses"],
)
def test_a_function_that_fails_is_a_503(statements: str) -> None:
    with pytest.raises(EdgeError) as caught:
        run(changing(statements))
    assert (caught.value.status, caught.value.x_cache) == (503, "FunctionExecutionError from cloudfront")
    assert "is invalid or could not run" in caught.value.reason


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        ("return", "its result"),
        ("return 7", "its result"),
        ("request.method = 'PUT'", "request.method"),
        ("request.uri = 'none'", "request.uri"),
        ("request.headers['X-Upper'] = {value: '1'}", 'request.headers["X-Upper"]'),
        ("request.headers.host = {value: 'other'}", 'request.headers["host"]'),
        ("request.headers['x-amz-cf-id'] = {value: '1'}", 'request.headers["x-amz-cf-id"]'),
        ("request.headers.a = 'text'", 'request.headers["a"]'),
        ("request.querystring.a = {value: 1}", 'request.querystring["a"]'),
        ("return {statusCode: 9}", "response.statusCode"),
        ("return {statusCode: 200, body: 7}", "response.body"),
        ("return {statusCode: 200, headers: {via: {value: '1'}}}", 'response.headers["via"]'),
    ],
)
def test_a_function_that_returns_nonsense_is_a_502_that_names_it(statements: str, named: str) -> None:
    with pytest.raises(EdgeError) as caught:
        run(changing(statements))
    assert (caught.value.status, caught.value.x_cache) == (502, "FunctionValidationError from cloudfront")
    assert caught.value.reason == f"The CloudFront function returned an invalid value for {named}."


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        (changing("") + "//" + "x" * 10_240, "longer than the 10240 bytes"),
        ("function handler(event) {", "cannot be run"),
        ("const crypto = require('crypto'); " + changing(""), "a module"),
        ("import cf from 'cloudfront'; " + changing(""), "a module"),
        ("async function handler(event) { return event.request; }", "an asynchronous function"),
        (changing("for (const one of [1]) {}"), "for … of"),
        (changing("eval('1')"), "dynamic code"),
        (changing("setTimeout(handler, 1)"), "a timer"),
        ("class Thing {} " + changing(""), "a class"),
    ],
)
def test_code_that_cloudfront_would_not_run_stops_the_edge(code: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=rf"ApiRequestFunction .*{complaint}"):
        read_distribution(with_code(API_FUNCTION, code), {})


def test_words_in_comments_and_texts_are_no_code() -> None:
    code = "// one class of things, import nothing\n" + changing("request.uri = '/' + 'eval(1) for (a of b)'.length")
    read_distribution(with_code(API_FUNCTION, code), {})


def test_another_runtime_is_refused() -> None:
    config: dict[str, Any] = {"Comment": "", "Runtime": "cloudfront-js-1.0"}
    template = with_properties(local_template(), API_FUNCTION, FunctionConfig=config)
    with pytest.raises(TemplateError, match=r"runs cloudfront-js-2\.0, not cloudfront-js-1\.0"):
        read_distribution(template, {})


async def test_the_edge_runs_the_code_of_the_template() -> None:
    code = changing("request.uri = request.uri.replace('/api', '/v2'); request.headers.authorization = {value: 'new'}")
    async with open_front_door(template=with_code(API_FUNCTION, code)) as door:
        await door.ask("GET", "/api/guitars?a=1", {"Authorization": "old"})
        _, path, headers, _ = door.api.asked[0]
        assert (path, headers.getall("Authorization")) == ("/v2/guitars?a=1", ["new"])


async def test_a_function_that_fails_is_cloudfronts_page() -> None:
    async with open_front_door(template=with_code(API_FUNCTION, changing("throw 1"))) as door:
        status, headers, body = await door.ask("GET", "/api/guitars")
        assert (status, headers["X-Cache"], door.api.asked) == (503, "FunctionExecutionError from cloudfront", [])
        assert headers["X-Amz-Cf-Id"].encode() in body
        assert b"is invalid or could not run" in body
        assert (await door.ask("GET", "/images/a.jpg"))[0] == 200
