"""The placeholders of a request's expressions: ExpressionAttributeNames and ExpressionAttributeValues."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulation.cloud.dynamodb.refusals import RequestError
from emulation.cloud.dynamodb.values import Value, stored_values

_KEYS = {"Names": re.compile(r"#[A-Za-z0-9_]+"), "Values": re.compile(r":[A-Za-z0-9_]+")}


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The placeholders that an expression mentions, in their order."""

    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class Placeholders:
    """`names` and `values` by placeholder; it notes which of them the request's expressions use."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        """Raises RequestError for what cannot be a placeholder or a value."""
        self.names: dict[str, str] = _given(request, "Names")
        self.values: dict[str, Value] = stored_values(_given(request, "Values"))
        self._used: set[str] = set()
        self._expressions = 0

    def bind(self, expression: str, mentioned: Mentioned) -> None:
        """Note an expression's placeholders; raises RequestError for one that is not defined."""
        self._expressions += 1
        for name in mentioned.names:
            if name not in self.names:
                raise RequestError(
                    f"Invalid {expression}: An expression attribute name used in the document path is not defined; "
                    f"attribute name: {name}"
                )
        for name in mentioned.values:
            if name not in self.values:
                raise RequestError(
                    f"Invalid {expression}: An expression attribute value used in expression is not defined; "
                    f"attribute value: {name}"
                )
        self._used.update(mentioned.names, mentioned.values)

    def check_all_used(self) -> None:
        """Raises RequestError for a placeholder that no expression uses."""
        for kind, given in (("Names", self.names), ("Values", self.values)):
            if given and not self._expressions:
                raise RequestError(f"ExpressionAttribute{kind} can only be specified when using expressions")
            unused = [name for name in given if name not in self._used]
            if unused:
                raise RequestError(
                    f"Value provided in ExpressionAttribute{kind} unused in expressions: keys: {{{', '.join(unused)}}}"
                )


def _given(request: Mapping[str, Any], kind: str) -> dict[str, Any]:
    parameter = f"ExpressionAttribute{kind}"
    given: dict[str, Any] | None = request.get(parameter)
    if given is None:
        return {}
    if not given:
        raise RequestError(f"{parameter} must not be empty")
    for name in given:
        if not _KEYS[kind].fullmatch(name):
            raise RequestError(f'{parameter} contains invalid key: Syntax error; key: "{name}"')
    return given
