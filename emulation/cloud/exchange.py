"""A request to the local AWS and its answer, free of any web framework."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

JSON_TYPE = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in: `target` is the path with its query as sent; `headers` looks names up whatever their case.

    `upload` is a file that holds the body instead of `body`, where the front has been told so.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    upload: Path | None = None

    @property
    def path(self) -> str:
        """The path as sent, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's values by name; of a repeated name the last one."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out; `headers` may repeat a name. `download` is a file to be sent as the body and then deleted.

    Of a lost answer nothing goes out: the connection is cut.
    """

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    download: Path | None = None
    is_lost: bool = False


def json_answer(status: int, value: Any, content_type: str = "application/json") -> Answer:
    """`value` as JSON."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Answer(status, body, [("Content-Type", content_type)])


def html_answer(status: int, page: str) -> Answer:
    """A page."""
    return Answer(status, page.encode(), [("Content-Type", "text/html; charset=utf-8")])


def json_error(status: int, code: str, message: str) -> Answer:
    """An error of a service that speaks JSON (Cognito, DynamoDB)."""
    answer = json_answer(status, {"__type": code, "message": message}, JSON_TYPE)
    answer.headers.append(("x-amzn-ErrorType", code))
    return answer


def xml_error(status: int, code: str, message: str) -> Answer:
    """An error of S3."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Answer(status, text.encode(), [("Content-Type", "application/xml")])
