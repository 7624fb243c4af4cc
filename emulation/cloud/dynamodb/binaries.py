"""Binaries on the way through moto's pipeline, which gives its actions bytes and encodes those that they answer."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from emulation.cloud.dynamodb.values import Value


def with_bytes(attributes: Mapping[str, Value]) -> dict[str, Value]:
    """Attributes as they are stored, their binaries decoded; moto has done so with some that lie deeper."""
    return {name: _changed(value, _decoded) for name, value in attributes.items()}


def with_texts(value: Value) -> Value:
    """A value that moto has read, its binaries as they are stored."""
    return _changed(value, lambda content: base64.b64encode(content).decode())


def _decoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else base64.b64decode(content)


def _changed(value: Value, change: Callable[[Any], Any]) -> Value:
    [(kind, content)] = value.items()
    match kind:
        case "B":
            return {"B": change(content)}
        case "BS":
            return {"BS": [change(one) for one in content]}
        case "L":
            return {"L": [_changed(one, change) for one in content]}
        case "M":
            return {"M": {name: _changed(one, change) for name, one in content.items()}}
    return value
