"""The whole document."""

from typing import Any

import msgspec

from emulation.openapi.operations import describe_operation
from emulation.openapi.refusals import describe_refusals
from emulation.openapi.schemas import describe_models
from emulation.openapi.words import DESCRIPTION, TAGS
from emulation.settings import ROOT
from server.exact_json import encode
from server.routes import ROUTES

COMMITTED = ROOT / "docs" / "openapi.json"
VERSION = "0.1.0"
DEFAULT_API_URL = "http://localhost:8001"


def build_document(api_url: str = DEFAULT_API_URL) -> dict[str, Any]:
    """The OpenAPI 3.1 document. `api_url` is where the API itself answers, without a front door.

    https://spec.openapis.org/oas/v3.1.1.html
    """
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = describe_operation(route)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Guitar Collection",
            "version": VERSION,
            "summary": "Accounts, guitars, photos and receipts.",
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [
            {"url": "/api", "description": "Through the front door, as behind CloudFront"},
            {"url": api_url, "description": "The API itself, as behind API Gateway"},
        ],
        "tags": [{"name": name, "description": text} for name, text in TAGS.values()],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The `accessToken` of POST /auth/login. It holds for an hour.",
                }
            },
            "schemas": dict(sorted({**describe_models(ROUTES), **describe_refusals(ROUTES)}.items())),
        },
    }


def to_text(document: dict[str, Any]) -> str:
    """The document as it is committed: two spaces, the order as it was built, numbers exact."""
    return msgspec.json.format(encode(document), indent=2).decode() + "\n"
