"""CloudFront functions on the viewer's request, run as the JavaScript that they are.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import quickjs
from multidict import CIMultiDict
from yarl import URL

from emulation.edge.errors import FUNCTION_FAILED, FUNCTION_INVALID, EdgeError
from emulation.edge.known import check_known
from emulation.intrinsics import TemplateError
from emulation.template import Resource

FUNCTION = "AWS::CloudFront::Function"
RUNTIME = "cloudfront-js-2.0"
PROPERTIES = {"AutoPublish", "FunctionCode", "FunctionConfig", "Name"}
CONFIG_PROPERTIES = {"Comment", "Runtime"}
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
LONGEST_CODE_BYTES = 10 * 1024
MOST_MEMORY_BYTES = 2 * 1024 * 1024
# CloudFront gives a function less than a millisecond; a laptop that is busy otherwise may take longer.
LONGEST_RUN_SECONDS = 0.1
# What an engine of today runs and that of CloudFront does not: it is ECMAScript 5.1 with some of 6 to 12. Modules it
# has (crypto, querystring, buffer, cloudfront), but the local edge has not.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
REFUSED_SYNTAX = {
    "a class": re.compile(r"\bclass\s+\w+"),
    "a module": re.compile(r"\b(require\s*\(|import\b)"),
    "an asynchronous function": re.compile(r"\b(async|await)\b"),
    "dynamic code": re.compile(r"\beval\s*\(|\bnew\s+Function\b"),
    "for … of": re.compile(r"\bfor\s*\([^;)]*\bof\b"),
    "a timer": re.compile(r"\bset(Timeout|Interval|Immediate)\b"),
}
_NO_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
# A function may change none of these, or not have them in its answer.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
READ_ONLY_HEADERS = frozenset(("content-length", "host", "transfer-encoding", "via"))
DISALLOWED_HEADERS = re.compile(
    r"connection|expect|keep-alive|proxy-(authenticate|authorization|connection)|trailer|upgrade|x-accel-.*|"
    r"x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip"
)


@dataclass(frozen=True)
class ViewerRequest:
    """A request as a behaviour sees it; `path` and `query` are raw."""

    method: str
    path: str
    query: str
    headers: CIMultiDict[str]
    viewer_ip: str


@dataclass(frozen=True)
class GeneratedResponse:
    """An answer that a function gave in the origin's place."""

    status: int
    headers: CIMultiDict[str]
    body: bytes


def read_function(resource: Resource) -> "ViewerFunction":
    """A function of the template; raises TemplateError for what CloudFront would refuse or the local edge cannot do."""
    place = f"{resource.logical_id} ({FUNCTION})"
    check_known(place, resource.properties, PROPERTIES)
    config, code = resource.properties["FunctionConfig"], resource.properties["FunctionCode"]
    check_known(place, config, CONFIG_PROPERTIES)
    if config["Runtime"] != RUNTIME:
        raise TemplateError(f"{place}: the local edge runs {RUNTIME}, not {config['Runtime']}.")
    if len(code.encode()) > LONGEST_CODE_BYTES:
        raise TemplateError(f"{place}: its code is longer than the {LONGEST_CODE_BYTES} bytes that CloudFront takes.")
    plain = _NO_CODE.sub("''", code)
    for name, pattern in REFUSED_SYNTAX.items():
        if pattern.search(plain):
            raise TemplateError(f"{place}: its code has {name}, which CloudFront or the local edge does not run.")
    try:
        return ViewerFunction(code)
    except quickjs.JSException as error:
        raise TemplateError(f"{place}: its code cannot be run: {' '.join(str(error).split())}") from error


class ViewerFunction:
    """One function. Each call begins anew: nothing that the code keeps in a variable reaches the next one."""

    def __init__(self, code: str) -> None:
        self._context = quickjs.Context()
        self._context.set_memory_limit(MOST_MEMORY_BYTES)
        self._context.set_time_limit(LONGEST_RUN_SECONDS)
        self._call = self._context.eval(
            f"(function (text) {{{code}\n;return JSON.stringify(handler(JSON.parse(text)));}})"
        )

    def run(self, request: ViewerRequest, request_id: str) -> ViewerRequest | GeneratedResponse:
        """What becomes of a request; raises EdgeError (503 when the code fails, 502 when it returns nonsense)."""
        sent = _describe(request)
        context = {
            "distributionDomainName": "local.cloudfront.net",
            "distributionId": "LOCAL",
            "eventType": "viewer-request",
            "requestId": request_id,
        }
        event = {"version": "1.0", "context": context, "viewer": {"ip": request.viewer_ip}, "request": sent}
        try:
            text = self._call(json.dumps(event))
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            raise EdgeError(503, FUNCTION_FAILED, "FunctionExecutionError from cloudfront") from error
        returned = json.loads(text) if isinstance(text, str) else None
        if not isinstance(returned, dict):
            raise _invalid("its result")
        if "statusCode" in returned:
            return _read_response(returned)
        return _read_request(request, sent, returned)


