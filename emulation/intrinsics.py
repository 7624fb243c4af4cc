"""CloudFormation's intrinsic functions: what is known gets its value, what exists only later stays a reference.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REF = "Ref"  # the attribute that `Ref` reads: a resource's physical id
_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]*)\}")
_NO_VALUE = object()


class TemplateError(ValueError):
    """The template or its parameters cannot be used; the text is a sentence that says where and why."""


@dataclass(frozen=True)
class Reference:
    """An attribute of a resource, known once the resource exists; `attribute` is `Ref` for its physical id."""

    logical_id: str
    attribute: str

    def __str__(self) -> str:
        return f"{self.logical_id}.{self.attribute}"


@dataclass(frozen=True)
class Joined:
    """Text with references in it."""

    parts: tuple[Any, ...]


def is_intrinsic(node: Any) -> bool:
    """Whether a node of the template is a function call and not plain data."""
    return isinstance(node, Mapping) and len(node) == 1 and next(iter(node)).startswith(("Ref", "Fn::"))


def find_references(value: Any) -> Iterator[Reference]:
    """The references anywhere in an evaluated value."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, Joined):
        yield from find_references(value.parts)
    elif isinstance(value, Mapping):
        yield from find_references(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from find_references(item)


def fill(value: Any, attributes: Mapping[str, Mapping[str, Any]]) -> Any:
    """An evaluated value with its references replaced; `attributes` are those of each resource by logical id.

    Raises TemplateError for an attribute that is not among them.
    """
    if isinstance(value, Reference):
        try:
            return attributes[value.logical_id][value.attribute]
        except KeyError:
            raise TemplateError(f"The local cloud does not know {value}.") from None
    if isinstance(value, Joined):
        return "".join(_text(fill(part, attributes)) for part in value.parts)
    if isinstance(value, Mapping):
        return {name: fill(item, attributes) for name, item in value.items()}
    if isinstance(value, list):
        return [fill(item, attributes) for item in value]
    return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _joined(delimiter: str, items: list[Any]) -> Any:
    """One text, or a Joined when a reference is in it."""
    parts: list[Any] = []
    for item in items:
        parts.extend([delimiter] if parts and delimiter else [])
        parts.append(item)
    if any(True for _ in find_references(parts)):
        return Joined(tuple(parts))
    return "".join(_text(part) for part in parts)


class Evaluation:
    """Evaluates nodes of one template. `values` are parameters and pseudo parameters, `logical_ids` the resources."""

    def __init__(self, values: Mapping[str, Any], conditions: Mapping[str, Any], logical_ids: Collection[str]) -> None:
        self._values = values
        self._conditions = conditions
        self._logical_ids = logical_ids
        self._functions: dict[str, Callable[[Any], Any]] = {
            REF: self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::Equals": self._equals,
            "Fn::Not": lambda node: not self._holds(node[0]),
            "Fn::And": lambda node: all(map(self._holds, node)),
            "Fn::Or": lambda node: any(map(self._holds, node)),
        }

    def value(self, node: Any) -> Any:
        """The node's value; raises TemplateError for what it cannot evaluate."""
        if is_intrinsic(node):
            name, argument = next(iter(node.items()))
            if name not in self._functions:
                raise TemplateError(f"The local cloud cannot evaluate {name}.")
            return self._functions[name](argument)
        if isinstance(node, Mapping):
            items = {name: self.value(item) for name, item in node.items()}
            return {name: item for name, item in items.items() if item is not _NO_VALUE}
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not _NO_VALUE]
        return node

    def condition(self, name: str) -> bool:
        """Whether a named condition holds."""
        if name not in self._conditions:
            raise TemplateError(f"There is no condition {name}.")
        return self._holds(self._conditions[name])

    def _holds(self, node: Any) -> bool:
        # Only among conditions does a mapping {"Condition": NAME} refer to another one.
        return self.condition(node["Condition"]) if "Condition" in node else bool(self.value(node))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if "." in name:
            # SAM's own, such as `!Ref Function.Alias`, for a resource that it makes.
            # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
            return self._get_att(name)
        return self._values[name] if name in self._values else self._reference(name, REF)

    def _reference(self, logical_id: str, attribute: str) -> Reference:
        if logical_id not in self._logical_ids:
            raise TemplateError(f"There is no parameter or resource {logical_id} to refer to.")
        return Reference(logical_id, attribute)

    def _get_att(self, argument: Any) -> Reference:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._reference(logical_id, attribute)

    def _sub(self, argument: Any) -> Any:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        parts: list[Any] = []
        end = 0
        for match in _PLACEHOLDER.finditer(text):
            parts.append(text[end : match.start()])
            parts.append(self._placeholder(match, own))
            end = match.end()
        return _joined("", [*parts, text[end:]])

    def _placeholder(self, match: "re.Match[str]", own: Mapping[str, Any]) -> Any:
        literal, name = match.groups()
        if literal:
            return f"${{{name}}}"
        if name in own:
            return self.value(own[name])
        if name in self._values or "." not in name:
            return self._ref(name)
        return self._get_att(name)

    def _join(self, argument: Any) -> Any:
        delimiter, items = argument
        return _joined(delimiter, self.value(items))

    def _select(self, argument: Any) -> Any:
        index, items = argument
        chosen = self.value(items)
        if not 0 <= int(index) < len(chosen):
            raise TemplateError(f"Fn::Select asks for item {index} of {len(chosen)}.")
        return chosen[int(index)]

    def _split(self, argument: Any) -> list[str]:
        delimiter, text = argument[0], self.value(argument[1])
        if not isinstance(text, str):
            raise TemplateError("The local cloud cannot split a text that is known only after creation.")
        return text.split(delimiter)

    def _if(self, argument: Any) -> Any:
        name, when_true, when_false = argument
        return self.value(when_true if self.condition(name) else when_false)

    def _equals(self, argument: Any) -> bool:
        left, right = (self.value(item) for item in argument)
        return _text(left) == _text(right)
