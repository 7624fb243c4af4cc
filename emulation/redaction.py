"""What may be shown of a request: never a password, code, token or signature, or what only an owner knows of a guitar.

A name decides, and a value under a name that may be secret is not kept at all.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

HIDDEN = "[hidden]"
# Longer bodies are not kept; none of the API's routes needs one.
MAX_BODY_BYTES = 16 * 1024
_SECRET = re.compile(r"code|credential|otp|pass|policy|private|secret|session|signature|token", re.IGNORECASE)
# Paging: it says where a list goes on, and is worth nothing to anybody else.
_HARMLESS = frozenset(("nextToken", "continuation-token"))
_KEPT_HEADERS = ("Content-Type", "If-Match", "If-None-Match", "Origin", "Range")


def is_secret(name: str) -> bool:
    """Whether a value under this name may be a secret."""
    return name not in _HARMLESS and _SECRET.search(name) is not None


def redact_target(target: str) -> str:
    """A path with its query, the secret values of the query hidden."""
    path, mark, query = target.partition("?")
    if not mark:
        return target
    shown = [(name, HIDDEN if is_secret(name) else value) for name, value in parse_qsl(query, keep_blank_values=True)]
    return f"{path}?{urlencode(shown, safe='[]/:')}"


def redact(value: Any) -> Any:
    """A JSON value with what is secret in it hidden."""
    if isinstance(value, dict):
        return {name: HIDDEN if is_secret(name) else redact(one) for name, one in value.items()}
    return [redact(one) for one in value] if isinstance(value, list) else value


def redact_body(body: bytes) -> Any:
    """A JSON body, redacted; None when it is none, or too long."""
    if not body or len(body) > MAX_BODY_BYTES:
        return None
    try:
        return redact(json.loads(body))
    except (ValueError, RecursionError):
        return None


def kept_headers(headers: Any) -> dict[str, str]:
    """The headers that a replay needs; none of them is secret."""
    return {name.lower(): headers[name] for name in _KEPT_HEADERS if name in headers}