def _invalid(what: str) -> EdgeError:
    return EdgeError(502, f"{FUNCTION_INVALID} {what}.", "FunctionValidationError from cloudfront")


def _describe(request: ViewerRequest) -> dict[str, Any]:
    names = dict.fromkeys(name.lower() for name in request.headers)
    headers = {name: _value(request.headers.getall(name)) for name in names if name != "cookie"}
    return {
        "method": request.method,
        "uri": request.path,
        "querystring": _pairs(request.query, "&"),
        "headers": headers,
        "cookies": _pairs("; ".join(request.headers.getall("Cookie", ())), ";"),
    }


def _pairs(text: str, separator: str) -> dict[str, Any]:
    """`a=1&b=2` as the event has it, in the viewer's own spelling."""
    found: dict[str, list[str]] = {}
    for part in text.split(separator) if text else ():
        name, _, value = part.strip().partition("=")
        found.setdefault(name, []).append(value)
    return {name: _value(values) for name, values in found.items()}


def _value(values: list[str]) -> dict[str, Any]:
    if len(values) == 1:
        return {"value": values[0]}
    return {"value": values[0], "multiValue": [{"value": value} for value in values]}


def _values(name: str, said: Any) -> list[str]:
    listed = said.get("multiValue") if isinstance(said, dict) else None
    values = [one.get("value") for one in listed] if listed else [said.get("value") if isinstance(said, dict) else None]
    if not all(isinstance(value, str) for value in values):
        raise _invalid(name)
    return [str(value) for value in values]


def _read_request(request: ViewerRequest, sent: dict[str, Any], returned: dict[str, Any]) -> ViewerRequest:
    if returned.get("method") != request.method:
        raise _invalid("request.method")
    uri = returned.get("uri")
    if not isinstance(uri, str) or not uri.startswith("/"):
        raise _invalid("request.uri")
    headers = request.headers.copy()
    _change_headers(headers, sent["headers"], returned.get("headers") or {})
    query, cookies = (
        None if returned.get(part) == sent[part] else _joined(part, returned.get(part) or {}, separator)
        for part, separator in (("querystring", "&"), ("cookies", "; "))
    )
    if cookies is not None:
        headers.popall("Cookie", None)
        headers.update({"Cookie": cookies} if cookies else {})
    return ViewerRequest(
        request.method, _escape(uri), request.query if query is None else query, headers, request.viewer_ip
    )


def _escape(uri: str) -> str:
    return URL.build(path=uri, encoded=True).raw_path if uri.isascii() else URL.build(path=uri).raw_path


def _change_headers(headers: CIMultiDict[str], sent: dict[str, Any], returned: dict[str, Any]) -> None:
    for name in sent.keys() | returned.keys():
        if sent.get(name) == returned.get(name):
            continue
        place = _check_header("request", name)
        headers.popall(name, None)
        for value in _values(place, returned[name]) if name in returned else ():
            headers.add(name, value)


def _check_header(where: str, name: str) -> str:
    """The place of a header for refusals; raises EdgeError for one that a function may not set."""
    place = f'{where}.headers["{name}"]'
    if name != name.lower() or name in READ_ONLY_HEADERS or DISALLOWED_HEADERS.fullmatch(name):
        raise _invalid(place)
    return place


def _joined(part: str, said: dict[str, Any], separator: str) -> str:
    return separator.join(
        f"{name}={value}" for name, one in said.items() for value in _values(f'request.{part}["{name}"]', one)
    )


def _read_response(returned: dict[str, Any]) -> GeneratedResponse:
    status, body = returned["statusCode"], returned.get("body", "")
    text = body.get("data") if isinstance(body, dict) and body.get("encoding") == "text" else body
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise _invalid("response.statusCode")
    if not isinstance(text, str):
        raise _invalid("response.body")
    headers: CIMultiDict[str] = CIMultiDict()
    for name, said in (returned.get("headers") or {}).items():
        for value in _values(_check_header("response", name), said):
            headers.add(name, value)
    return GeneratedResponse(status, headers, text.encode())
