"""The bucket's CORS rules, for preflights and for actual requests.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
The first rule counts that has the origin, the method and every requested header. Nothing is reflected that no rule
allows; an actual request without a matching rule is served all the same, without CORS headers.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from emulation.cloud.exchange import Answer, Request
from emulation.cloud.s3.errors import S3Error

VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
NOT_ALLOWED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
    "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
)

Headers = list[tuple[str, str]]


def answer_preflight(rules: list[Any] | None, request: Request) -> Answer:
    """The answer to OPTIONS; `rules` is None when there is no such bucket. Raises S3Error."""
    headers = request.headers
    if not headers.get("Origin"):
        raise S3Error(400, "BadRequest", "Insufficient information. Origin request header needed.")
    method = headers.get("Access-Control-Request-Method", "")
    if not rules:
        reason = "Bucket not found" if rules is None else "CORS is not enabled for this bucket."
        raise S3Error(
            403,
            "AccessForbidden",
            f"CORSResponse: {reason}",
            {"Method": method or request.method, "ResourceType": "BUCKET"},
        )
    if not method:
        raise S3Error(400, "BadRequest", "Invalid Access-Control-Request-Method: null")
    allowed = cors_headers(rules, request)
    if not allowed:
        raise S3Error(403, "AccessForbidden", NOT_ALLOWED, {"Method": method, "ResourceType": "OBJECT"})
    return Answer(200, b"", allowed)


def cors_headers(rules: list[Any], request: Request) -> Headers:
    """What an answer to this request carries; nothing without an Origin or a matching rule."""
    origin = request.headers.get("Origin")
    if not origin:
        return []
    method = request.headers.get("Access-Control-Request-Method") or request.method
    asked = _requested_headers(request.headers)
    rule = next((one for one in rules if _matches(one, origin, method, asked)), None)
    return [] if rule is None else _headers_of(rule, origin, asked)


def _requested_headers(headers: Mapping[str, str]) -> tuple[str, ...]:
    asked = headers.get("Access-Control-Request-Headers", "")
    return tuple(name.strip().lower() for name in asked.split(",") if name.strip())


def _matches(rule: Any, origin: str, method: str, asked: tuple[str, ...]) -> bool:
    return (
        method in rule.allowed_methods
        and any(_fits(allowed, origin) for allowed in rule.allowed_origins)
        and all(any(_fits(allowed.lower(), name) for allowed in rule.allowed_headers or ()) for name in asked)
    )


def _headers_of(rule: Any, origin: str, asked: tuple[str, ...]) -> Headers:
    everyone = "*" in rule.allowed_origins
    headers = [("Access-Control-Allow-Origin", "*" if everyone else origin)]
    if asked:
        headers.append(("Access-Control-Allow-Headers", ", ".join(asked)))
    headers.append(("Access-Control-Allow-Methods", ", ".join(rule.allowed_methods)))
    if rule.exposed_headers:
        headers.append(("Access-Control-Expose-Headers", ", ".join(rule.exposed_headers)))
    if rule.max_age_seconds is not None:
        headers.append(("Access-Control-Max-Age", str(rule.max_age_seconds)))
    if not everyone:
        headers.append(("Access-Control-Allow-Credentials", "true"))
    headers.append(("Vary", VARY))
    return headers


@lru_cache(maxsize=256)
def _pattern(allowed: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in allowed.split("*")))


def _fits(allowed: str, value: str) -> bool:
    """Whether a value fits a pattern, which may have one asterisk."""
    return _pattern(allowed).fullmatch(value) is not None
