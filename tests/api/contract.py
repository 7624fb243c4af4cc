"""Every answer of the API is held to its document: the status, the code, the body and the headers are listed there."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_DOCUMENT = "urn:guitar-collection:openapi"
_FORMATS = FormatChecker(("date-time", "email", "uuid"))


class UndocumentedError(AssertionError):
    """The API did what its document does not say."""


class Contract:
    """One OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._paths = document["paths"]
        # A path without names is meant before one with: GET /guitars/brands is no guitar.
        self._templates = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", path)), path)
            for path in sorted(self._paths, key=lambda path: path.count("{"))
        ]
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
        self._validator = cache(self._make_validator)

    def find(self, method: str, path: str) -> tuple[str, str] | None:
        """The path and method in the document that a request means, if any."""
        for pattern, template in self._templates:
            if pattern.fullmatch(path) and method.lower() in self._paths[template]:
                return template, method.lower()
        return None

    def check(
        self, operation: tuple[str, str], status: int, headers: Mapping[str, str], body: bytes, sent: bytes | None
    ) -> None:
        """Raises UndocumentedError unless the answer is listed; an accepted body has to be one that is described."""
        path, method = operation
        described = self._paths[path][method]
        answer = described["responses"].get(str(status))
        if answer is None:
            raise UndocumentedError(f"{method} {path} answered {status}, which is not listed: {body[:500]!r}")
        where = f"{_pointer('paths', path, method, 'responses', str(status))}"
        self._compare(f"{where}/content/application~1json/schema", body, f"{method} {path} answered {status}")
        for name, header in answer.get("headers", {}).items():
            pattern = header["schema"].get("pattern", "")
            if header.get("required") and not re.fullmatch(pattern, headers.get(name, "")):
                raise UndocumentedError(f"{method} {path} answered {status} with {name}: {headers.get(name)}")
        if status < 300 and "requestBody" in described:
            schema = f"{_pointer('paths', path, method, 'requestBody')}/content/application~1json/schema"
            self._compare(schema, sent or b"", f"{method} {path} took")

    def validate(self, pointer: str, value: Any) -> list[str]:
        """What is wrong with a value, as the schema at a JSON pointer of the document sees it."""
        return [f"{error.json_path}: {error.message[:300]}" for error in self._validator(pointer).iter_errors(value)]

    def _compare(self, pointer: str, body: bytes, what: str) -> None:
        wrong = self.validate(pointer, json.loads(body))
        if wrong:
            raise UndocumentedError(f"{what} {body[:500]!r}, but {'; '.join(wrong)}")

    def _make_validator(self, pointer: str) -> Draft202012Validator:
        return Draft202012Validator(
            {"$ref": f"{_DOCUMENT}#{pointer}"}, registry=self._registry, format_checker=_FORMATS
        )


def _pointer(*parts: str) -> str:
    """RFC 6901, as a fragment of a URI."""
    escaped = (part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for part in parts)
    return "/" + "/".join(escaped)
