"""How an answer leads to the next request: what to take out of it, for people and for stateful tests.

https://spec.openapis.org/oas/v3.1.1.html#link-object
"""

from dataclasses import dataclass, field
from typing import Any

_GUITAR = "$response.body#/data/guitarId"
_ETAG = "$response.header.ETag"


@dataclass(frozen=True)
class Link:
    """The next operation, and what it gets: parameters, or fields of its body."""

    operation_id: str
    parameters: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


# operation -> name -> what may come next
LINKS: dict[str, dict[str, Link]] = {
    "register_user": {
        "resendVerification": Link("resend_verification", body={"email": "$response.body#/data/email"}),
    },
    "login_user": {
        "refresh": Link("refresh_tokens", body={"refreshToken": "$response.body#/data/refreshToken"}),
        "logout": Link("logout_user", body={"refreshToken": "$response.body#/data/refreshToken"}),
    },
    "refresh_tokens": {
        "refresh": Link("refresh_tokens", body={"refreshToken": "$response.body#/data/refreshToken"}),
        "logout": Link("logout_user", body={"refreshToken": "$response.body#/data/refreshToken"}),
    },
    "list_guitars": {
        "nextPage": Link("list_guitars", {"nextToken": "$response.body#/data/nextToken"}),
        "firstGuitar": Link("get_guitar", {"id": "$response.body#/data/guitars/0/guitarId"}),
    },
    "create_guitar": {
        "get": Link("get_guitar", {"id": _GUITAR}),
        "update": Link("update_guitar", {"id": _GUITAR, "If-Match": _ETAG}),
        "delete": Link("delete_guitar", {"id": _GUITAR, "If-Match": _ETAG}),
    },
    "get_guitar": {
        "update": Link("update_guitar", {"id": _GUITAR, "If-Match": _ETAG}),
        "delete": Link("delete_guitar", {"id": _GUITAR, "If-Match": _ETAG}),
    },
    "update_guitar": {
        "get": Link("get_guitar", {"id": _GUITAR}),
        "update": Link("update_guitar", {"id": _GUITAR, "If-Match": _ETAG}),
        "delete": Link("delete_guitar", {"id": _GUITAR, "If-Match": _ETAG}),
    },
    "delete_guitar": {"getDeleted": Link("get_guitar", {"id": _GUITAR})},
    "create_upload_url": {
        "complete": Link("complete_upload", body={"imageKey": "$response.body#/data/imageKey"}),
    },
    "complete_upload": {
        "attachToNewGuitar": Link(
            "create_guitar",
            body={"brand": "Fender", "model": "Telecaster", "images": [{"id": "$response.body#/data/id"}]},
        ),
    },
}


def links_of(operation_id: str) -> dict[str, Any]:
    """The link objects of an operation's success."""
    return {name: _describe(link) for name, link in LINKS.get(operation_id, {}).items()}


def _describe(link: Link) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": link.operation_id}
    if link.parameters:
        described["parameters"] = link.parameters
    if link.body:
        described["requestBody"] = link.body
    return described
